/** Line icons, 20 units a side, drawn by us; always beside a label or inside a labelled button. */
const paths = {
  hash: 'M7 3 5 17M15 3l-2 14M3 7h14M3 13h14',
  lock: 'M5 9h10v8H5zM7 9V6a3 3 0 0 1 6 0v3',
  menu: 'M3 5h14M3 10h14M3 15h14',
  close: 'M5 5l10 10M15 5 5 15',
  more: 'M4 10h.01M10 10h.01M16 10h.01',
  smile: 'M10 18a8 8 0 1 0 0-16 8 8 0 0 0 0 16zM7 12s1 2 3 2 3-2 3-2M7.5 8h.01M12.5 8h.01',
  reply: 'M3 4h14v10H9l-4 3v-3H3z',
  clip: 'M14.5 9.5 9 15a3.2 3.2 0 0 1-4.5-4.5L11 4a2.2 2.2 0 0 1 3 3l-6.5 6.5a1 1 0 0 1-1.5-1.5L11 7',
  send: 'M3 4l14 6-14 6 2-6zM5 10h6',
  stop: 'M6 6h8v8H6z',
  down: 'M5 8l5 5 5-5',
  file: 'M5 2h7l3 3v13H5zM12 2v4h3',
  sun: 'M10 13.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM10 2v2M10 16v2M2 10h2M16 10h2M4.5 4.5 6 6M14 14l1.5 1.5M4.5 15.5 6 14M14 6l1.5-1.5',
  moon: 'M16 12A7 7 0 0 1 8 4a6.5 6.5 0 1 0 8 8z',
  half: 'M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM10 3v14M13 5v10',
  wrench: 'M13 3a4 4 0 0 0-3.5 5.5L3 15l2 2 6.5-6.5A4 4 0 0 0 17 7l-2.5 1.5L12.5 7z',
  flag: 'M5 18V3h10l-2 3.5L15 10H5',
  edit: 'M4 16l1-4 8-8 3 3-8 8z',
  trash: 'M4 6h12M8 6V4h4v2M6 6l1 11h6l1-11',
  bolt: 'M11 2 4 11h5l-1 7 7-10h-5z',
  copy: 'M7 7h9v10H7zM4 13V3h9',
  download: 'M10 3v10M6 9l4 4 4-4M4 17h12',
  eye: 'M2 10s3-5 8-5 8 5 8 5-3 5-8 5-8-5-8-5zM10 12a2 2 0 1 0 0-4 2 2 0 0 0 0 4z',
} as const;

export type IconName = keyof typeof paths;

export function Icon({ name }: { name: IconName }) {
  return (
    <svg className="icon" viewBox="0 0 20 20" aria-hidden="true" focusable="false">
      <path d={paths[name]} />
    </svg>
  );
}
