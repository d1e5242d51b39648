/** What follows from a change of a record and nothing else would bring about again: stored with it, settled when done. Pure. */
import type { Action, Decision } from './decide.ts';
import { type Owed, owedSchema, type ThreadRecord } from './record.ts';

/** Notes in the record what must be done in any case: the change is stored with it, in one write. */
export function noteOwed({ record, actions }: Decision): Decision {
  const owed = actions.filter(isOwed);
  if (record === undefined || owed.length === 0) return { record, actions };
  return { record: { ...record, owed: [...(record.owed ?? []), ...owed] }, actions };
}

export function isOwed(action: Action): action is Owed {
  return owedSchema.safeParse(action).success;
}

/** It is done: its effect is stored elsewhere by now. */
export function settleOwed(record: ThreadRecord | undefined, done: Owed): ThreadRecord | undefined {
  const at = record?.owed?.findIndex((owed) => JSON.stringify(owed) === JSON.stringify(done)) ?? -1;
  return record === undefined || at < 0
    ? record
    : { ...record, owed: record.owed?.filter((_, index) => index !== at) };
}
