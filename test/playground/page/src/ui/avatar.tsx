const hues = [215, 160, 12, 280, 45, 330];

/** A coloured square with an initial: the same colour for the same person. */
export function Avatar({ id, name, small = false }: { id: string; name: string; small?: boolean }) {
  const sum = Array.from(id, (letter) => letter.charCodeAt(0)).reduce((total, code) => total + code, 0);
  const hue = hues[sum % hues.length];
  return (
    <span
      className={small ? 'avatar avatar-small' : 'avatar'}
      style={{ backgroundColor: `hsl(${hue} 45% 36%)` }}
      data-letter={name.slice(0, 1).toUpperCase()}
      aria-hidden="true"
    />
  );
}
