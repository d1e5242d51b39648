import { setTimeout as pause } from 'node:timers/promises';
import type { Draft, ObservedWorkspace } from './contract.ts';
import type { Notice } from './told.ts';
import { bounded, showSpan } from './words.ts';

/** What is read only where something is said. All resolve to '' when there is nothing. */
export interface Finish {
  /** The agent's last words. Rejects when its host cannot be asked now. */
  readonly words: (name: string) => Promise<string>;
  /** What is changed, in numbers, e.g. `3 files ⋅ +40 −2`. */
  readonly changes: (name: string) => Promise<string>;
  /** Takes the progress lines, as one text. */
  readonly takeLines: (name: string) => string;
}

/** A notice without its trimmings is better than one that waits for a slow host. */
const patienceMs = 15_000;
const askAgainMs = 250;

interface Finished {
  readonly notice: Notice;
  /** For the record of what happened; '' for none. */
  readonly record: string;
}

/** @returns what is to be said, in order; what turned out to be empty is left out */
export async function finishDrafts(
  finish: Finish,
  { name, life, thread, session }: ObservedWorkspace,
  drafts: readonly Draft[],
  now: number,
): Promise<Finished[]> {
  const ref = thread ?? { team: '', channel: '', thread: '', dm: false };
  const finished: Finished[] = [];
  for (const { key, kind, markdown, footer, edit, wants, record = markdown } of drafts) {
    const notice = { id: `watch/${name}/${life}/${key}`, kind, ref, markdown, footer, edit };
    if (wants === 'lines') {
      const lines = finish.takeLines(name);
      // Each was recorded when it came.
      if (lines !== '') finished.push({ notice: { ...notice, markdown: lines }, record: '' });
    } else if (wants === 'words') {
      const words = bounded(await orNothing(askUntilTold(() => finish.words(name))));
      const whole = words === '' ? markdown : `${markdown}\n\n${words}`;
      finished.push({ notice: { ...notice, markdown: whole }, record: whole });
    } else if (wants === 'changes') {
      const changes = await orNothing(finish.changes(name));
      const time = session === null ? [] : [`after ${showSpan(now - session.startedAt)}`];
      const facts = [...time, ...(footer === '' ? [] : [footer]), ...(changes === '' ? [] : [changes])];
      finished.push({ notice: { ...notice, footer: facts.join(' ⋅ ') }, record });
    } else finished.push({ notice, record });
  }
  return finished;
}

/** A host that ended with the turn is back in a few seconds: what the agent said last is worth them. */
async function askUntilTold(ask: () => Promise<string>): Promise<string> {
  const begun = performance.now();
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (performance.now() - begun > patienceMs) throw error;
      await pause(askAgainMs);
    }
  }
}

/** For a while only: a notice that waits for a slow host or disk helps nobody. */
export async function orNothing(text: Promise<string>, patience = patienceMs): Promise<string> {
  const late = Promise.withResolvers<string>();
  const timer = setTimeout(() => late.resolve(''), patience);
  try {
    return await Promise.race([text, late.promise]);
  } catch {
    return '';
  } finally {
    clearTimeout(timer);
  }
}
