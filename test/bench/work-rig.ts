/** A rig with something to work on: people start coding agents, whose model answers at once. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { standIn } from '../model/stand-in/brain.ts';
import type { ModelTurn } from '../model/turn.ts';
import type { StoredMessage } from '../slack/store/model.ts';
import { makeSampleRoot } from '../try/sample-root.ts';
import { endWithBench } from './processes.ts';
import { openRig, type Rig } from './rig.ts';

interface Started {
  /** From the click on [Start] to the coding agent's first model request, ms. */
  readonly firstTokenMs: number;
  readonly folder: string;
}

export interface WorkRig extends Rig {
  /** `FRONTDESK_WORKSPACE_ROOT`. */
  readonly root: string;
  /** Leader of the processes of the service's own host. */
  readonly hostPid: number;
  /** By a sentence and a click; resolves when the agent has ended its turn. @param title of words, unlike any before */
  start(title: string): Promise<Started>;
  /** When the model was asked for the first time by a coding agent whose task has these words. */
  firstRequest(words: string): Promise<number>;
}

const patienceMs = 120_000;

export async function openWorkRig(o: {
  readonly nodeOptions: readonly string[];
  readonly channels: number;
}): Promise<WorkRig> {
  await using stack = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'frontdesk-bench-work-'));
  stack.defer(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
  const root = await makeSampleRoot(join(folder, 'root'));
  const asked = new Map<string, PromiseWithResolvers<number>>();
  const waiterOf = (words: string) => {
    const waiter = asked.get(words) ?? Promise.withResolvers<number>();
    asked.set(words, waiter);
    return waiter;
  };
  const rig = stack.use(
    await openRig({
      ...o,
      env: { FRONTDESK_WORKSPACE_ROOT: root, FRONTDESK_MAX_SESSIONS: '200' },
      brain: (turn) => (isWorker(turn) ? { text: 'Done.' } : standIn(turn)),
      onCall({ kind, tools, lastUserText }) {
        if (kind !== 'turn' || !tools.includes('bash')) return;
        const at = performance.now();
        for (const [words, { resolve }] of asked) if (lastUserText.includes(words)) resolve(at);
      },
    }),
  );
  const { slack, stateDir } = rig;
  const record = await readFile(join(stateDir, 'host', 'process.json'), 'utf8');
  const { pid: hostPid } = z.object({ pid: z.number() }).parse(JSON.parse(record));
  endWithBench(hostPid);
  let count = 0;
  const owned = stack.move();
  return {
    ...rig,
    root,
    hostPid,
    firstRequest: (words) => waiterOf(words).promise,
    async start(title) {
      const channel = `C_${(count += 1) % o.channels}`;
      const ts = await slack
        .as('U_ANNA')
        .post(channel, `<@${slack.botUserId}> start ${title} in domain-apis`);
      const seen = (words: string) =>
        slack.until(
          () => slack.thread(channel, ts).find((message) => message.bot && textOf(message).includes(words)),
          `"${words}" for ${title}`,
          patienceMs,
        );
      const card = await seen('"Start"');
      const first = waiterOf(`Task: ${title}`).promise;
      const clickedAt = performance.now();
      await slack.as('U_ANNA').click(channel, card.ts, 'Start');
      const firstTokenMs = (await first) - clickedAt;
      await seen(`idle · ${title}`);
      const name = `ai-dev-domain-apis-${title.replaceAll(' ', '-')}`;
      return { firstTokenMs, folder: join(root, '.builders', name) };
    },
    [Symbol.asyncDispose]: () => owned[Symbol.asyncDispose](),
  };
}

function isWorker({ tools }: ModelTurn): boolean {
  return tools.includes('bash');
}

function textOf({ text, blocks }: StoredMessage): string {
  return `${text}\n${JSON.stringify(blocks)}`;
}
