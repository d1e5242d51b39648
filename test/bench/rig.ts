/** The whole product for a measure: Slack's stand-in and the model in this process, the service and OpenCode in theirs. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { stageEnv } from '../e2e/stage.ts';
import { type ModelServer, type ModelServerOptions, startModelServer } from '../model/server.ts';
import type { Brain } from '../model/step.ts';
import { startSlackServer } from '../slack/server.ts';
import type { SlackServer, SlackServerOptions } from '../slack/types.ts';
import { createService } from '../try/service.ts';
import { endWithBench } from './processes.ts';
import { createConversation, type Conversation } from './conversation.ts';

const root = join(import.meta.dirname, '..', '..');

export interface RigOptions {
  readonly slack?: SlackServerOptions;
  /** Channels C_0, C_1, …; Slack takes one message a second in each, so threads are spread over them. */
  readonly channels: number;
  /** Further settings of the service. */
  readonly env?: Readonly<Record<string, string>>;
  readonly nodeOptions?: readonly string[];
  /** Answers in place of the two steps of every turn here. */
  readonly brain?: Brain;
  readonly onCall?: ModelServerOptions['onCall'];
  /** Fills the service's state before it starts. */
  readonly prepare?: (stateDir: string) => Promise<void>;
}

export interface Rig extends AsyncDisposable {
  readonly slack: SlackServer;
  readonly model: ModelServer;
  readonly conversation: Conversation;
  readonly stateDir: string;
  readonly servicePid: number;
  readonly openCodePid: number;
  /** Of the service's start, until it serves; ms. */
  readonly startedInMs: number;
}

/** Slack's own pace is lifted: what is measured is us, not the limits. `FRONTDESK_SLACK_PACE: '1'` puts it back. */
const unpaced = { FRONTDESK_SLACK_PACE: '1000' };

export async function openRig(options: RigOptions): Promise<Rig> {
  await using stack = new AsyncDisposableStack();
  const stateDir = await mkdtemp(join(tmpdir(), 'frontdesk-bench-'));
  stack.defer(() => rm(stateDir, { recursive: true, force: true, maxRetries: 5 }));
  const channels = Array.from({ length: options.channels }, (_, at) => ({ id: `C_${at}`, name: `c${at}` }));
  const slack = stack.use(
    await startSlackServer({ rateLimits: false, journalLimit: 500_000, channels, ...options.slack }),
  );
  const { brain = twoSteps, onCall } = options;
  const model = stack.use(await startModelServer({ brain, ...(onCall === undefined ? {} : { onCall }) }));
  await options.prepare?.(stateDir);
  const service = stack.use(
    createService({
      command: [process.execPath, ...(options.nodeOptions ?? []), ...(await startArguments())],
      env: {
        PATH: '/usr/local/bin:/usr/bin:/bin',
        ...stageEnv(slack, model, stateDir),
        ...unpaced,
        ...options.env,
      },
      // Kept after the run, for when a measure fails.
      logFile: join(root, '.bench', 'service.log'),
    }),
  );
  const startedAt = performance.now();
  await service.start();
  const startedInMs = performance.now() - startedAt;
  const conversation = stack.use(createConversation(slack));
  const { pid: servicePid } = service;
  if (servicePid === undefined) throw new Error('the service ended at once');
  const openCodePid = await readOpenCodePid(stateDir);
  for (const pid of [servicePid, openCodePid]) endWithBench(pid);
  const owned = stack.move();
  return {
    slack,
    model,
    conversation,
    stateDir,
    servicePid,
    openCodePid,
    startedInMs,
    [Symbol.asyncDispose]: () => owned[Symbol.asyncDispose](),
  };
}

/** As `npm start` starts it: its options keep V8 from growing just because the machine has memory. */
async function startArguments(): Promise<string[]> {
  const manifest = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as unknown;
  const { scripts } = z.object({ scripts: z.object({ start: z.string() }) }).parse(manifest);
  const [, ...given] = scripts.start.split(' ');
  return given.map((one) => (one.endsWith('.ts') ? join(root, one) : one));
}

/** The two model steps of every turn here: a tool call that says the word back, and a text. */
function twoSteps({ step, said }: { readonly step: number; readonly said: string }) {
  if (step > 0) return { text: 'Done.' };
  return { tools: [{ name: 'slack_reply', args: { text: `echo ${said}` } }] };
}

async function readOpenCodePid(stateDir: string): Promise<number> {
  const text = await readFile(join(stateDir, 'opencode', 'process.json'), 'utf8');
  return z.object({ pid: z.number() }).parse(JSON.parse(text)).pid;
}
