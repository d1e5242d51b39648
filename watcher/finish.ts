import type { Draft, ObservedWorkspace } from './contract.ts';
import type { Notice } from './told.ts';
import { bounded, showSpan } from './words.ts';

/** What is read only where something is said. All resolve to '' when there is nothing. */
export interface Finish {
  /** The agent's last words. */
  readonly words: (name: string) => Promise<string>;
  /** What is changed, in numbers, e.g. `3 files ⋅ +40 −2`. */
  readonly changes: (name: string) => Promise<string>;
  /** Takes the progress lines, as one text. */
  readonly takeLines: (name: string) => string;
}

/** A notice without its trimmings is better than one that waits for a slow host. */
const patienceMs = 5000;

/** @returns what is to be said, in order; what turned out to be empty is left out */
export async function finishDrafts(
  finish: Finish,
  { name, life, thread, session }: ObservedWorkspace,
  drafts: readonly Draft[],
  now: number,
): Promise<Notice[]> {
  const ref = thread ?? { team: '', channel: '', thread: '', dm: false };
  const notices: Notice[] = [];
  for (const { key, kind, markdown, footer, edit, wants } of drafts) {
    const notice = { id: `watch/${name}/${life}/${key}`, kind, ref, markdown, footer, edit };
    if (wants === 'lines') {
      const lines = finish.takeLines(name);
      if (lines !== '') notices.push({ ...notice, markdown: lines });
    } else if (wants === 'words') {
      const words = bounded(await orNothing(finish.words(name)));
      notices.push(words === '' ? notice : { ...notice, markdown: `${markdown}\n\n${words}` });
    } else if (wants === 'changes') {
      const changes = await orNothing(finish.changes(name));
      const time = session === null ? [] : [`after ${showSpan(now - session.startedAt)}`];
      const facts = [...time, ...(changes === '' ? [] : [changes])];
      notices.push({ ...notice, footer: facts.join(' ⋅ ') });
    } else notices.push(notice);
  }
  return notices;
}

async function orNothing(text: Promise<string>): Promise<string> {
  const late = Promise.withResolvers<string>();
  const timer = setTimeout(() => late.resolve(''), patienceMs);
  try {
    return await Promise.race([text, late.promise]);
  } catch {
    return '';
  } finally {
    clearTimeout(timer);
  }
}
