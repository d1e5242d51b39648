import type { Ask } from '../../mcp-servers/kit/asks.ts';
import { FrontdeskError } from '../../mcp-servers/kit/errors.ts';
import { forgetOver } from '../../mcp-servers/kit/store/collection.ts';
import { isRecent } from './decide.ts';
import type { AskPorts } from './ports.ts';

/** The asks as they are stored, with those that are not over in memory. */
export interface AskBook {
  /** Not over: open, or answered and not delivered. */
  readonly live: ReadonlyMap<string, Ask>;
  /** Delivered a moment ago: their asker may yet lose the answer. */
  readonly recent: ReadonlyMap<string, Ask>;
  get(id: string): Promise<Ask | undefined>;
  /** @returns the one stored before, where there is one */
  add(ask: Ask): Promise<{ ask: Ask; added: boolean }>;
  /** Atomic. The same object back changes nothing. @throws FrontdeskError ask_unknown */
  change(
    id: string,
    change: (ask: Ask) => Ask,
    o?: { durable: boolean },
  ): Promise<{ ask: Ask; changed: boolean }>;
  /** Reads what an earlier process left. @returns ended ones whose cards do not say so yet */
  load(): Promise<Ask[]>;
  onChange(listener: (ask: Ask) => void): Disposable;
}

/** One that was just asked. */
export function newAsk(asked: Pick<Ask, 'id' | 'source' | 'workspace' | 'card' | 'body' | 'askedAt'>): Ask {
  return {
    ...asked,
    stale: true,
    status: 'open',
    answer: null,
    by: '',
    note: '',
    wentOn: false,
    again: false,
    offers: [],
    deadlineAt: null,
    endedAt: null,
    checkpoint: null,
    late: null,
    discussion: null,
  };
}

function isLive({ status }: Ask): boolean {
  return status === 'open' || status === 'answered';
}

/** Until it is forgotten, a late answer finds its question (AS-4). */
export const tidyAsk = forgetOver<Ask>((ask) =>
  isLive(ask) || ask.stale ? null : (ask.late?.at ?? ask.endedAt ?? ask.askedAt),
);

export function createAskBook({ asks, now }: Pick<AskPorts, 'asks' | 'now'>): AskBook {
  const live = new Map<string, Ask>();
  const recent = new Map<string, Ask>();
  const listeners = new Set<(ask: Ask) => void>();

  const keep = (ask: Ask, silent = false) => {
    if (isLive(ask)) live.set(ask.id, ask);
    else live.delete(ask.id);
    if (isRecent(ask, now())) recent.set(ask.id, ask);
    else recent.delete(ask.id);
    for (const old of recent.values()) if (!isRecent(old, now())) recent.delete(old.id);
    if (!silent) for (const listener of listeners) listener(ask);
  };

  return {
    live,
    recent,
    get: async (id) => live.get(id) ?? (await asks.get(id)),
    async add(ask) {
      let added = false;
      const stored = await asks.update(ask.id, (known) => {
        added = known === undefined;
        return known ?? ask;
      });
      if (added && stored) keep(stored);
      return { ask: stored ?? ask, added };
    },
    async change(id, change, { durable = true } = { durable: true }) {
      let changed = false;
      const stored = await asks.update(
        id,
        (known) => {
          const next = known && change(known);
          changed = next !== known;
          return next;
        },
        { durable },
      );
      if (stored === undefined) throw new FrontdeskError('ask_unknown', `${id}.`);
      if (changed) keep(stored, !durable);
      return { ask: stored, changed };
    },
    async load() {
      const stale: Ask[] = [];
      for await (const [id, ask] of asks.entries()) {
        if (isRecent(ask, now())) recent.set(id, ask);
        if (isLive(ask)) live.set(id, ask);
        else if (ask.stale) stale.push(ask);
      }
      return stale;
    },
    onChange(listener) {
      listeners.add(listener);
      return { [Symbol.dispose]: () => void listeners.delete(listener) };
    },
  };
}
