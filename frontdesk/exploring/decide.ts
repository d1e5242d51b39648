/** What becomes of a person's own session (WS-6). Pure. */
import type { ExploringEvent } from '../../mcp-servers/kit/work.ts';
import type { Exploring } from './record.ts';

export type Input =
  | ExploringEvent
  /** The form in OpenCode: shown, answered, or closed without an answer. */
  | { readonly kind: 'question'; readonly requestId: string }
  | { readonly kind: 'rejected'; readonly requestId: string }
  /** Looked for in OpenCode: the form is there, or null: not any more, and nothing was heard of that. */
  | { readonly kind: 'found'; readonly requestId: string | null }
  | { readonly kind: 'idle' | 'error' }
  /** `run`: of its OpenCode; undefined: not connected. */
  | { readonly kind: 'tick'; readonly run?: string | undefined };

export type Act =
  /** Refuses the held write: the agent is to show the form. Nothing is left waiting that an absent service lets go. */
  | 'form'
  /** Asks in the chat; the same card however often. */
  | 'card'
  /** Shows on the card, where there is one, how it stands. */
  | 'show'
  /** Lets the write go. */
  | 'go'
  /** Takes the start back, if that can still be done. */
  | 'cancel';

export interface Verdict {
  readonly record: Exploring;
  readonly acts: readonly Act[];
}

export function newExploring(o: Pick<Exploring, 'id' | 'host' | 'directory'>): Exploring {
  return {
    ...o,
    title: '',
    said: '',
    model: '',
    typedAt: 0,
    status: 'exploring',
    asked: 0,
    hold: null,
    form: null,
    card: null,
    request: null,
    by: '',
    workspace: null,
    note: '',
    changedAt: 0,
  };
}

/** @param awayMs see `ExploringPorts` @returns the same record when nothing changes */
export function decide(record: Exploring, input: Input, now: number, awayMs: number): Verdict {
  const nothing: Verdict = { record, acts: [] };
  const change = (patch: Partial<Exploring>, ...acts: Act[]): Verdict => ({
    record: { ...record, ...patch, changedAt: now },
    acts,
  });
  const asking = record.status === 'asking';
  switch (input.kind) {
    case 'typed': {
      const patch = { typedAt: input.at, title: input.title || record.title };
      // The form could not be given, e.g. because the service was killed before.
      return asking && record.hold?.waits === true ? change(patch, 'form') : change(patch);
    }
    case 'held':
      return decideHeld(record, input, now, awayMs);
    case 'dropped':
      if (record.hold?.id !== input.holdId) return nothing;
      if (record.status === 'starting') return change({ hold: null }, 'cancel');
      return asking ? change(over, 'show') : nothing;
    case 'question':
      return asking && record.form?.requestId === null
        ? change({ form: { ...record.form, requestId: input.requestId } })
        : nothing;
    case 'found':
      if (!asking || record.form === null) return nothing;
      if (input.requestId === null)
        return record.form.requestId === null ? nothing : change({ form: null }, 'card');
      return change({ form: { ...record.form, requestId: input.requestId } });
    case 'rejected':
      return asking && record.form?.requestId === input.requestId ? change(over, 'show') : nothing;
    case 'idle':
      // The turn is over and no form came: then the chat is where it can be answered.
      return asking && record.form?.requestId === null ? change({ form: null }, 'card') : nothing;
    case 'error':
      // The form went with its OpenCode.
      return asking && record.form !== null ? change({ form: null }, 'card') : nothing;
    case 'tick':
      if (!asking) return nothing;
      // OpenCode forgets its questions when it ends (notes/opencode.md §5); who sits there sees that it was away.
      if (record.form !== null && input.run !== undefined && record.form.run !== input.run)
        return change({ form: null }, 'card');
      return record.card === null && now - record.typedAt > awayMs ? { record, acts: ['card'] } : nothing;
  }
}

/** Nothing is asked any more; the next write asks anew. */
const over = { status: 'exploring', hold: null, form: null } as const;

function decideHeld(
  record: Exploring,
  input: Extract<Input, { kind: 'held' }>,
  now: number,
  awayMs: number,
): Verdict {
  const { holdId: id, tool, what } = input;
  if (record.status === 'done') return { record, acts: ['go'] };
  const hold = { id, tool, what, waits: true };
  // The move ends its wait.
  if (record.status === 'starting') return { record: { ...record, hold }, acts: [] };
  const typedAt = Math.max(record.typedAt, input.typedAt);
  const again = record.status === 'asking';
  return {
    record: {
      ...record,
      title: input.title || record.title,
      said: input.said || record.said,
      model: input.model || record.model,
      typedAt,
      status: 'asking',
      asked: again ? record.asked : record.asked + 1,
      card: again ? record.card : null,
      hold,
      form: null,
      changedAt: now,
    },
    // The form first: the card is tried again at every tick. The page shows what it waits for also to who only looks.
    acts: now - typedAt <= awayMs ? ['form'] : ['form', 'card'],
  };
}
