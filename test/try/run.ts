import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { describeError } from '../../mcp-servers/kit/errors.ts';
import { startModelServer } from '../model/server.ts';
import { standIn } from '../model/stand-in/brain.ts';
import { startSlackServer } from '../slack/server.ts';
import type { SlackServer } from '../slack/types.ts';
import { parseCommand } from './commands.ts';
import { createDesk } from './desk.ts';
import { buildServiceEnvironment, usesOwnModel } from './environment.ts';
import { findLeftovers } from './leftovers.ts';
import { readableLogLine } from './log-lines.ts';
import { type Service, createService } from './service.ts';
import type { Shown } from './shown.ts';
import { devChannel, people, showSlack } from './slack-side.ts';
import { type Terminal, openTerminal } from './terminal.ts';
import { type Numbered, decideLines, numberButtons, renderPlace } from './view.ts';

export interface TryOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly input: Readable & { isTTY?: boolean };
  readonly output: Writable & { isTTY?: boolean; columns?: number };
  /** Kept when given; otherwise a temporary folder that goes when all went well. */
  readonly stateDir?: string | undefined;
  /** Ends everything when aborted (Ctrl-C, SIGTERM). */
  readonly signal: AbortSignal;
  /** Program and arguments of the service. */
  readonly command: readonly [string, ...string[]];
}

/** Changes within this time are shown together, so that a burst is one redraw. */
const redrawAfterMs = 30;

/**
 * Slack, model and service on this machine, and a conversation with them on the terminal.
 * @returns the exit code: 1 when the service did not start or ended by itself
 */
export async function runTry(options: TryOptions): Promise<number> {
  const stateDir = options.stateDir
    ? resolve(options.stateDir)
    : await mkdtemp(join(tmpdir(), 'frontdesk-try-'));
  await mkdir(stateDir, { recursive: true });
  const logFile = join(stateDir, 'service.log');
  using terminal = openTerminal(options.input, options.output);
  const ending = new AbortController();
  const end = () => ending.abort();
  terminal.onInterrupt(end);
  options.signal.addEventListener('abort', end, { once: true });
  let failed = false;

  {
    await using slack = await startSlackServer({
      people: people.map(({ id, name }) => ({ id, name })),
      channels: [devChannel],
    });
    await using model = await startModelServer({ brain: standIn });
    const allowed = people.filter((person) => person.allowed).map(({ id }) => id);
    const env = buildServiceEnvironment(options.env, { slack, modelUrl: model.url, stateDir, allowed });
    await using service = createService({
      command: options.command,
      env,
      logFile,
      onExit(how, lines) {
        failed = true;
        terminal.note(
          [`The service ${how}. Its last log lines:`, ...lines, `All of it: ${logFile}`].join('\n  '),
        );
        terminal.note('/restart starts it again, /quit ends everything.');
      },
    });
    terminal.note(
      `Starting Slack, ${usesOwnModel(options.env) ? env['FRONTDESK_MODEL'] : 'a stand-in model'}, OpenCode and the service…`,
    );
    try {
      await orEnd(service.start(), ending.signal);
      if (!ending.signal.aborted) {
        introduce(terminal, { slack, modelUrl: model.url, service, logFile, own: usesOwnModel(options.env) });
        await converse({ terminal, slack, service, logFile, signal: ending.signal });
      }
    } catch (error) {
      failed = true;
      terminal.note(
        `${describeError(error)}\nThe whole log: ${logFile}\nIf it does not say what to do, run npm ci and try again.`,
      );
    }
    terminal.prompt('');
    terminal.note('Ending…');
    if ((await service.stop()) === 'killed')
      terminal.note('The service did not end within 10 s and was killed.');
  }
  await endLeftovers(stateDir, terminal);
  if (options.stateDir === undefined && !failed) await rm(stateDir, { recursive: true, force: true });
  terminal.note(
    failed || options.stateDir
      ? `Ended. State and log are kept in ${stateDir}.`
      : 'Ended; nothing is left running.',
  );
  return failed ? 1 : 0;
}

interface Conversation {
  readonly terminal: Terminal;
  readonly slack: SlackServer;
  readonly service: Service;
  readonly logFile: string;
  readonly signal: AbortSignal;
}

