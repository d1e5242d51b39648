/** What the page shows, kept in the address (`#U_ANNA/C_DEV/1760000000.000100`), so that tabs can differ. */
export interface Route {
  readonly person: string;
  /** A channel or DM, or the app's Home tab. */
  readonly channel: string;
  readonly home: boolean;
  /** Root of the thread in the side panel; '' for none. */
  readonly thread: string;
}

const homePart = 'home';

/** @returns the route an address names; what it leaves open is '' and decided by what there is */
export function parseRoute(hash: string): Route {
  const [person = '', place = '', thread = ''] = hash.replace(/^#/, '').split('/').map(decodeURIComponent);
  return { person, channel: place === homePart ? '' : place, home: place === homePart, thread };
}

export function formatRoute({ person, channel, home, thread }: Route): string {
  const parts = [person, home ? homePart : channel, thread];
  return `#${parts.map(encodeURIComponent).join('/').replace(/\/+$/, '')}`;
}
