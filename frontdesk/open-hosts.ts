/** Where work sessions run: the registry of hosts, the door they dial in at, and the host of the service's own. */
import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import type { Log } from '../mcp-servers/kit/log.ts';
import type { Config } from './config/schema.ts';
import { listenForExploring, type OpenExploring } from './exploring/open-exploring.ts';
import { createHosts, type HostRegistry } from './hosts/hosts.ts';
import { startLocalHost } from './hosts/local-host.ts';
import type { Gateway } from './http/gateway.ts';
import { toModelOptions, workModelsOf } from './models.ts';

export interface OpenHostsOptions {
  readonly config: Config;
  /** `config.workspaceRoot`, which is set. */
  readonly root: string;
  readonly agentsDir: string;
  readonly gateway: Pick<Gateway, 'url' | 'server'>;
  /** The local host's shell finds its programs in its PATH, and gets nothing else of it. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly onSecret: (secret: { name: string; value: string }) => void;
  /** Not wanted any more, though not started yet. */
  readonly giveUp?: AbortSignal;
  readonly log: Log;
}

export interface OpenHosts extends AsyncDisposable {
  readonly registry: HostRegistry;
  /** Has heard them since before the first could dial in. */
  readonly openExploring: OpenExploring;
  /** Ends every line at once, and with it what waits for a host's answer. */
  readonly closeDoor: () => Promise<void>;
}

/** @throws FrontdeskError when the local host does not start */
export async function openHosts(options: OpenHostsOptions): Promise<OpenHosts> {
  const { config, log, gateway } = options;
  await using stack = new AsyncDisposableStack();
  const token = randomBytes(32).toString('base64url');
  options.onSecret({ name: 'bridgeToken', value: token });
  const remote = config.bridgeToken === undefined ? [] : [{ value: config.bridgeToken }];
  const registry = createHosts({ tokens: [{ value: token, host: 'local' }, ...remote], log });
  const openExploring = listenForExploring(registry);
  const door = stack.use(registry.attach(gateway.server));
  const local = stack.use(
    await startLocalHost({
      stateDir: config.stateDir,
      root: resolve(options.root),
      models: toModelOptions(workModelsOf(config)),
      gatewayUrl: gateway.url,
      token,
      agentsDir: options.agentsDir,
      path: options.environment['PATH'],
      port: config.hostPort,
      password: config.hostPassword,
      giveUp: options.giveUp,
      log,
    }),
  );
  options.onSecret({ name: 'localHostPassword', value: local.password });
  await registry.whenConnected(local.name, 30_000);
  const owned = stack.move();
  return {
    registry,
    openExploring,
    closeDoor: async () => await door[Symbol.asyncDispose](),
    [Symbol.asyncDispose]: () => owned[Symbol.asyncDispose](),
  };
}
