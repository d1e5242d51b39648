import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { FrontdeskError } from '../../mcp-servers/kit/errors.ts';
import type { Log } from '../../mcp-servers/kit/log.ts';
import { findBinary, openCodeVersion } from '../opencode/binary.ts';
import { type Client, createClient } from '../opencode/client.ts';
import type { ModelOptions } from '../opencode/config.ts';
import { buildEnvironment } from '../opencode/environment.ts';
import { endOrphan } from '../opencode/pid-record.ts';
import { launchOpenCode } from '../opencode/process.ts';
import { type Running, supervise } from '../opencode/supervisor.ts';
import { enclose, findEnclosure } from './enclosure.ts';
import { buildLocalConfig } from './local-config.ts';
import { prepareLocalFolders } from './local-folders.ts';

interface LocalHostLimits {
  readonly readyMs: number;
  readonly requestMs: number;
  readonly graceMs: number;
}

const defaultLimits: LocalHostLimits = { readyMs: 30_000, requestMs: 30_000, graceMs: 1_500 };

export interface LocalHostOptions {
  readonly stateDir: string;
  /** Absolute folder that holds every directory it may be given. */
  readonly root: string;
  /** The first one is the default. */
  readonly models: readonly [ModelOptions, ...ModelOptions[]];
  /** Of the gateway, without a slash at the end. */
  readonly gatewayUrl: string;
  /** Bearer token for the bridge, good for this host's name only. */
  readonly token: string;
  /** Holds the agents' `.md` files and `bridge/plugin.js`. */
  readonly agentsDir: string;
  readonly log: Log;
  /** Default `local`. */
  readonly name?: string | undefined;
  /** Default 15; 0 never ends an idle directory instance (30 MB each). */
  readonly idleMinutes?: number | undefined;
  /** Where its shell finds git, node and the projects' tools. Default: the system's folders. */
  readonly path?: string | undefined;
  /** Further environment variables it may see; no secrets. */
  readonly env?: Readonly<Record<string, string>> | undefined;
  /** Of its OpenCode, for people who use its own UI. Default: a free port, and a random password. */
  readonly port?: number | undefined;
  readonly password?: string | undefined;
  readonly limits?: Partial<LocalHostLimits> | undefined;
  /** Not wanted any more, though not started yet. */
  readonly giveUp?: AbortSignal | undefined;
}

export interface LocalHost extends AsyncDisposable {
  readonly name: string;
  readonly pid: number | undefined;
  /** Of OpenCode's own API and web UI, while it runs; user `opencode`. */
  readonly url: string | undefined;
  readonly password: string;
  /** Its shell cannot see the service's processes; false where the system has no `unshare` or forbids it. */
  readonly enclosed: boolean;
  /** Names of the agents it has. */
  readonly agents: readonly string[];
  restart(reason: string): Promise<void>;
}

interface Instance extends Running {
  readonly pid: number;
  readonly url: string;
}

/** @throws FrontdeskError when it is another version, lacks an agent or a model */
async function prove(
  client: Client,
  agents: readonly string[],
  models: readonly ModelOptions[],
): Promise<void> {
  const version = await client.version();
  if (version !== openCodeVersion)
    throw new FrontdeskError('opencode_failed', `It is version ${version}, not ${openCodeVersion}.`);
  // The first request that makes an instance: with it OpenCode loads the bridge, which dials in.
  const known = new Set((await client.agents()).map(({ name }) => name));
  const missing = agents.filter((name) => !known.has(name));
  if (missing.length > 0)
    throw new FrontdeskError(
      'opencode_failed',
      `The local host does not know the agents ${missing.join(', ')}.`,
    );
  for (const { id } of models) {
    if ((await client.contextLimit(id)) === undefined)
      throw new FrontdeskError('config_invalid', `OpenCode does not know the model ${id}.`);
  }
}

