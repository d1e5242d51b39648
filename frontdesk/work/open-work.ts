/** Puts the work side of the service together: workspaces, hosts, and the commands over them. */
import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Chat } from '../../mcp-servers/kit/chat.ts';
import type { Log } from '../../mcp-servers/kit/log.ts';
import type { Store } from '../../mcp-servers/kit/store/store.ts';
import { createModelHealth, defaultWorkModels, type WorkModel } from '../../mcp-servers/sessions/models.ts';
import type { Workspaces } from '../../mcp-servers/workspaces/contract.ts';
import { openWorkspaces } from '../../mcp-servers/workspaces/open.ts';
import type { Config } from '../config/schema.ts';
import { createHosts, type HostRegistry } from '../hosts/hosts.ts';
import { startLocalHost } from '../hosts/local-host.ts';
import type { Gateway } from '../http/gateway.ts';
import type { ModelOptions } from '../opencode/config.ts';
import type { AuditEntry } from '../threads/ports.ts';
import type { Work } from './contract.ts';
import type { Labs, Places } from './ports.ts';
import { activitySchema, confirmationSchema, proposalSchema } from './record.ts';
import { lockRoot } from './root-lock.ts';
import { createWork } from './work.ts';

export interface OpenWorkOptions {
  readonly config: Config;
  /** `config.workspaceRoot`, which is set. */
  readonly root: string;
  readonly workspaces: Workspaces;
  readonly agentsDir: string;
  readonly store: Store;
  readonly chat: Chat;
  readonly places: Places;
  readonly labs?: Labs | undefined;
  readonly asksOf?: ((workspace: string) => readonly string[]) | undefined;
  readonly gateway: Pick<Gateway, 'url' | 'server'>;
  /** What git and task may see of it is theirs to choose; never our tokens. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly channelName: (channel: string) => Promise<string>;
  readonly audit: (entry: AuditEntry) => void;
  readonly newMessageId: () => string;
  /** Called before any host can have dialled in: who must hear everything listens from here on. */
  readonly onHosts?: (hosts: HostRegistry) => void;
  readonly onSecret: (secret: { name: string; value: string }) => void;
  readonly log: Log;
}

export interface OpenWork extends AsyncDisposable {
  readonly work: Work;
  readonly hosts: HostRegistry;
}

/** @throws FrontdeskError when the root cannot be used, or another service works in it */
export async function openConfiguredWorkspaces(
  config: Config,
  root: string,
  environment: OpenWorkOptions['environment'],
  log: Log,
): Promise<Workspaces & AsyncDisposable> {
  const { githubToken, githubApiUrl } = config;
  await using stack = new AsyncDisposableStack();
  stack.use(await lockRoot(resolve(root), log));
  const settings = {
    root: resolve(root),
    projects: config.projects.map(({ description, ...project }) => ({
      ...project,
      ...(description === undefined ? {} : { description }),
    })),
    ...(githubToken === undefined
      ? {}
      : { github: { token: githubToken, ...(githubApiUrl === undefined ? {} : { apiUrl: githubApiUrl }) } }),
    environment,
    log,
    now: Date.now,
  };
  const workspaces = stack.use(await openWorkspaces(settings));
  const owned = stack.move();
  return { ...workspaces, [Symbol.asyncDispose]: () => owned[Symbol.asyncDispose]() };
}

/** Twice this and the 2.5 s of the local host is what all of it may take of the 10 s of OP-4. */
const workGraceMs = 750;

/** @throws FrontdeskError when the local host does not start */
export async function openWork(options: OpenWorkOptions): Promise<OpenWork> {
  const { config, root, store, log, gateway, workspaces } = options;
  await using stack = new AsyncDisposableStack();
  const token = randomBytes(32).toString('base64url');
  options.onSecret({ name: 'bridgeToken', value: token });
  const remote = config.bridgeToken === undefined ? [] : [{ value: config.bridgeToken }];
  const hosts = createHosts({ tokens: [{ value: token, host: 'local' }, ...remote], log });
  options.onHosts?.(hosts);
  const door = stack.use(hosts.attach(gateway.server));

  const models = modelsOf(config);
  const local = stack.use(
    await startLocalHost({
      stateDir: config.stateDir,
      root: resolve(root),
      models: models.map(toModelOptions) as [ModelOptions, ...ModelOptions[]],
      gatewayUrl: gateway.url,
      token,
      agentsDir: options.agentsDir,
      path: options.environment['PATH'],
      port: config.hostPort,
      password: config.hostPassword,
      log,
    }),
  );
  options.onSecret({ name: 'localHostPassword', value: local.password });
  await hosts.whenConnected(local.name, 30_000);

  const work = stack.adopt(
    createWork({
      workspaces,
      hosts,
      chat: options.chat,
      places: options.places,
      labs: options.labs,
      asksOf: options.asksOf,
      proposals: store.collection({ name: 'proposals', schema: proposalSchema, version: 1 }),
      confirmations: store.collection({ name: 'confirmations', schema: confirmationSchema, version: 1 }),
      activity: store.collection({ name: 'activity', schema: activitySchema, version: 1 }),
      models,
      health: createModelHealth({ fetch, now: Date.now }),
      rules: config.routing,
      maxSessions: config.maxSessions,
      links: { openCode: config.openCodeUrl ?? '', codeServer: config.codeServerUrl ?? '' },
      isAllowed: (person) => config.allowedUsers.includes(person),
      channelName: options.channelName,
      audit: options.audit,
      log,
      now: Date.now,
      newMessageId: options.newMessageId,
    }),
    async (closing) => {
      const closed = closing[Symbol.asyncDispose]();
      await within(workGraceMs, closed);
      // What waits for a host that does not answer would wait a minute; a push, as long as it takes.
      await door[Symbol.asyncDispose]();
      await within(workGraceMs, closed);
    },
  );
  const resumed = await work.resumeAll();
  log.info({ workspaces: workspaces.list().length, resumed }, 'work.ready');
  const owned = stack.move();
  return { work, hosts, [Symbol.asyncDispose]: () => owned[Symbol.asyncDispose]() };
}

async function within(ms: number, task: PromiseLike<void>): Promise<void> {
  const ended = new AbortController();
  const late = pause(ms, undefined, { signal: ended.signal }).catch(() => {});
  await Promise.race([task, late]);
  ended.abort();
}

type ModelSetting = WorkModel & { readonly apiKey?: string };

/** Configured ones; else the front desk's own model where it runs on a server of one's own; else the suggested pair. */
function modelsOf(config: Config): readonly ModelSetting[] {
  if (config.workModels !== undefined)
    return config.workModels.map(({ baseUrl, apiKey, ...model }) => ({
      ...model,
      ...(baseUrl === undefined ? {} : { baseUrl }),
      ...(apiKey === undefined ? {} : { apiKey, headers: { authorization: `Bearer ${apiKey}` } }),
    }));
  if (config.modelBaseUrl === undefined) return defaultWorkModels;
  const own: ModelSetting = {
    id: config.model,
    agents: ['architect', 'pm', 'builder', 'party-mode'],
    reason: 'the model the front desk runs on',
    baseUrl: config.modelBaseUrl,
  };
  return [config.modelApiKey === undefined ? own : { ...own, apiKey: config.modelApiKey }];
}

function toModelOptions({ id, baseUrl, apiKey }: ModelSetting): ModelOptions {
  return { id, baseUrl, apiKey };
}
