import { setImmediate } from 'node:timers/promises';
import {
  type Card,
  type Chat,
  type ChatMessage,
  type ThreadRef,
  threadKey,
} from '../../mcp-servers/kit/chat.ts';
import { FrontdeskError } from '../../mcp-servers/kit/errors.ts';
import { createSilentLog } from '../../mcp-servers/kit/log.ts';
import type { Collection } from '../../mcp-servers/kit/store/collection.ts';
import type { HostEvent, WorkspaceInfo, WorkspaceState } from '../../mcp-servers/kit/work.ts';
import { workspaceStateSchema } from '../../mcp-servers/kit/work.ts';
import { createModelHealth, type WorkModel } from '../../mcp-servers/sessions/models.ts';
import { defaultRoutingRules } from '../../mcp-servers/sessions/routing-rules.ts';
import type { ProjectEntry, Workspaces } from '../../mcp-servers/workspaces/contract.ts';
import { activitySchema, confirmationSchema, proposalSchema } from '../../frontdesk/work/record.ts';
import type { Work } from '../../frontdesk/work/contract.ts';
import { createMemoryHosts, type MemoryServers } from './memory-hosts.ts';
import type { WorkPorts } from '../../frontdesk/work/ports.ts';
import { createWork } from '../../frontdesk/work/work.ts';
import type { Policy } from '../../mcp-servers/kit/policy.ts';
import { createWorldWatcher } from './world-watcher.ts';
import { toldSchema } from '../../watcher/told.ts';

export const anna = 'U0ANNA';
export const thread = (name: string): ThreadRef => ({ team: 'T', channel: 'C0DEV', thread: name, dm: false });

interface Said {
  readonly ref: ThreadRef;
  readonly id: string;
  message: ChatMessage;
  gone: boolean;
}

/** Ends a life at its `crashAt`th step: before the step is done, or after it, before anybody hears of it. */
export interface Life {
  readonly crashAt?: number;
  readonly after?: boolean;
  /** Real parts in place of those in memory. */
  readonly ports?: Partial<WorkPorts>;
}

/**
 * Everything outside of the work room, in memory: what a store, a chat, git and OpenCode servers keep over a restart.
 * `live()` is one life of the service in it. For tests.
 */
