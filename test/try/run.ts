import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describeError } from '../../mcp-servers/kit/errors.ts';
import { startModelServer } from '../model/server.ts';
import { standIn } from '../model/stand-in/brain.ts';
import { type ServiceControl, createServiceControl } from '../playground/service-control.ts';
import { startSlackServer } from '../slack/server.ts';
import type { SlackServer } from '../slack/types.ts';
import { converse } from './conversation.ts';
import { buildServiceEnvironment, usesOwnModel } from './environment.ts';
import { type Ends, type Face, besidePage, invite, openConversation } from './face.ts';
import { findLeftovers } from './leftovers.ts';
import { orEnd } from './or-end.ts';
import { makeSampleRoot } from './sample-root.ts';
import { type Service, createService } from './service.ts';
import { channels, people } from './slack-side.ts';
import { renderServiceLine } from './status-view.ts';

export interface TryOptions extends Ends {
  /** Kept when given; otherwise a temporary folder that goes when all went well. */
  readonly stateDir?: string | undefined;
  /** Program and arguments of the service. */
  readonly command: readonly [string, ...string[]];
  /** Builds the page where it must. @returns its folder. Without this, or when it throws: the terminal */
  readonly buildPage?: (() => Promise<string>) | undefined;
  /** Of Slack and the page; default any free one. */
  readonly port?: number | undefined;
}

/**
 * Slack, model and service on this machine, and a conversation with them: in the browser, or on the terminal.
 * @returns the exit code: 1 when it could not start, or the service ended by itself
 */
export async function runTry(options: TryOptions): Promise<number> {
  const site = await buildPage(options);
  using face = site === undefined ? openConversation(options) : besidePage(options);
  const allowed = people.filter((person) => person.allowed).map(({ id }) => id);
  const control = createServiceControl({
    allowed,
    onLine: (line) => site !== undefined && face.note(renderServiceLine(line)),
  });
  // Another one that runs in the same folder is not ours to end: the service refuses to start beside it.
  const others = new Set(
    options.stateDir ? findLeftovers(resolve(options.stateDir)).map(({ pid }) => pid) : [],
  );
  let outcome: Outcome | undefined;
  try {
    await using slack = await startSlackServer({
      port: options.port ?? 0,
      people: people.map(({ id, name }) => ({ id, name })),
      channels,
      controls: control.routes,
      ...(site === undefined ? {} : { site }),
      ...(options.stateDir === undefined
        ? {}
        : { keepIn: join(await folderOf(options.stateDir), 'slack.json') }),
    });
    if (site !== undefined) invite(face, options, slack.url);
    outcome = await serve({ options, face, control, slack, allowed });
  } catch (error) {
    const taken = (error as NodeJS.ErrnoException).code === 'EADDRINUSE';
    face.note(taken ? `Port ${options.port} is taken; give another one with --port.` : describeError(error));
    return 1;
  }
  const { stateDir, failed } = outcome;
  await endLeftovers(stateDir, face, others);
  if (options.stateDir === undefined && !failed) await rm(stateDir, { recursive: true, force: true });
  face.note(
    failed || options.stateDir
      ? `Ended. State and log are kept in ${stateDir}.`
      : 'Ended; nothing is left running.',
  );
  return failed ? 1 : 0;
}

interface Parts {
  readonly options: TryOptions;
  readonly face: Face;
  readonly control: ServiceControl;
  readonly slack: SlackServer;
  readonly allowed: readonly string[];
}

interface Outcome {
  readonly stateDir: string;
  readonly failed: boolean;
}

/** Starts model and service, and has them until the person ends it. */
async function serve({ options, face, control, slack, allowed }: Parts): Promise<Outcome> {
  const stateDir = options.stateDir
    ? await folderOf(options.stateDir)
    : await mkdtemp(join(tmpdir(), 'frontdesk-try-'));
  const logFile = join(stateDir, 'service.log');
  let failed = false;
  await using model = await startModelServer({ brain: standIn });
  const workspaceRoot =
    options.env['FRONTDESK_WORKSPACE_ROOT'] ?? (await makeSampleRoot(join(stateDir, 'work')));
  const parts = { slack, modelUrl: model.url, stateDir, workspaceRoot, allowed };
  const env = buildServiceEnvironment(options.env, parts);
  await using service = createService({
    command: options.command,
    env,
    logFile,
    onLine: control.log,
    onExit(how, lines) {
      failed = true;
      face.note([`The service ${how}. Its last log lines:`, ...lines, `All of it: ${logFile}`].join('\n  '));
      if (face.terminal) face.note('/restart starts it again, /quit ends everything.');
      else control.note(`The service ${how}. “Start” in the page's drawer starts it again.`, true);
    },
  });
  control.attach(service);
  const own = usesOwnModel(options.env);
  face.note(`Starting ${own ? env['FRONTDESK_MODEL'] : 'a stand-in model'}, OpenCode and the service…`);
  try {
    await orEnd(control.start(), face.signal);
    if (!face.signal.aborted) {
      const modelName = own ? 'your model' : `stand-in model ${model.url}`;
      face.note(`Running: Slack ${slack.url} ⋅ ${modelName} ⋅ service pid ${service.pid}, log ${logFile}`);
      await untilEnd(face, slack, service, logFile);
    }
  } catch (error) {
    failed = true;
    face.note(
      `${describeError(error)}\nThe whole log: ${logFile}\nIf it does not say what to do, run npm ci and try again.`,
    );
  }
  face.terminal?.prompt('');
  face.note('Ending…');
  if ((await service.stop()) === 'killed') face.note('The service did not end within 10 s and was killed.');
  return { stateDir, failed };
}

async function folderOf(stateDir: string): Promise<string> {
  await mkdir(resolve(stateDir), { recursive: true });
  return resolve(stateDir);
}

async function untilEnd(face: Face, slack: SlackServer, service: Service, logFile: string): Promise<void> {
  const { terminal, signal } = face;
  if (!terminal) return void (await orEnd(new Promise(() => {}), signal));
  terminal.note(
    'You are Anna in #dev. Type to talk (try `hello`, or `start JWT auth in domain-apis`), 1, 2 … to press a button, /help for the rest, Ctrl-C to end.',
  );
  await converse({ terminal, slack, service, logFile, signal });
}

/** @returns the folder of the page; undefined, said with the reason, when it cannot be built. */
async function buildPage({ buildPage, output }: TryOptions): Promise<string | undefined> {
  try {
    return await buildPage?.();
  } catch (error) {
    output.write(`The page could not be built (${describeError(error)}), so talk here in the terminal.\n`);
    return undefined;
  }
}

/** After kill -9 of the service OpenCode, which leads a group of its own, may be left. */
async function endLeftovers(stateDir: string, face: Face, others: ReadonlySet<number>): Promise<void> {
  for (const { pid, command } of findLeftovers(stateDir)) {
    if (others.has(pid)) continue;
    face.note(`Ending what was left running: ${pid} ${command.slice(0, 80)}`);
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It ended by itself meanwhile.
    }
  }
}
