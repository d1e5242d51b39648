import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startSlackServer } from '../slack/server.ts';
import type { SlackServerOptions } from '../slack/types.ts';
import type { ThreadRef } from '../../mcp-servers/kit/chat.ts';
import { createSilentLog } from '../../mcp-servers/kit/log.ts';
import { noProbe, type Probe } from '../../mcp-servers/kit/probe.ts';
import { createRedactor } from '../../mcp-servers/kit/redact/redactor.ts';
import { openStore } from '../../mcp-servers/kit/store/store.ts';
import { createSlackChat } from '../../mcp-servers/slack/chat.ts';
import { type Clock, systemClock } from '../../mcp-servers/slack/clock.ts';
import { createSlackWeb } from '../../mcp-servers/slack/web.ts';

/**
 * A clock that jumps to the next timer as soon as one is set, so that retries and pace cost no real time. Between timers it
 * stands still: how long a call takes on a busy machine is in no wait.
 */
export function createHastyClock(): Clock & { readonly waits: number[] } {
  const began = Date.now();
  let ahead = 0;
  const waits: number[] = [];
  return {
    waits,
    now: () => began + ahead,
    steady: () => ahead,
    after(ms, wake) {
      const timer = setImmediate(() => {
        ahead += ms;
        waits.push(ms);
        wake();
      });
      return { [Symbol.dispose]: () => clearImmediate(timer) };
    },
  };
}

export interface DeskOptions {
  readonly slack?: SlackServerOptions;
  readonly clock?: Clock;
  readonly operatorChannel?: string;
  readonly secrets?: readonly { name: string; value: string }[];
}

/** The way out on real parts: our Slack server, a real WebClient, a real store. For tests. */
export async function startDesk(options: DeskOptions = {}) {
  const { secrets = [] } = options;
  const resources = new AsyncDisposableStack();
  const slack = resources.use(
    await startSlackServer({
      rateLimits: false,
      people: [{ id: 'U0ANNA', name: 'anna' }],
      channels: [
        { id: 'C0DEV', name: 'dev' },
        { id: 'C0OPS', name: 'ops' },
      ],
      ...options.slack,
    }),
  );
  const dir = await mkdtemp(path.join(tmpdir(), 'outbox-'));
  resources.defer(() => rm(dir, { recursive: true, force: true }));
  const counted: string[] = [];

  /** One life of the service on the same state folder. */
  const live = async (life: { clock?: Clock; probe?: Probe } = {}) => {
    const clock = life.clock ?? options.clock ?? systemClock;
    let dead = false;
    const crash = async () => {
      if (dead) return;
      dead = true;
      await store[Symbol.asyncDispose]();
    };
    const log = createSilentLog();
    const store = await openStore({ dir, log });
    const web = createSlackWeb({ token: slack.botToken, apiUrl: slack.apiUrl, log, timeoutMs: 2000 });
    const never = new Promise<never>(() => {});
    const chat = await createSlackChat({
      web: {
        call: async (method, args) => (dead ? await never : await web.call(method, args)),
        upload: async (url, content) => (dead ? await never : await web.upload(url, content)),
      },
      store,
      redactor: createRedactor({ secrets }),
      log,
      probe: life.probe ?? noProbe,
      teamId: slack.teamId,
      botUserId: slack.botUserId,
      operatorChannel: options.operatorChannel,
      metrics: { count: (name) => counted.push(name), gauge() {} },
      clock: {
        now: clock.now,
        steady: clock.steady,
        after: (ms, wake) => clock.after(ms, () => (dead ? undefined : wake())),
      },
    });
    resources.defer(crash);
    /** `crash` ends this life without a word: what is under way is under way, nothing more is sent. */
    return { chat, crash };
  };

  /** A person's message in a channel: the root of a thread. */
  const openThread = async (channel = 'C0DEV', text = 'hello'): Promise<ThreadRef> => {
    const thread = await slack.as('U0ANNA').post(channel, text);
    return { team: slack.teamId, channel, thread, dm: false };
  };

  return {
    slack,
    live,
    openThread,
    counted,
    /** A person's message in the DM, as the root of a thread there. */
    async openDm(): Promise<ThreadRef> {
      const thread = await slack.as('U0ANNA').dm('hello');
      return { team: slack.teamId, channel: 'D0ANNA', thread, dm: true };
    },
    /** Waits until nothing is left to be sent. */
    quiet: (chat: { readonly depth: number }) => slack.until(() => chat.depth === 0, 'an empty outbox'),
    /** Texts of our messages in a thread, in order. */
    said(ref: ThreadRef): string[] {
      const all = ref.thread === '' ? slack.messages(ref.channel) : slack.thread(ref.channel, ref.thread);
      return all.filter(({ bot }) => bot).map(({ text }) => text);
    },
    calls: (method: string) => slack.journal.filter(({ kind, name }) => kind === 'call' && name === method),
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}
