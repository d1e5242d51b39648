import { findEnclosure } from '../../frontdesk/hosts/enclosure.ts';

/** What the service puts before programs on this machine. */
export async function enclosureHere(): Promise<readonly string[]> {
  const way = await findEnclosure();
  return way === undefined ? [] : ['unshare', ...way, '--'];
}