/**
 * Starts the service's own host: a second OpenCode, apart from the front desk's, with its own password, data and
 * environment, supervised until disposed.
 *
 * What its shell can see. Nothing is inherited from the service: no Slack token, no MCP or stamp token, not the front
 * desk's password. Where Linux allows, it runs in a process namespace of its own, so that `/proc` shows neither the
 * service's environment nor the front desk's password, by which its sessions could be steered, and nobody of them can be
 * killed; where not, that is logged, and a host that dials in from another user or container is the safe way.
 * OpenCode hands its shell its own environment. The bridge plugin blanks `OPENCODE_*` there, yet the shell can read
 * `/proc/1/environ`: this host's password, the models' keys and the bridge token. The token lets a process pose as this
 * one host, whose words are only ever shown as its sessions'; the password lets it answer its own permissions, which an
 * unattended worker mostly has. Files of the same user stay readable: keep tokens in the environment, not in files.
 * @throws FrontdeskError `opencode_failed` or `config_invalid` when it does not start
 */
export async function startLocalHost(options: LocalHostOptions): Promise<LocalHost> {
  const { log, models, name = 'local', idleMinutes = 15 } = options;
  const limits = { ...defaultLimits, ...options.limits };
  const own = resolve(options.stateDir, 'host');
  const root = resolve(options.root);
  const pidFile = join(own, 'process.json');
  // One for all restarts: an open web UI goes on.
  const password = options.password ?? randomBytes(24).toString('base64url');
  const enclosure = await findEnclosure();
  if (enclosure.length === 0)
    log.warn(
      { fix: 'Allow `unshare`, or run hosts as another user.' },
      'hosts.local.open: its shell sees our processes',
    );
  let agents: readonly string[] = [];

  async function bringUp(giveUp: AbortSignal): Promise<Instance> {
    await mkdir(root, { recursive: true });
    const plugin = resolve(options.agentsDir, 'bridge', 'plugin.js');
    if (!existsSync(plugin))
      throw new FrontdeskError('opencode_failed', `${plugin} is missing; \`npm run build:bridge\` makes it.`);
    agents = await prepareLocalFolders(own, options.agentsDir);
    await endOrphan(pidFile, log);
    const config = buildLocalConfig({
      models,
      pluginPath: plugin,
      bridge: { url: options.gatewayUrl, token: options.token, host: name, roots: [root], idleMinutes },
    });
    const environment = buildEnvironment({ root: own, config, password, extra: options.env });
    const child = await launchOpenCode({
      binary: await enclose(findBinary(), enclosure, join(own, 'run.sh')),
      environment: { ...environment, ...(options.path === undefined ? {} : { PATH: options.path }) },
      directory: root,
      pidFile,
      port: options.port,
      readyTimeoutMs: limits.readyMs,
      giveUp,
      log,
    });
    const client = createClient({ url: child.url, password, directory: root, timeoutMs: limits.requestMs });
    // Whatever the proof waits for then fails at once.
    const onGiveUp = () => void child.end(0);
    giveUp.addEventListener('abort', onGiveUp);
    try {
      await prove(client, agents, models);
    } catch (error) {
      await child.end(limits.graceMs);
      throw error;
    } finally {
      giveUp.removeEventListener('abort', onGiveUp);
    }
    log.info({ pid: child.pid, url: child.url, host: name, agents }, 'hosts.local.ready');
    const stop = async () => {
      // First its turns and their children, else they outlive it (notes/opencode.md §8).
      await client.dispose(1_000).catch(() => {});
      await child.end(limits.graceMs);
    };
    return { pid: child.pid, url: child.url, exited: child.exited, stop };
  }

  const supervised = await supervise({ bringUp, giveUp: options.giveUp, log, upWaitMs: limits.readyMs });
  return {
    name,
    password,
    enclosed: enclosure.length > 0,
    get pid() {
      return supervised.current?.pid;
    },
    get url() {
      return supervised.current?.url;
    },
    get agents() {
      return agents;
    },
    restart: (reason) => supervised.restart(reason),
    [Symbol.asyncDispose]: () => supervised[Symbol.asyncDispose](),
  };
}
