import { type Action, type Decision, stopTurn } from './decide.ts';
import type { ThreadRecord } from './record.ts';

const stop = { by: '', why: 'limit', note: 'who asked is not on the allowlist any more' } as const;

/**
 * IN-2: who was taken off the allowlist while the service was down is served no more: what they asked before is not
 * taken up again. Pure.
 * @returns the same record when nobody's words are dropped
 */
export function dropStrangers(record: ThreadRecord | undefined, allowed: readonly string[]): Decision {
  if (record === undefined) return { record, actions: [] };
  const isStranger = ({ author }: { readonly author: string }) => !allowed.includes(author);
  const queued = record.queue.filter(isStranger);
  const commands = (record.owed ?? []).filter((owed) => owed.kind === 'command' && isStranger(owed));
  // Nothing runs yet: what takes up the turn finds it stopped, and ends it.
  const ended =
    record.turn !== null && isStranger(record.turn.message) ? stopTurn(record, stop).record : record;
  if (queued.length + commands.length === 0) return { record: ended, actions: [] };
  return {
    record: {
      ...record,
      ...ended,
      queue: record.queue.filter((waiting) => !queued.includes(waiting)),
      ...(record.owed && { owed: record.owed.filter((owed) => !commands.includes(owed)) }),
    },
    actions: queued.flatMap(({ messageId }): Action[] => [
      { kind: 'unqueued', messageId, by: '', how: 'deleted' },
      { kind: 'mark', messageId, on: false },
    ]),
  };
}
