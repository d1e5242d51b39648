/** Puts the work side of the service together: workspaces, hosts, and the commands over them. */
import { resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Chat } from '../../mcp-servers/kit/chat.ts';
import type { Log } from '../../mcp-servers/kit/log.ts';
import { forgetOver } from '../../mcp-servers/kit/store/collection.ts';
import type { Store } from '../../mcp-servers/kit/store/store.ts';
import { createModelHealth } from '../../mcp-servers/sessions/models.ts';
import type { Workspaces } from '../../mcp-servers/workspaces/contract.ts';
import { openWorkspaces } from '../../mcp-servers/workspaces/open.ts';
import type { Config } from '../config/schema.ts';
import { findGitEnclosure } from '../hosts/enclosure.ts';
import { workModelsOf } from '../models.ts';
import type { Hosts } from '../../mcp-servers/kit/work.ts';
import type { AuditEntry } from '../threads/ports.ts';
import type { Work } from './contract.ts';
import type { Labs, Places } from './ports.ts';
import { activitySchema, confirmationSchema, isDecided, isStartOver, proposalSchema } from './record.ts';
import { lockRoot } from './root-lock.ts';
import { createWork } from './work.ts';

export interface OpenWorkOptions {
  readonly config: Config;
  readonly workspaces: Workspaces;
  readonly store: Store;
  readonly chat: Chat;
  readonly places: Places;
  readonly hosts: Hosts;
  /** See `OpenHosts`. */
  readonly closeDoor: () => Promise<void>;
  readonly labs?: Labs | undefined;
  readonly asksOf?: ((workspace: string) => readonly string[]) | undefined;
  readonly channelName: (channel: string) => Promise<string>;
  readonly audit: (entry: AuditEntry) => void;
  readonly newMessageId: () => string;
  readonly log: Log;
}

export interface OpenWork extends AsyncDisposable {
  readonly work: Work;
}

/** @throws FrontdeskError when the root cannot be used, or another service works in it */
export async function openConfiguredWorkspaces(
  config: Pick<Config, 'projects' | 'githubToken' | 'githubApiUrl'>,
  root: string,
  /** What git and task may see of it is theirs to choose; never our tokens. */
  environment: Readonly<Record<string, string | undefined>>,
  log: Log,
): Promise<Workspaces & AsyncDisposable> {
  const { githubToken, githubApiUrl } = config;
  await using stack = new AsyncDisposableStack();
  stack.use(await lockRoot(resolve(root), log));
  const enclosure = await findGitEnclosure(environment);
  if (enclosure.length === 0) log.warn({}, 'work.git.open');
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
    enclosure,
    log,
    now: Date.now,
  };
  const workspaces = stack.use(await openWorkspaces(settings));
  const owned = stack.move();
  return { ...workspaces, [Symbol.asyncDispose]: () => owned[Symbol.asyncDispose]() };
}

/** Twice this and the 2.5 s of the local host is what all of it may take of the 10 s of OP-4. */
const workGraceMs = 750;

export async function openWork(options: OpenWorkOptions): Promise<OpenWork> {
  const { config, hosts, store, log, workspaces } = options;
  await using stack = new AsyncDisposableStack();
  const work = stack.adopt(
    createWork({
      workspaces,
      hosts,
      chat: options.chat,
      places: options.places,
      labs: options.labs,
      asksOf: options.asksOf,
      proposals: store.collection({
        name: 'proposals',
        schema: proposalSchema,
        version: 1,
        tidy: forgetOver((proposal) => (isStartOver(proposal) ? proposal.changedAt : null)),
      }),
      confirmations: store.collection({
        name: 'confirmations',
        schema: confirmationSchema,
        version: 1,
        tidy: forgetOver((asked) => (isDecided(asked) ? asked.createdAt : null)),
      }),
      activity: store.collection({
        name: 'activity',
        schema: activitySchema,
        version: 1,
        tidy: forgetOver(({ lines }, name) =>
          workspaces.find(name) === undefined ? Date.parse(lines.at(-1)?.at ?? '') : null,
        ),
      }),
      models: workModelsOf(config),
      health: createModelHealth({ fetch, now: Date.now }),
      rules: config.routing,
      maxSessions: config.maxSessions,
      links: { openCode: config.openCodeUrl ?? '', codeServer: config.codeServerUrl ?? '' },
      isAllowed: (person) => config.allowedUsers.includes(person),
      channelName: options.channelName,
      audit: options.audit,
      log,
      now: Date.now,
      steady: () => performance.now(),
      newMessageId: options.newMessageId,
    }),
    async (closing) => {
      const closed = closing[Symbol.asyncDispose]();
      await within(workGraceMs, closed);
      // What waits for a host that does not answer would wait a minute; a push, as long as it takes.
      await options.closeDoor();
      await within(workGraceMs, closed);
    },
  );
  const resumed = await work.resumeAll();
  log.info({ workspaces: workspaces.list().length, resumed }, 'work.ready');
  const owned = stack.move();
  return { work, [Symbol.asyncDispose]: () => owned[Symbol.asyncDispose]() };
}

async function within(ms: number, task: PromiseLike<void>): Promise<void> {
  const ended = new AbortController();
  const late = pause(ms, undefined, { signal: ended.signal }).catch(() => {});
  await Promise.race([task, late]);
  ended.abort();
}
