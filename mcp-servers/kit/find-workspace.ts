/** Which workspace a person or an agent means. Pure. */
import { type ThreadRef, threadKey } from './chat.ts';
import { FrontdeskError } from './errors.ts';
import type { WorkspaceInfo } from './work.ts';

export function pluggedIn(infos: readonly WorkspaceInfo[], ref: ThreadRef): WorkspaceInfo[] {
  const here = threadKey(ref);
  return infos.filter(({ state }) => state.thread !== null && threadKey(state.thread) === here);
}

/**
 * By name, by an unambiguous part of name or title, or the one plugged into the thread.
 * @throws FrontdeskError workspace_none; workspace_unknown, naming what there is
 */
export function findWorkspace(
  infos: readonly WorkspaceInfo[],
  ref: ThreadRef,
  words: string | undefined,
): WorkspaceInfo {
  const wanted = words?.trim().toLowerCase() ?? '';
  const here = pluggedIn(infos, ref);
  const candidates =
    wanted === ''
      ? here
      : (matching(infos, ({ name }) => name === wanted) ??
        matching(here, (info) => mentions(info, wanted)) ??
        matching(infos, (info) => mentions(info, wanted)) ??
        []);
  const [only, ...others] = candidates;
  if (only !== undefined && others.length === 0) return only;
  if (infos.length === 0) throw new FrontdeskError('workspace_none');
  if (only !== undefined)
    throw new FrontdeskError('workspace_unknown', `Several could be meant: ${namesOf(candidates)}.`);
  const why = wanted === '' ? 'None is plugged into this thread' : `None is called “${wanted.slice(0, 80)}”`;
  const there = `There ${infos.length === 1 ? 'is' : 'are'} ${namesOf(infos)}.`;
  throw new FrontdeskError('workspace_unknown', `${why}. ${there}`);
}

/** A phone shows about as many. */
const mostNames = 10;

function namesOf(infos: readonly WorkspaceInfo[]): string {
  const names = infos.map(({ name }) => `\`${name}\``);
  const more = names.length - mostNames;
  return `${names.slice(0, mostNames).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

/** @returns those that fit; null where none does, for the next best way to look */
export function matching<T>(all: readonly T[], fits: (item: T) => boolean): T[] | null {
  const found = all.filter(fits);
  return found.length === 0 ? null : found;
}

function mentions({ name, state }: WorkspaceInfo, wanted: string): boolean {
  return name.includes(wanted) || state.title.toLowerCase().includes(wanted);
}