/** Reads lines and shows Slack until the input ends, /quit or the signal. */
async function converse({ terminal, slack, service, logFile, signal }: Conversation): Promise<void> {
  const screen = createScreen(terminal, slack);
  const desk = createDesk({
    slack,
    numbers: screen.numbers,
    note: (text) => {
      screen.draw();
      terminal.note(text);
    },
    running: () => service.pid !== undefined,
    idle: () => service.isIdle(),
    waits: !terminal.interactive,
    logTail: async () => [...(await lastLines(logFile)), `All of it: ${logFile}`].join('\n'),
    async restart() {
      const pid = service.pid;
      await service.kill();
      terminal.note(pid === undefined ? '(the service was not running)' : `(kill -9 ${pid})`);
      await service.start();
      terminal.note(`(the service runs again, pid ${service.pid})`);
    },
  });
  using _watching = screen.watch();
  terminal.prompt(desk.label());
  const typed = terminal.typed[Symbol.asyncIterator]();
  for (;;) {
    const next = await orEnd(typed.next(), signal);
    if (next === undefined || next.done) break;
    const more = await orEnd(desk.perform(parseCommand(next.value)), signal);
    screen.draw();
    if (more !== true) break;
    terminal.prompt(desk.label());
  }
  if (!terminal.interactive) terminal.note(`\n${screen.transcript()}\n`);
}

/** Prints what has changed in Slack since it last did. */
function createScreen(terminal: Terminal, slack: SlackServer) {
  let shown: Shown = [];
  let numbers: Numbered = [];
  let place = '';
  let timer: NodeJS.Timeout | undefined;
  const draw = () => {
    clearTimeout(timer);
    timer = undefined;
    const now = showSlack(slack);
    numbers = numberButtons(numbers, now);
    const decided = decideLines(shown, now, numbers, place);
    shown = now;
    place = decided.place;
    terminal.print(decided.lines);
  };
  return {
    draw,
    numbers: () => numbers,
    transcript: () =>
      showSlack(slack)
        .map((place) => renderPlace(place, numbers))
        .join('\n\n'),
    watch(): Disposable {
      const unwatch = slack.watchChanges(({ kind }) => {
        if (kind !== 'journal') timer ??= setTimeout(draw, redrawAfterMs);
      });
      return {
        [Symbol.dispose]() {
          unwatch();
          clearTimeout(timer);
        },
      };
    },
  };
}

interface Introduction {
  readonly slack: SlackServer;
  readonly modelUrl: string;
  readonly service: Service;
  readonly logFile: string;
  readonly own: boolean;
}

function introduce(terminal: Terminal, { slack, modelUrl, service, logFile, own }: Introduction): void {
  terminal.note(
    [
      '',
      `Running: Slack ${slack.url} ⋅ ${own ? 'your model' : `stand-in model ${modelUrl}`} ⋅ service pid ${service.pid}, log ${logFile}`,
      'You are Anna in #dev. Type to talk (try `hello`), 1, 2 … to press a button, /help for the rest, Ctrl-C to end.',
    ].join('\n'),
  );
}

async function lastLines(logFile: string): Promise<string[]> {
  return (await readFile(logFile, 'utf8')).trimEnd().split('\n').slice(-20).map(readableLogLine);
}

/** @returns undefined when the signal comes first. */
async function orEnd<T>(work: Promise<T>, signal: AbortSignal): Promise<T | undefined> {
  const ended = Promise.withResolvers<undefined>();
  const listener = () => ended.resolve(undefined);
  signal.addEventListener('abort', listener, { once: true });
  if (signal.aborted) listener();
  try {
    return await Promise.race([work, ended.promise]);
  } finally {
    signal.removeEventListener('abort', listener);
  }
}

/** After kill -9 of the service OpenCode, which leads a group of its own, may be left. */
async function endLeftovers(stateDir: string, terminal: Terminal): Promise<void> {
  for (const { pid, command } of findLeftovers(stateDir)) {
    terminal.note(`Ending what was left running: ${pid} ${command.slice(0, 80)}`);
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It ended by itself meanwhile.
    }
  }
}
