import { describeError } from '../mcp-servers/kit/errors.ts';
import type { Log } from '../mcp-servers/kit/log.ts';
import type { Store } from '../mcp-servers/kit/store/store.ts';
import type { Workspaces } from '../mcp-servers/workspaces/contract.ts';

export interface TidyingPorts {
  readonly store: Pick<Store, 'tidy'>;
  /** null: there are none. */
  readonly workspaces: Pick<Workspaces, 'tidy'> | null;
  /** How long what is over is kept. */
  readonly keepDays: number;
  readonly log: Log;
  /** Unix ms. */
  readonly now: () => number;
}

const dayMs = 86_400_000;

/**
 * Forgets what is over, now and once a day: what people do grows the state folder for ever otherwise. The rules are the collections'
 * own; what is open, owed, or could be told again they keep. Disposing it ends it with the document it is at.
 */
export function startTidying({ store, workspaces, keepDays, log, now }: TidyingPorts): AsyncDisposable {
  const closing = new AbortController();

  const tidy = async (): Promise<void> => {
    try {
      const at = now();
      const forgotten = await store.tidy({ now: at, before: at - keepDays * dayMs }, closing.signal);
      if (Object.keys(forgotten).length > 0) log.info({ forgotten }, 'state.tidying.done');
      if (!closing.signal.aborted) await workspaces?.tidy();
    } catch (error) {
      log.error({ err: describeError(error) }, 'state.tidying.failed');
    }
  };

  let running = tidy();
  const timer = setInterval(() => void (running = running.then(tidy)), dayMs);
  return {
    async [Symbol.asyncDispose]() {
      clearInterval(timer);
      closing.abort();
      await running;
    },
  };
}
