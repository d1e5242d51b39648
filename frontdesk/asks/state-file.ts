import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import type { Ask } from '../../mcp-servers/kit/asks.ts';
import { describeError } from '../../mcp-servers/kit/errors.ts';
import type { AskPorts } from './ports.ts';
import { askTitle, showAnswer } from './words.ts';

/** Ended asks a workspace's state file names, besides the open ones. */
const mostEnded = 10;

/** WS-3: what waits is in the workspace's state file, too. A commit is slow, so nothing waits for it. */
export interface StateFile {
  /** Returns at once; the same once more does nothing. */
  note(ask: Ask): void;
  /** After a start: what its files say waits, and ended before an earlier life could write that. */
  resume(get: (id: string) => Promise<Ask | undefined>): Promise<void>;
  drain(): Promise<void>;
}

const waitingSchema = z
  .array(
    z
      .looseObject({ id: z.string(), status: z.enum(['open', 'answered']) })
      .nullable()
      .catch(null),
  )
  .catch([]);

/** As it is in `.session-state.yaml`, under `asks`; the newest last. */
function stateOf(ask: Ask) {
  const { id, body, status, deadlineAt, answer } = ask;
  return {
    id,
    kind: body.kind,
    title: askTitle(ask),
    status,
    deadlineAt: deadlineAt === null ? null : new Date(deadlineAt).toISOString(),
    answer: answer === null ? null : showAnswer(body, answer),
  };
}

export function createStateFile({ workspaces, log }: Pick<AskPorts, 'workspaces' | 'log'>): StateFile {
  const known = new Map<string, Map<string, Ask>>();
  const dirty = new Set<string>();
  const writing = new Map<string, Promise<void>>();

  const write = async (workspace: string): Promise<void> => {
    while (dirty.delete(workspace)) {
      const asks = [...(known.get(workspace)?.values() ?? [])];
      const next = asks.map(stateOf);
      if (workspaces.find(workspace) === undefined) return void known.delete(workspace);
      await workspaces.updateState(workspace, (state) => {
        const before = state['asks'];
        const mine = new Set(next.map(({ id }) => id));
        // Of an earlier life, ended since or before.
        const others = (Array.isArray(before) ? before : []).filter(
          (each: { id?: string; status?: string }) =>
            !mine.has(each.id ?? '') && each.status !== 'open' && each.status !== 'answered',
        );
        const all = [...others, ...next];
        const ended = all
          .filter(({ status }) => status !== 'open' && status !== 'answered')
          .slice(-mostEnded);
        const kept = all.filter(
          (each) => ended.includes(each) || each.status === 'open' || each.status === 'answered',
        );
        return isDeepStrictEqual(before, kept) ? state : { ...state, asks: kept };
      });
    }
  };

  const begin = (workspace: string): void => {
    if (writing.has(workspace)) return;
    const task = write(workspace)
      .catch((error: unknown) => log.error({ err: describeError(error), workspace }, 'asks.state.failed'))
      .finally(() => {
        writing.delete(workspace);
        if (dirty.has(workspace)) begin(workspace);
      });
    writing.set(workspace, task);
  };

  const note = (ask: Ask): void => {
    const { workspace, id } = ask;
    if (workspace === null) return;
    const asks = known.get(workspace) ?? new Map<string, Ask>();
    if (asks.get(id) === ask) return;
    known.set(workspace, asks);
    asks.set(id, ask);
    for (const [oldest] of [...asks].filter(([, each]) => each.endedAt !== null).slice(0, -mostEnded))
      asks.delete(oldest);
    dirty.add(workspace);
    begin(workspace);
  };

  return {
    note,
    async resume(get) {
      for (const { state } of workspaces.list())
        for (const waiting of waitingSchema.parse(state['asks'])) {
          const ask = waiting === null ? undefined : await get(waiting.id);
          if (ask !== undefined) note(ask);
        }
    },
    async drain() {
      while (writing.size > 0) await Promise.allSettled(writing.values());
    },
  };
}
