/** How far somebody has come; kept for the tab, so that a reload goes on. Pure but for load and save. */
import { type Facts, type Since, sinceNow } from './facts.ts';
import { steps } from './steps.ts';

export interface Progress {
  /** Index of the step shown; the number of steps at the end. */
  readonly at: number;
  /** How things were when the shown step began; undefined until something was known. */
  readonly since: Since | undefined;
  /** Checks seen, by step id. */
  readonly seen: Readonly<Record<string, readonly number[]>>;
}

export const beginning: Progress = { at: 0, since: undefined, seen: {} };

export function isDone({ seen }: Progress, index: number): boolean {
  const step = steps[index];
  return step !== undefined && (seen[step.id]?.length ?? 0) === step.checks.length;
}

export function goTo(progress: Progress, at: number): Progress {
  return { ...progress, at, since: undefined };
}

/** @returns the progress with what can be seen now; the same object when there is nothing new */
export function observe(progress: Progress, facts: Facts): Progress {
  const step = steps[progress.at];
  if (!step) return progress;
  if (!progress.since) return { ...progress, since: sinceNow(facts) };
  const { since, seen } = progress;
  const before = seen[step.id] ?? [];
  const now = step.checks.flatMap((check, index) =>
    before.includes(index) || check.seen(facts, since) ? [index] : [],
  );
  return now.length === before.length ? progress : { ...progress, seen: { ...seen, [step.id]: now } };
}

const key = 'playground.tour';

export function loadProgress(): Progress {
  try {
    const stored = JSON.parse(sessionStorage.getItem(key) ?? '') as Progress;
    return typeof stored.at === 'number' && typeof stored.seen === 'object' ? stored : beginning;
  } catch {
    return beginning;
  }
}

export function saveProgress(progress: Progress): void {
  sessionStorage.setItem(key, JSON.stringify(progress));
}
