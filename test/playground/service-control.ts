/** The service in the hands of the page: its state, and starting, stopping and killing it. */
import { z } from 'zod';
import { describeError } from '../../mcp-servers/kit/errors.ts';
import type { Service } from '../try/service.ts';
import {
  type ServiceCommand,
  type ServiceLine,
  type ServiceState,
  serviceCommands,
} from './service-state.ts';
import { isTrouble, parseLogLine, sayLogLine } from './service-words.ts';

/** Body of `POST /control/service`. */
const command = z.object({ do: z.enum(serviceCommands) });

export interface ServiceControl {
  /** The service whose `onLine` this is fed by; until then there is none. */
  attach(service: Service): void;
  readonly state: () => ServiceState;
  /** A line of the service's log. */
  readonly log: (line: string) => void;
  /** Something else to be told with the lines. */
  readonly note: (text: string, trouble?: boolean) => void;
  /** @throws when it does not get ready */
  readonly start: () => Promise<void>;
  /** For the Slack server's `controls`. */
  readonly routes: Readonly<Record<string, (body: unknown) => unknown>>;
}

export interface ServiceControlOptions {
  readonly allowed: readonly string[];
  /** Told each line as it comes. */
  readonly onLine?: (line: ServiceLine) => void;
  readonly now?: () => number;
}

const keptLines = 200;

export function createServiceControl(options: ServiceControlOptions): ServiceControl {
  const { allowed, onLine, now = Date.now } = options;
  const lines: ServiceLine[] = [];
  let attached: Service | undefined;
  let state: ServiceState['state'] = 'off';
  let openCodePid: number | undefined;
  let starts = 0;

  const note = (text: string, trouble = false) => {
    const line = { at: now(), text, trouble };
    lines.push(line);
    if (lines.length > keptLines) lines.shift();
    onLine?.(line);
  };
  const service = () => {
    if (!attached) throw new Error('the service is not there yet');
    return attached;
  };
  const start = async () => {
    state = 'starting';
    try {
      await service().start();
      state = 'ready';
      starts += 1;
    } catch (error) {
      state = 'off';
      throw error;
    }
  };
  const stop = async () => {
    state = 'stopping';
    await service().stop();
    openCodePid = undefined;
    state = 'off';
    note('The service is stopped (SIGTERM).');
  };
  const kill = async () => {
    const { pid } = service();
    state = 'stopping';
    await service().kill();
    state = 'off';
    note(`kill -9 ${pid}: the service is gone, OpenCode is left alone.`, true);
  };
  const killOpenCode = () => {
    if (openCodePid === undefined) throw new Error('OpenCode does not run');
    note(`kill -9 ${openCodePid}: OpenCode is gone.`, true);
    process.kill(openCodePid, 'SIGKILL');
    openCodePid = undefined;
  };

  const perform: Record<ServiceCommand, () => Promise<void> | void> = {
    start,
    stop,
    'kill-opencode': killOpenCode,
    restart: async () => {
      await stop();
      await start();
    },
    // As systemd or Kubernetes would, it is started again.
    kill: async () => {
      await kill();
      await start();
    },
  };
  /** It may have ended by itself. */
  const settle = () => {
    if (state === 'ready' && attached?.pid === undefined) state = 'off';
  };
  /** A command is refused, by throwing, while another is under way; otherwise it is begun and its end noted. */
  const begin = (what: ServiceCommand) => {
    settle();
    if (state === 'starting' || state === 'stopping') throw new Error(`the service is ${state}`);
    if (what === 'start' ? state === 'ready' : state === 'off')
      throw new Error(`the service is ${state === 'off' ? 'not running' : 'running'}`);
    if (what === 'kill-opencode') return killOpenCode();
    void Promise.resolve(perform[what]()).catch((error: unknown) => note(describeError(error), true));
  };

  const read = (): ServiceState => {
    settle();
    return { state, pid: attached?.pid, openCodePid, starts, allowed, lines };
  };

  return {
    attach(service) {
      attached = service;
    },
    state: read,
    note,
    start,
    log(line) {
      const event = parseLogLine(line);
      const { pid } = event?.fields ?? {};
      if (event?.msg === 'opencode.process.ready' && typeof pid === 'number') openCodePid = pid;
      if (event?.msg === 'opencode.process.ended') openCodePid = undefined;
      const words = sayLogLine(line);
      if (words !== undefined) note(words, event !== undefined && isTrouble(event));
    },
    routes: {
      'GET service': read,
      'POST service': (body) => {
        begin(command.parse(body).do);
        return read();
      },
    },
  };
}