export function createWorkWorld(
  options: { maxSessions?: number; models?: WorkModel[]; policy?: Policy } = {},
) {
  let [time, setBy, ids, refreshes] = [Date.parse('2026-11-20T05:00:00Z'), 0, 0, 0];
  const said: Said[] = [];
  const [whispers, audit]: [string[], string[]] = [[], []];
  const infos = new Map<string, WorkspaceInfo>();
  const [archived, promoted]: [string[], string[]] = [[], []];
  const documents = new Map<string, Map<string, unknown>>();
  const servers: MemoryServers = new Map();
  servers.set('local', { connected: true, sessions: new Map() });
  const down = new Set<string>();
  const broken: { create?: Error; making?: Promise<void>; places: boolean } = { places: true };
  const projects: ProjectEntry[] = [
    {
      project: { category: 'ai-dev', project: 'domain-apis' },
      repositories: ['api', 'web'],
      description: '',
    },
    { project: { category: 'ops', project: 'infra' }, repositories: ['charts'], description: '' },
  ];
  const models = options.models ?? [
    { id: 'anthropic/claude', agents: ['architect', 'pm', 'party-mode'], reason: 'thinks' },
    { id: 'local/qwen', agents: ['builder'], reason: 'codes', baseUrl: 'http://qwen.test/v1' },
  ];

  const live = ({ crashAt = Infinity, after = false, ports = {} }: Life = {}) => {
    let [steps, dead] = [0, false];
    const never = new Promise<never>(() => {});
    const die = () => ((dead = true), never);
    /** One step of this life on the outside. */
    const step = async <T>(act: () => T | Promise<T>): Promise<T> => {
      if (dead) return await never;
      steps += 1;
      const last = steps === crashAt;
      if (last && !after) return await die();
      try {
        return await act();
      } finally {
        // Also when it failed: nobody hears of that either.
        if (last) await die();
      }
    };
    const collection = <T>(name: string, schema: { parse(value: unknown): T }): Collection<T> => {
      const all = (documents.get(name) ?? new Map()) as Map<string, T>;
      documents.set(name, all);
      return {
        get: async (id) => (dead ? await never : all.get(id)),
        update: (id, change) =>
          step(() => {
            const next = change(all.get(id));
            if (next === undefined) all.delete(id);
            else all.set(id, schema.parse(JSON.parse(JSON.stringify(next))));
            return next;
          }),
        ids: async () => [...all.keys()],
        async *entries() {
          yield* all;
        },
      };
    };

    const place = (ref: ThreadRef, id: string) =>
      said.find((each) => each.id === id && threadKey(each.ref) === threadKey(ref));
    /** As in Slack: what was withdrawn is there again. */
    const put = (ref: ThreadRef, id: string, message: ChatMessage) =>
      void Object.assign(place(ref, id) ?? {}, { message, gone: false });
    const chat = {
      say: (ref, id, message) =>
        step(() => {
          if (!place(ref, id)) said.push({ ref, id, message, gone: false });
        }),
      change: (ref, id, message) => step(() => put(ref, id, message)),
      said: async (ref, prefix) =>
        said.flatMap((each) =>
          each.id.startsWith(prefix) && threadKey(each.ref) === threadKey(ref) ? [each.id] : [],
        ),
      refresh: (ref, id, message) => {
        refreshes += dead ? 0 : 1;
        if (!dead) put(ref, id, message);
      },
      withdraw: (ref, id) => step(() => void Object.assign(place(ref, id) ?? {}, { gone: true })),
      whisper: async (_, person, text) => void whispers.push(`${person}: ${text}`),
      nameOf: async (person) => person.replace(/^U0/, '').toLowerCase(),
    } satisfies Partial<Chat> as unknown as Chat;

    const workspaces = {
      projects: async () => ({ projects, ignored: [] }),
      list: () => [...infos.values()],
      find: (name) => infos.get(name),
      get: (name) => {
        const info = infos.get(name);
        if (!info) throw new FrontdeskError('workspace_unknown', `${name}.`);
        return info;
      },
      create: (request, progress) =>
        step(async () => {
          await broken.making;
          if (broken.create) throw broken.create;
          const name = request.name ?? '';
          const known = infos.get(name);
          if (known) return { info: known, reused: true };
          progress('making worktrees');
          const state: WorkspaceState = workspaceStateSchema.parse({
            version: 1,
            workspace: name,
            ...request,
            branch: `frontdesk/${name}`,
            createdAt: new Date(time).toISOString(),
            thread: null,
            routing: null,
            session: null,
          });
          const info = { name, folder: `/w/.builders/${name}`, state };
          infos.set(name, info);
          return { info, reused: false };
        }),
      updateState: (name, change) =>
        step(() => {
          const info = workspaces.get(name);
          const state = workspaceStateSchema.parse(JSON.parse(JSON.stringify(change(info.state))));
          infos.set(name, { ...info, state });
          return state;
        }),
      history: async () => [],
      diff: async (workspace) => ({ workspace, repositories: [], problems: [] }),
      promote: (workspace) =>
        step(() => {
          promoted.push(workspace);
          return { workspace, repositories: [] };
        }),
      reset: (name) =>
        step(() => {
          workspaces.get(name);
          return [{ repository: 'api', ref: 'refs/frontdesk/saved/1' }];
        }),
      cleanup: (name) =>
        step(() => {
          workspaces.get(name);
          infos.delete(name);
          archived.push(name);
          return { archive: `/w/archive/${name}`, saved: [], branches: [] };
        }),
    } satisfies Partial<Workspaces> as unknown as Workspaces;

    const bridge = createMemoryHosts(servers, { step, nextId: () => (ids += 1), now: () => time });

    const answering = async (url: string | URL | Request) => {
      if (down.has(new URL(url instanceof Request ? url.url : url).host)) throw new TypeError('fetch failed');
      return Response.json({});
    };
    const workPorts: WorkPorts = {
      workspaces,
      hosts: bridge.hosts,
      chat,
      places: {
        open: ({ id, project }) => step(() => (broken.places ? thread(`${project.project}-${id}`) : null)),
        openIn: ({ id, ref }) => step(() => (broken.places ? { ...ref, thread: id } : null)),
      },
      proposals: collection('proposals', proposalSchema),
      confirmations: collection('confirmations', confirmationSchema),
      activity: collection('activity', activitySchema),
      models,
      health: createModelHealth({ fetch: answering, now: () => time, rememberMs: 0 }),
      rules: defaultRoutingRules,
      maxSessions: options.maxSessions ?? 10,
      links: { openCode: 'https://oc.test', codeServer: 'https://code.test/' },
      isAllowed: (person) => person.startsWith('U0'),
      channelName: async () => '#dev',
      audit: ({ person, action, target, outcome }) => audit.push(`${person} ${action} ${target} ${outcome}`),
      log: createSilentLog(),
      now: () => time + setBy,
      steady: () => time,
      newMessageId: () => `msg_${(ids += 1)}`,
      ...ports,
    };
    const work: Work = createWork(workPorts);
    return {
      work,
      watcher: createWorldWatcher(workPorts, work, collection('told', toldSchema), options.policy),
      ports: workPorts,
      isDead: () => dead,
      /** From now on nothing of this life reaches anything. */
      crash: () => void (dead = true),
      get steps() {
        return steps;
      },
      released: () => bridge.released,
      hear: (event: HostEvent, host?: string) => bridge.hear(event, host),
      connect: (host: string, connected: boolean) => bridge.connect(host, connected),
    };
  };

  const stored = (name: string) => [...(documents.get(name)?.values() ?? [])];
  return {
    live,
    whispers,
    audit,
    infos,
    archived,
    promoted,
    down,
    broken,
    hosts: servers,
    proposals: () => stored('proposals').map((value) => proposalSchema.parse(value)),
    confirmations: () => stored('confirmations').map((value) => confirmationSchema.parse(value)),
    pass: (ms: number) => void (time += ms),
    /** Sets people's clock so far ahead of the time that passes, or behind it. */
    setClock: (ms: number) => void (setBy = ms),
    /** Changes of cards that need not arrive. */
    refreshes: () => refreshes,
    state: (name: string) => infos.get(name)?.state,
    session: (name: string) => {
      const { host = '', id = '' } = infos.get(name)?.state.session ?? {};
      return servers.get(host)?.sessions.get(id);
    },
    /** What a thread shows now, oldest first; a card as its title. */
    shown: (ref: ThreadRef) =>
      said
        .filter((each) => !each.gone && threadKey(each.ref) === threadKey(ref))
        .map(({ message }) =>
          message.kind === 'card' ? message.card.title : message.kind === 'text' ? message.markdown : '',
        ),
    cards: (ref: ThreadRef): Card[] =>
      said.flatMap(({ ref: at, gone, message }) =>
        !gone && message.kind === 'card' && threadKey(at) === threadKey(ref) ? [message.card] : [],
      ),
    /** Waits for it, on the event loop's own pace. */
    async until(condition: () => boolean, what: string) {
      const deadline = performance.now() + 30_000;
      while (!condition()) {
        if (performance.now() > deadline) throw new Error(`not in time: ${what}`);
        await setImmediate();
      }
    },
  };
}
export type WorkWorld = ReturnType<typeof createWorkWorld>;

/** Clicks the button with this label on the thread's newest card that has it. @returns what the clicker alone is told */
export async function clickButton(
  world: WorkWorld,
  work: Work,
  o: { ref: ThreadRef; label: string; person?: string; requestId?: string },
): Promise<string | null> {
  const button = world
    .cards(o.ref)
    .flatMap(({ buttons = [] }) => buttons)
    .findLast(({ label }) => label === o.label || label.startsWith(`${o.label} `));
  if (button === undefined) throw new Error(`no button ${o.label}`);
  const by = { person: o.person ?? anna, ref: o.ref, requestId: o.requestId ?? `click-${o.label}` };
  return await work.click(by, button.action, button.value);
}
