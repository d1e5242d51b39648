import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { describeError, FrontdeskError } from '../../mcp-servers/kit/errors.ts';
import type { Log } from '../../mcp-servers/kit/log.ts';
import type { Probe } from '../../mcp-servers/kit/probe.ts';
import type { Agent } from './agent.ts';
import { type AgentFile, parseAgentFile } from './agent-file.ts';
import { findBinary, openCodeVersion } from './binary.ts';
import { basicAuth, type Client, createClient } from './client.ts';
import { buildConfig, ourServers, type McpOptions, type ModelOptions } from './config.ts';
import { buildEnvironment } from './environment.ts';
import { createEventHub, type EventHub } from './event-hub.ts';
import { openEventStream } from './event-stream.ts';
import { prepareFolders } from './folders.ts';
import { endOrphan } from './pid-record.ts';
import type { PluginHello, PluginHellos } from './plugin-hellos.ts';
import { launchOpenCode } from './process.ts';
import { createSessionAgent } from './session-agent.ts';
import { shipped } from './shipped.ts';
import { type Running, supervise } from './supervisor.ts';
import { connectServers, findExcess, sha256Of, verifyAgent } from './verify.ts';

interface OpenCodeLimits {
  /** From spawn to the ready line; about 0.9 s on an idle machine. */
  readonly readyMs: number;
  /** One request. The first one of an instance takes a second. */
  readonly requestMs: number;
  /** From the ready line to the plugin's report. Making the instance takes 0.9 s of CPU, on a busy machine 10. */
  readonly helloMs: number;
  /** For the MCP servers to connect. */
  readonly connectMs: number;
  /** From SIGTERM to SIGKILL. */
  readonly graceMs: number;
  /** How long a call waits while OpenCode restarts. */
  readonly upWaitMs: number;
  /** Without a frame for this long the event stream is opened again; heartbeats come every 10 s. */
  readonly silenceMs: number;
}

const defaultLimits: OpenCodeLimits = {
  readyMs: 30_000,
  requestMs: 30_000,
  helloMs: 30_000,
  connectMs: 15_000,
  // SIGTERM takes 65 ms; what is stored is safe either way, and OP-4 allows 10 s for everything.
  graceMs: 1_500,
  upWaitMs: 30_000,
  silenceMs: 30_000,
};

export interface OpenCodeOptions {
  readonly stateDir: string;
  /** Holds `frontdesk.md` and `stamp/plugin.js`, as shipped. */
  readonly agentsDir: string;
  readonly model: ModelOptions;
  readonly mcp: McpOptions;
  /** The plugin posts to `{stampUrl}/stamp` and `{stampUrl}/hello` with this bearer token. */
  readonly stampUrl: string;
  readonly stampToken: string;
  readonly hellos: PluginHellos;
  /** Told of every secret made here before it is used, so that it is masked wherever it would appear (OUT-3). */
  readonly onSecret?: ((secret: { readonly name: string; readonly value: string }) => void) | undefined;
  readonly log: Log;
  readonly probe: Probe;
  /** Further environment variables OpenCode may see. */
  readonly env?: Readonly<Record<string, string>> | undefined;
  readonly limits?: Partial<OpenCodeLimits> | undefined;
  /** Default: the installed platform package's. */
  readonly binary?: string | undefined;
  readonly onDown?: ((reason: string) => void) | undefined;
  readonly onUp?: (() => void) | undefined;
  /** Not wanted any more, though not started yet. */
  readonly giveUp?: AbortSignal | undefined;
}

interface OpenCodeHealth {
  readonly up: boolean;
  readonly restarts: number;
  readonly lastFailure: string | undefined;
}

export interface OpenCode extends AsyncDisposable {
  readonly agent: Agent;
  readonly pid: number | undefined;
  health(): OpenCodeHealth;
  /** Ends it; it is started again after the first delay, with a `check` to every watcher. */
  restart(reason: string): Promise<void>;
}

interface Instance extends Running {
  readonly pid: number;
  readonly client: Client;
  readonly contextLimit: number;
}

/** @throws FrontdeskError `agent_altered` when a file is missing or not the one this version ships */
async function readShipped(options: OpenCodeOptions): Promise<{ agent: AgentFile; pluginPath: string }> {
  const pluginPath = resolve(options.agentsDir, 'stamp', 'plugin.js');
  const files = { agent: resolve(options.agentsDir, 'frontdesk.md'), plugin: pluginPath };
  const read = async (path: string) =>
    readFile(path, 'utf8').catch((cause: unknown) => {
      throw new FrontdeskError('agent_altered', `${path} cannot be read.`, { cause });
    });
  const agentText = await read(files.agent);
  if (sha256Of(agentText) !== shipped.agent)
    throw new FrontdeskError('agent_altered', `${files.agent} was changed.`);
  if (sha256Of(await read(files.plugin)) !== shipped.plugin) {
    throw new FrontdeskError('agent_altered', `${files.plugin} was changed.`);
  }
  const agent = parseAgentFile(agentText);
  const excess = findExcess(agent.permission, ourServers);
  if (excess.length > 0)
    throw new FrontdeskError('agent_altered', `${files.agent} allows ${excess.join(', ')}.`);
  return { agent, pluginPath };
}

