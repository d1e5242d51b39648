import { readFile } from 'node:fs/promises';
import type { SlackServer } from '../slack/types.ts';
import { parseCommand } from './commands.ts';
import { createDesk } from './desk.ts';
import { readableLogLine } from './log-lines.ts';
import { orEnd } from './or-end.ts';
import type { Service } from './service.ts';
import type { Shown } from './shown.ts';
import { showSlack } from './slack-side.ts';
import type { Terminal } from './terminal.ts';
import { type Numbered, decideLines, numberButtons, renderPlace } from './view.ts';

/** Changes within this time are shown together, so that a burst is one redraw. */
const redrawAfterMs = 30;

export interface Conversation {
  readonly terminal: Terminal;
  readonly slack: SlackServer;
  readonly service: Service;
  readonly logFile: string;
  readonly signal: AbortSignal;
}

/** Reads lines and shows Slack until the input ends, /quit or the signal. */
export async function converse({ terminal, slack, service, logFile, signal }: Conversation): Promise<void> {
  const screen = createScreen(terminal, slack);
  const desk = createDesk({
    slack,
    numbers: () => {
      screen.draw();
      return screen.numbers();
    },
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

async function lastLines(logFile: string): Promise<string[]> {
  return (await readFile(logFile, 'utf8')).trimEnd().split('\n').slice(-20).map(readableLogLine);
}
