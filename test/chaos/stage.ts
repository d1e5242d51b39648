/** Slack and the model live here and survive; the service is a child that dies and is started again. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stageEnv } from '../e2e/stage.ts';
import { type ModelServer, startModelServer } from '../model/server.ts';
import { startSlackServer } from '../slack/server.ts';
import type { SlackServer, SlackServerOptions } from '../slack/types.ts';
import { findLeftovers, type Leftover } from '../try/leftovers.ts';
import type { Kill } from './kill.ts';
import { createLedger, type Ledger } from './ledger.ts';
import { type Life, startLife } from './life.ts';
import { createAgent } from './talk.ts';

export interface ChaosStage extends AsyncDisposable {
  readonly stateDir: string;
  readonly slack: SlackServer;
  readonly model: ModelServer;
  readonly ledger: Ledger;
  /** The newest process. */
  readonly life: Life;
  /** Starts the service on the same state. */
  begin(kill?: Kill): Promise<Life>;
  /** The wall clock of this life and the next ones is off by so many milliseconds. */
  setClock(offMs: number): void;
  /** Waits until every message has what it is owed. @throws with what is wrong, the transcripts and the log's tail */
  settled(timeoutMs?: number): Promise<void>;
  /** Settled, and the service has nothing left to do. */
  quiet(timeoutMs?: number): Promise<void>;
  /** OpenCode processes of this stage, orphans included. */
  openCodes(): number[];
  /** Processes of this stage. */
  leftovers(): Leftover[];
  logTail(lines: number): Promise<string>;
}

const channelIds = Array.from({ length: 24 }, (_, index) => `C_${String(index).padStart(2, '0')}`);

export async function openChaosStage(
  options: SlackServerOptions = {},
  settings: Readonly<Record<string, string>> = {},
): Promise<ChaosStage> {
  await using stack = new AsyncDisposableStack();
  const stateDir = await mkdtemp(join(tmpdir(), 'frontdesk-chaos-'));
  stack.defer(() => rm(stateDir, { recursive: true, force: true, maxRetries: 5 }));
  const channels = channelIds.map((id) => ({ id, name: id.toLowerCase() }));
  const slack = stack.use(await startSlackServer({ rateLimits: false, channels, ...options }));
  const model = stack.use(await startModelServer({ brain: createAgent() }));
  const logFile = join(stateDir, 'service.log');
  const env = {
    ...stageEnv(slack, model, stateDir),
    PATH: '/usr/bin:/bin',
    // Dozens of lives load the same sources: half of a start's own work (0.5 s of 1 s, measured).
    NODE_COMPILE_CACHE: join(tmpdir(), 'frontdesk-compile-cache'),
    FRONTDESK_LOG_LEVEL: 'debug',
    FRONTDESK_CARD_AFTER_MS: '300',
    ...settings,
  };
  const ledger = createLedger(slack);
  let life: Life | undefined;
  let clockOffMs = 0;
  stack.defer(async () => {
    if (life?.alive) await life.killNow();
    for (const { pid } of findLeftovers(stateDir)) end(pid);
  });

  const logTail = async (lines: number) => {
    const log = await readFile(logFile, 'utf8').catch(() => '');
    return log.split('\n').slice(-lines).join('\n');
  };

  const settled = async (timeoutMs = 120_000) => {
    try {
      await slack.until(() => ledger.problems().length === 0, 'all to be answered', timeoutMs);
    } catch {
      const problems = ledger.problems();
      if (problems.length === 0) return;
      throw new Error([...problems, '', ledger.transcripts(), '', 'log:', await logTail(60)].join('\n'));
    }
  };

  const owned = stack.move();
  return {
    stateDir,
    slack,
    model,
    ledger,
    get life() {
      if (life === undefined) throw new Error('the service was never started');
      return life;
    },
    async begin(kill) {
      life = startLife({ env, logFile, kill, clockOffMs });
      await life.ready;
      return life;
    },
    setClock(offMs) {
      clockOffMs = offMs;
      if (life?.alive) life.setClock(offMs);
    },
    settled,
    async quiet(timeoutMs?: number) {
      await settled(timeoutMs);
      const end = performance.now() + 120_000;
      while (!(await life?.isIdle())) {
        if (performance.now() > end)
          throw new Error(`the service does not come to rest\n${await logTail(40)}`);
        await delay(20);
      }
      await settled(0);
    },
    openCodes: () =>
      findLeftovers(stateDir).flatMap(({ pid, command }) => (command.includes('opencode') ? [pid] : [])),
    leftovers: () => findLeftovers(stateDir),
    logTail,
    [Symbol.asyncDispose]: () => owned[Symbol.asyncDispose](),
  };
}

function end(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended meanwhile.
  }
}
