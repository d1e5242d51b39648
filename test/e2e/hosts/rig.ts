import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { copyFileSync, mkdirSync, mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createHosts, type HostRegistry } from '../../../frontdesk/hosts/hosts.ts';
import { buildLocalConfig } from '../../../frontdesk/hosts/local-config.ts';
import { type LocalHostOptions, startLocalHost } from '../../../frontdesk/hosts/local-host.ts';
import { findBinary } from '../../../frontdesk/opencode/binary.ts';
import { createClient } from '../../../frontdesk/opencode/client.ts';
import { buildEnvironment } from '../../../frontdesk/opencode/environment.ts';
import { prepareFolders } from '../../../frontdesk/opencode/folders.ts';
import { launchOpenCode } from '../../../frontdesk/opencode/process.ts';
import { createLog, createSilentLog } from '../../../mcp-servers/kit/log.ts';
import type { HostEvent } from '../../../mcp-servers/kit/work.ts';
import { type ModelServer, startModelServer } from '../../model/server.ts';

export const agentsDir = resolve(import.meta.dirname, '../../../agents');
const localToken = 'local-bridge-token';
export const sharedToken = 'shared-bridge-token';
export const modelId = 'test/m1';

async function makeFolder() {
  const path = mkdtempSync(join(tmpdir(), 'frontdesk-hosts-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true, maxRetries: 5 }) };
}

/** A gateway with nothing but the bridge, that can go away and come back on its port. */
export async function startGate(hosts: HostRegistry, wantedPort = 0) {
  let port = wantedPort;
  let server: Server | undefined;
  let lines: AsyncDisposable | undefined;
  const up = async () => {
    server = createServer((_, response) => response.writeHead(404).end());
    lines = hosts.attach(server);
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    ({ port } = server.address() as AddressInfo);
  };
  const down = async () => {
    await lines?.[Symbol.asyncDispose]();
    if (!server) return;
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
    server = undefined;
  };
  await up();
  return { url: `http://127.0.0.1:${port}`, up, down, [Symbol.asyncDispose]: down };
}

/** Everything the hosts tell, and a way to wait for it. */
export function follow(hosts: HostRegistry) {
  const events: { host: string; event: HostEvent }[] = [];
  const changes: { host: string; connected: boolean }[] = [];
  let wake = Promise.withResolvers<void>();
  const stir = () => {
    wake.resolve();
    wake = Promise.withResolvers<void>();
  };
  hosts.onEvent((host, event) => {
    events.push({ host, event });
    stir();
  });
  hosts.onHost((host, connected) => {
    changes.push({ host, connected });
    stir();
  });
  return {
    events,
    changes,
    of: (sessionId: string) =>
      events.filter(({ event }) => event.sessionId === sessionId).map(({ event }) => event),
    /** The first value that `look` gives. */
    async until<T>(what: string, look: () => T | undefined | false, ms = 120_000): Promise<T> {
      const late = Promise.withResolvers<never>();
      const told = () =>
        new Error(
          `waited in vain for ${what}; so far ${JSON.stringify({ changes, events: events.slice(-20) })}`,
        );
      const timer = setTimeout(() => late.reject(told()), ms);
      try {
        for (;;) {
          const found = look();
          if (found !== undefined && found !== false) return found;
          await Promise.race([wake.promise, late.promise]);
        }
      } finally {
        clearTimeout(timer);
      }
    },
  };
}

const debugging = process.env['FRONTDESK_TEST_LOG'] !== undefined;

/** Model, hosts and gateway, ready for OpenCode servers to dial in. */
export async function startStage() {
  await using stack = new AsyncDisposableStack();
  const { path } = stack.use(await makeFolder());
  const model = stack.use(await startModelServer());
  const log = debugging ? createLog({ level: 'debug', redact: (line) => line }) : createSilentLog();
  const tokens = [{ value: localToken, host: 'local' }, { value: sharedToken }];
  const hosts = createHosts({ tokens, log });
  const gate = stack.use(await startGate(hosts));
  const owned = stack.move();
  const root = join(path, 'work');
  mkdirSync(root);
  return {
    path,
    root,
    model,
    log,
    hosts,
    gate,
    heard: follow(hosts),
    /** A folder for a session, a repository of its own. */
    folder(name: string, below = root): string {
      const folder = join(below, name);
      mkdirSync(folder, { recursive: true });
      execFileSync('git', ['init', '-q', folder]);
      return folder;
    },
    startLocal: async (overrides: Partial<LocalHostOptions> = {}) => {
      const local = await startLocalHost({
        stateDir: join(path, 'state'),
        root,
        models: [modelOf(model)],
        gatewayUrl: gate.url,
        token: localToken,
        agentsDir,
        log,
        ...overrides,
      });
      await hosts.whenConnected('local', 120_000);
      return local;
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
export type Stage = Awaited<ReturnType<typeof startStage>>;

const modelOf = (model: ModelServer) => ({
  id: modelId,
  baseUrl: model.url,
  apiKey: 'model-key',
  contextLimit: 50_000,
});

/**
 * An OpenCode as on somebody's laptop: started by hand, with only the plugin file, copied to a folder that has no
 * node_modules anywhere above, and settings in its environment.
 */
export async function startRemote(
  stage: Stage,
  name: string,
  options: { plugin?: string; root?: string; url?: string } = {},
) {
  const own = join(stage.path, `remote-${name}`);
  const root = options.root ?? join(stage.path, `${name}-work`);
  mkdirSync(root, { recursive: true });
  await prepareFolders(own);
  const pluginPath = join(own, 'bridge.js');
  copyFileSync(options.plugin ?? join(agentsDir, 'bridge', 'plugin.js'), pluginPath);
  const bridge = { url: '', token: '', host: '', roots: [], idleMinutes: 0 };
  const config = buildLocalConfig({ models: [modelOf(stage.model)], pluginPath, bridge });
  const password = randomBytes(8).toString('hex');
  const child = await launchOpenCode({
    binary: findBinary(),
    environment: {
      ...buildEnvironment({ root: own, config: { ...config, plugin: [`file://${pluginPath}`] }, password }),
      FRONTDESK_URL: options.url ?? stage.gate.url,
      FRONTDESK_BRIDGE_TOKEN: sharedToken,
      FRONTDESK_HOST_NAME: name,
      FRONTDESK_ROOTS: root,
    },
    directory: root,
    pidFile: join(own, 'process.json'),
    readyTimeoutMs: 120_000,
    log: stage.log,
  });
  const client = createClient({ url: child.url, password, directory: root, timeoutMs: 120_000 });
  await client.agents();
  return { root, child, client, password, own, [Symbol.asyncDispose]: () => child.end(3_000) };
}
