import type { ObservedWorkspace } from './contract.ts';
import type { Told } from './told.ts';
import { listed, literal, showSpan } from './words.ts';

/** What the card of a session shows while it works (OUT-4). */
export interface Live {
  /** What it does now, and its last milestone. Markdown. */
  readonly body: string;
  /** For how long, and how far. */
  readonly facts: readonly string[];
}

/**
 * Pure. The text of a moment later is another one only when something has happened, or a minute has passed; in the first minute
 * the seconds count.
 * @param now Unix ms
 * @returns null for one that does not work
 */
export function decideLive(
  { session, thread, waiting }: ObservedWorkspace,
  told: Told | undefined,
  now: number,
): Live | null {
  if (session?.status !== 'running' || thread === null) return null;
  const { id, doing, lastDid, runsSince } = session;
  const todo = session.todo ?? (told?.todo?.session === id ? told.todo : null);
  const thinking = lastDid === '' ? '' : `🤔 Thinking. Last: ${lastDid}`;
  const does = waiting.length > 0 ? '🙋 Waits for an answer' : doing === '' ? thinking : doing;
  const reached = told?.reached?.session === id ? told.reached.text : '';
  return {
    body: listed([literal(does), reached].filter((text) => text !== '')),
    facts: [
      // A card that waits for hours does not change every minute.
      ...(waiting.length > 0 ? [] : [showSpan(now - runsSince)]),
      ...(todo === null || todo.total === 0 ? [] : [`todos ${todo.done}/${todo.total}`]),
    ],
  };
}