/** A hello that an earlier OpenCode left unread must not vouch for the next one. */
async function forgetHellos(hellos: PluginHellos): Promise<void> {
  while (await hellos.next(0).catch(() => undefined)) {
    // taken and dropped
  }
}

/** Everything between the ready line and "this is ours and it works". */
async function proveInstance(
  client: Client,
  hello: Promise<PluginHello | undefined>,
  options: OpenCodeOptions,
  { agent, connectMs }: { agent: AgentFile; connectMs: number },
): Promise<void> {
  const version = await client.version();
  if (version !== openCodeVersion) {
    throw new FrontdeskError('opencode_failed', `It is version ${version}, not ${openCodeVersion}.`);
  }
  await verifyAgent({ client, hello, expected: { agent, pluginSha256: shipped.plugin } });
  await connectServers(client, options.mcp.servers, connectMs);
}

async function bringUp(
  options: OpenCodeOptions,
  hub: EventHub,
  limits: OpenCodeLimits,
  giveUp: AbortSignal,
): Promise<Instance> {
  const root = resolve(options.stateDir, 'opencode');
  const pidFile = join(root, 'process.json');
  const { agent, pluginPath } = await readShipped(options);
  const directory = await prepareFolders(root);
  await endOrphan(pidFile, options.log);
  const password = randomBytes(24).toString('base64url');
  options.onSecret?.({ name: 'OPENCODE_SERVER_PASSWORD', value: password });
  const config = buildConfig({ ...options, agent, pluginPath });
  await forgetHellos(options.hellos);
  const child = await launchOpenCode({
    binary: options.binary ?? findBinary(),
    environment: buildEnvironment({ root, config, password, extra: options.env }),
    directory,
    pidFile,
    readyTimeoutMs: limits.readyMs,
    giveUp,
    log: options.log,
  });
  const client = createClient({ url: child.url, password, directory, timeoutMs: limits.requestMs });
  // Whatever the proof waits for then fails at once.
  const onGiveUp = () => void child.end(0);
  giveUp.addEventListener('abort', onGiveUp);
  try {
    const hello = options.hellos.next(limits.helloMs).catch(() => undefined);
    await proveInstance(client, hello, options, { agent, connectMs: limits.connectMs });
    const contextLimit = await client.contextLimit(options.model.id);
    if (contextLimit === undefined) {
      throw new FrontdeskError('config_invalid', `OpenCode does not know the model ${options.model.id}.`);
    }
    const events = openEventStream({
      url: child.url,
      authorization: basicAuth(password),
      onFrame: (frame) => hub.accept(frame),
      onConnected: () => hub.gap(),
      silenceMs: limits.silenceMs,
      onStuck: () => {
        options.log.error({ pid: child.pid }, 'opencode.process.stuck');
        void child.end(limits.graceMs);
      },
      log: options.log,
    });
    const exited = child.exited.then(async (reason) => {
      await events[Symbol.asyncDispose]();
      return reason;
    });
    await events.connected;
    options.log.info({ pid: child.pid, url: child.url }, 'opencode.process.ready');
    const stop = async () => {
      // First its turns and their children, else they outlive it (notes §8).
      await client.dispose(1_000).catch(describeError);
      await child.end(limits.graceMs);
      await exited;
    };
    return { pid: child.pid, client, contextLimit, exited, stop };
  } catch (error) {
    await child.end(limits.graceMs);
    throw error;
  } finally {
    giveUp.removeEventListener('abort', onGiveUp);
  }
}

/**
 * Starts OpenCode as a supervised child, proves agent and plugin, and keeps it running until disposed.
 * @throws FrontdeskError `agent_altered` when the proof fails, `opencode_failed` when it does not start
 */
export async function startOpenCode(options: OpenCodeOptions): Promise<OpenCode> {
  const limits = { ...defaultLimits, ...options.limits };
  const log = options.log;
  const hub = createEventHub(log);
  const supervised = await supervise({
    bringUp: (giveUp) => bringUp(options, hub, limits, giveUp),
    giveUp: options.giveUp,
    log,
    onDown: options.onDown,
    onUp: options.onUp,
    upWaitMs: limits.upWaitMs,
  });
  const agent = createSessionAgent({
    connect: () => supervised.whenUp(),
    hub,
    model: options.model.id,
    acceptTimeoutMs: limits.requestMs,
    probe: options.probe,
  });
  return {
    agent,
    get pid() {
      return supervised.current?.pid;
    },
    health: () => ({
      up: supervised.current !== undefined,
      restarts: supervised.restarts,
      lastFailure: supervised.lastFailure,
    }),
    restart: (reason) => supervised.restart(reason),
    [Symbol.asyncDispose]: () => supervised[Symbol.asyncDispose](),
  };
}
