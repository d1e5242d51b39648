/** The whole product on real parts for one test file: Slack's stand-in, the scripted model, and the real service. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Frontdesk, startFrontdesk } from '../../frontdesk/app.ts';
import { parseConfig } from '../../frontdesk/config/load.ts';
import type { Config } from '../../frontdesk/config/schema.ts';
import type { Probe } from '../../mcp-servers/kit/probe.ts';
import { type ModelServer, startModelServer } from '../model/server.ts';
import { startSlackServer } from '../slack/server.ts';
import type { SlackServer, SlackServerOptions } from '../slack/types.ts';

export interface StageOptions {
  readonly slack?: SlackServerOptions;
  /** Settings other than those of `stageEnv`. */
  readonly config?: Partial<Config> | ((slack: SlackServer) => Partial<Config>);
  readonly probe?: Probe;
  readonly agentsDir?: string;
  /** False: the test starts it itself with `restart()`. */
  readonly start?: boolean;
}

export interface Stage extends AsyncDisposable {
  readonly slack: SlackServer;
  readonly model: ModelServer;
  readonly config: Config;
  readonly desk: Frontdesk;
  /** Every log line so far, as text. */
  readonly logText: () => string;
  /** Stops the service properly (when it runs) and starts it again on the same state. */
  readonly restart: () => Promise<Frontdesk>;
  readonly stop: () => Promise<void>;
  /** The thread as text, with what changes from run to run replaced. */
  readonly transcript: (channel: string, threadTs?: string) => string;
  /** Waits until the thread's turns are over and Slack has been told everything. */
  readonly settled: (channel: string, threadTs: string) => Promise<void>;
}

/** Settings as a person would give them, for the stand-ins of a stage. */
export function stageEnv(slack: SlackServer, model: ModelServer, stateDir: string): Record<string, string> {
  return {
    SLACK_BOT_TOKEN: slack.botToken,
    SLACK_APP_TOKEN: slack.appToken,
    SLACK_API_URL: slack.apiUrl,
    SLACK_ALLOWED_USERS: 'U_ANNA,U_BEN',
    FRONTDESK_STATE_DIR: stateDir,
    FRONTDESK_MODEL: 'mock/front-desk',
    FRONTDESK_MODEL_BASE_URL: model.url,
    FRONTDESK_PORT: '0',
    FRONTDESK_LABS_STAY: 'false',
  };
}

export async function openStage(options: StageOptions = {}): Promise<Stage> {
  await using stack = new AsyncDisposableStack();
  const stateDir = await mkdtemp(join(tmpdir(), 'frontdesk-e2e-'));
  stack.defer(() => rm(stateDir, { recursive: true, force: true, maxRetries: 5 }));
  // Slack's 3 s measure the app (see the bench), which here shares a process with the test: an event that a busy machine
  // acknowledges late would come again after one minute and five.
  const slack = stack.use(await startSlackServer({ rateLimits: false, ackMs: 30_000, ...options.slack }));
  const model = stack.use(await startModelServer());
  // Cards come late unless a test is about them: most threads should read the same on a slow machine.
  const base = parseConfig({ ...stageEnv(slack, model, stateDir), FRONTDESK_CARD_AFTER_MS: '60000' }, {});
  const changes = typeof options.config === 'function' ? options.config(slack) : options.config;
  const config: Config = { ...base, logLevel: 'debug', ...changes };
  const lines: string[] = [];

  let desk: Frontdesk | undefined;
  stack.defer(async () => await desk?.[Symbol.asyncDispose]());
  const stop = async () => {
    await desk?.[Symbol.asyncDispose]();
    desk = undefined;
  };
  const restart = async () => {
    await stop();
    const { probe, agentsDir } = options;
    desk = await startFrontdesk({
      config,
      // Labs and tests find their programs in it.
      environment: { PATH: process.env['PATH'] },
      logTo: { write: (line) => void lines.push(line) },
      ...(probe ? { probe } : {}),
      ...(agentsDir ? { agentsDir } : {}),
    });
    return desk;
  };
  if (options.start !== false) await restart();

  const owned = stack.move();
  return {
    slack,
    model,
    config,
    get desk() {
      if (desk === undefined) throw new Error('the service is not running');
      return desk;
    },
    logText: () => lines.join(''),
    restart,
    stop,
    transcript: (channel, threadTs) => slack.transcript(channel, threadTs, { normalise: steady }),
    async settled(channel, threadTs) {
      const quiet = () =>
        desk !== undefined &&
        slack.pendingEvents === 0 &&
        !desk.threads.isRunning(`${slack.teamId}:${channel}:${threadTs}`) &&
        desk.backlog === desk.threads.running &&
        !hasWork(slack, channel, threadTs);
      await slack.until(() => quiet(), `thread ${channel}:${threadTs} to settle`);
    },
    [Symbol.asyncDispose]: () => owned[Symbol.asyncDispose](),
  };
}

/** Somebody's message still bears our 👀. */
function hasWork(slack: SlackServer, channel: string, threadTs: string): boolean {
  const messages = threadTs === '' ? slack.messages(channel) : slack.thread(channel, threadTs);
  return messages.some(({ reactions }) => reactions.some(({ name }) => name === 'eyes'));
}

/** Durations and shares of the context differ from run to run. */
function steady(line: string): string {
  return line
    .replaceAll(/\b\d+ min( \d+ s)?\b|\b\d+ s\b/g, 'N s')
    .replaceAll(/\b\d+ % context/g, 'N % context');
}
