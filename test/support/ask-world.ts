import { setImmediate } from 'node:timers/promises';
import { createAsks } from '../../frontdesk/asks/asks.ts';
import type { MakeExtension } from '../../frontdesk/asks/contract.ts';
import type { AskPorts } from '../../frontdesk/asks/ports.ts';
import { askRulesSchema } from '../../frontdesk/asks/record.ts';
import { type Ask, askSchema } from '../../mcp-servers/kit/asks.ts';
import { type Card, type ThreadRef, threadKey } from '../../mcp-servers/kit/chat.ts';
import { FrontdeskError } from '../../mcp-servers/kit/errors.ts';
import { createSilentLog } from '../../mcp-servers/kit/log.ts';
import { policySchema } from '../../mcp-servers/kit/policy.ts';
import type { Collection } from '../../mcp-servers/kit/store/collection.ts';
import {
  type HostEvent,
  type HostSnapshot,
  type WorkspaceInfo,
  type WorkspaceState,
  workspaceStateSchema,
} from '../../mcp-servers/kit/work.ts';
import { createMemoryChat, type MemoryPost } from './memory-chat.ts';

export const anna = 'U0ANNA';
export const ben = 'U0BEN';
export const workspace = 'ai-dev-api';
export const sessionId = 'ses_1';
export const thread = (name: string): ThreadRef => ({ team: 'T', channel: 'C0DEV', thread: name, dm: false });
export const here = thread('1.0');

export const question = {
  questions: [
    {
      question: 'Which style?',
      header: 'Style',
      options: [
        { label: 'REST (Recommended)', description: '' },
        { label: 'gRPC', description: '' },
      ],
    },
  ],
};
export const permission = {
  permission: 'bash',
  patterns: ['rm -rf build'],
  metadata: { command: 'rm -rf build' },
};

type Waiting = HostSnapshot['waiting'][number];

/** What the asks room sees, in memory; `live()` is one life of the service in it. For tests. */
export function createAskWorld(
  options: { policy?: object; extensions?: (ports: AskPorts) => readonly MakeExtension[] } = {},
) {
  let time = Date.parse('2026-11-20T10:00:00Z');
  const said: MemoryPost[] = [];
  const files: string[] = [];
  const documents = new Map<string, Map<string, unknown>>();
  const host = {
    connected: true,
    instance: 'run-1',
    waiting: [] as Waiting[],
    /** What OpenCode was answered, and told as messages. */
    replies: [] as string[],
    messages: [] as string[],
    /** Answers arrive and nobody hears of it. */
    deaf: false,
    snapshots: 0,
    /** What was too large for an event, by request; another is not given whole. */
    wholes: new Map<string, unknown>(),
    /** A session that asks is at work. */
    busy: [{ sessionId, directory: '/w/api' }],
  };
  const state: WorkspaceState = workspaceStateSchema.parse({
    version: 1,
    workspace,
    project: { category: 'ai-dev', project: 'api' },
    title: 'API',
    repositories: ['api'],
    branch: 'b',
    createdBy: anna,
    createdAt: new Date(time).toISOString(),
    thread: here,
    routing: null,
    session: {
      id: sessionId,
      host: 'local',
      agent: 'builder',
      model: 'm/1',
      status: 'running',
      startedAt: new Date(time).toISOString(),
    },
  });
  const infos = new Map<string, WorkspaceInfo>([[workspace, { name: workspace, folder: '/w/api', state }]]);
  const words: { author: string; text: string; messageId: string }[] = [];
  const audit: string[] = [];
  const remembered: string[] = [];
  /** What its state file said of asks, change by change. */
  const stateFiles: string[] = [];

  const snapshot = () => ({ waiting: [...host.waiting], busy: [...host.busy] });

  const live = (crashAt = Infinity) => {
    let [steps, dead] = [0, false];
    const never = new Promise<never>(() => {});
    /** One step on the outside; of the last one nobody hears. */
    const step = async <T>(act: () => T | Promise<T>): Promise<T> => {
      if (dead) return await never;
      steps += 1;
      const last = steps === crashAt;
      if (last) dead = true;
      const result = await act();
      return last ? await never : result;
    };
    const collection = <T>(name: string, schema: { parse(value: unknown): T }): Collection<T> => {
      const all = (documents.get(name) ?? new Map()) as Map<string, T>;
      documents.set(name, all);
      return {
        get: async (id) => (dead ? await never : all.get(id)),
        update: (id, change, { durable = true } = {}) =>
          step(() => {
            const before = all.get(id);
            const next = change(before);
            if (next === undefined) all.delete(id);
            // Killed before it is written: a life that goes on sees it, the next one does not.
            else if (durable || !dead) all.set(id, schema.parse(JSON.parse(JSON.stringify(next))));
            return next;
          }),
        ids: async () => [...all.keys()],
        async *entries() {
          yield* all;
        },
      };
    };
    const chat = createMemoryChat({ said, files, step });
    const events = new Set<(host: string, event: HostEvent) => void>();
    const comings = new Set<(host: string, connected: boolean) => void>();
    const take = (requestId: string, reply: string) =>
      step(() => {
        if (!host.connected) throw new FrontdeskError('host_unavailable', 'local is away.');
        const index = host.waiting.findIndex((each) => each.requestId === requestId);
        if (index === -1) throw new FrontdeskError('opencode_failed', '404');
        host.waiting.splice(index, 1);
        host.replies.push(`${requestId}: ${reply}`);
        if (host.deaf) throw new FrontdeskError('host_unavailable', 'local went away before it answered.');
      });
    const ports: AskPorts = {
      asks: collection('asks', askSchema),
      rules: collection('rules', askRulesSchema),
      hosts: {
        list: () => (host.connected ? [{ host: 'local', busy: 0, local: true }] : []),
        isConnected: () => host.connected,
        instanceOf: () => (host.connected ? host.instance : undefined),
        snapshot: async () => {
          host.snapshots += 1;
          if (!host.connected) throw new FrontdeskError('host_unavailable', 'local is away.');
          return { ...snapshot(), milestones: [], todos: [] };
        },
        send: ({ text }) =>
          step(() => {
            if (!host.connected) throw new FrontdeskError('host_unavailable', 'local is away.');
            host.messages.push(text);
            return { queued: false };
          }),
        readRequest: ({ requestId }) =>
          step(() => {
            const whole = host.wholes.get(requestId);
            if (whole === undefined) throw new FrontdeskError('opencode_failed', 'not understood');
            return { request: whole, cut: false };
          }),
        replyQuestion: ({ requestId, answers }) => take(requestId, JSON.stringify(answers)),
        replyPermission: ({ requestId, reply, message = '' }) =>
          take(requestId, `${reply} ${message}`.trim()),
        onEvent: (listener) => (
          events.add(listener),
          { [Symbol.dispose]: () => void events.delete(listener) }
        ),
        onHost: (listener) => (
          comings.add(listener),
          { [Symbol.dispose]: () => void comings.delete(listener) }
        ),
      },
      workspaces: {
        list: () => [...infos.values()],
        find: (name) => infos.get(name),
        updateState: async (name, change) => {
          const info = infos.get(name);
          if (info === undefined) throw new FrontdeskError('workspace_unknown', name);
          const next = change(info.state);
          if (next !== info.state) stateFiles.push(JSON.stringify(next['asks']));
          infos.set(name, { ...info, state: next });
          return next;
        },
      },
      chat,
      policyOf: () => policySchema.parse(options.policy ?? {}),
      acceptWords: ({ author, text, messageId }) => step(() => void words.push({ author, text, messageId })),
      remember: (_, text) => void remembered.push(text),
      isAllowed: (person) => person.startsWith('U0'),
      extensions: [],
      metrics: { observe: () => {}, gauge: () => {} },
      audit: ({ person, action, outcome }) => void audit.push(`${person} ${action} ${outcome}`),
      log: createSilentLog(),
      now: () => time,
      steady: () => time,
      newMessageId: () => 'msg_1',
    };
    const asks = createAsks({ ...ports, extensions: options.extensions?.(ports) ?? [] });
    const hear = (event: HostEvent) => {
      if (!dead) for (const listener of events) listener('local', event);
    };
    return {
      asks,
      hear,
      isDead: () => dead,
      /** OpenCode asks; its bridge tells it. */
      ask(
        kind: 'question' | 'permission',
        requestId: string,
        request: unknown,
        of = sessionId,
        more: object = {},
      ) {
        host.waiting.push({ kind, sessionId: of, directory: '/w/api', requestId, request, ...more });
        hear({ kind, sessionId: of, requestId, request, ...more });
      },
      /** Answered in OpenCode's own UI. */
      elsewhere(requestId: string, answer: string[][] | string | null) {
        host.waiting = host.waiting.filter((each) => each.requestId !== requestId);
        hear({ kind: 'askEnded', sessionId, requestId, answer });
      },
      connect(connected: boolean) {
        host.connected = connected;
        for (const listener of comings) listener('local', connected);
      },
      look: async () => await asks.observe('local', snapshot(), time),
      async press(label: string, person = anna, ref = here) {
        const button = cards(ref)
          .flatMap(({ buttons = [] }) => buttons)
          .findLast((each) => each.label === label);
        if (button === undefined) throw new Error(`no button ${label}`);
        return await asks.click(
          { person, ref, requestId: `${label}/${person}` },
          button.action,
          button.value,
        );
      },
    };
  };

  const cards = (ref: ThreadRef): Card[] =>
    said.flatMap(({ ref: at, gone, message }) =>
      !gone && message.kind === 'card' && threadKey(at) === threadKey(ref) ? [message.card] : [],
    );
  const stored = () => [...(documents.get('asks')?.values() ?? [])] as Ask[];
  return {
    live,
    host,
    said,
    files,
    words,
    audit,
    remembered,
    stateFiles,
    stored,
    cards,
    info: () => infos.get(workspace),
    setState: (change: (before: WorkspaceState) => WorkspaceState) => {
      const info = infos.get(workspace);
      if (info) infos.set(workspace, { ...info, state: change(info.state) });
    },
    removeWorkspace: () => void infos.delete(workspace),
    pass: (ms: number) => void (time += ms),
    /** OpenCode ends and comes back: it knows of nothing that waited. */
    restartHost: () => Object.assign(host, { instance: `${host.instance}+`, waiting: [] }),
    async until(condition: () => boolean, what: string) {
      const deadline = performance.now() + 30_000;
      while (!condition()) {
        if (performance.now() > deadline) throw new Error(`not in time: ${what}`);
        await setImmediate();
      }
    },
  };
}
export type AskWorld = ReturnType<typeof createAskWorld>;
export type AskLife = ReturnType<AskWorld['live']>;

/** A world with a life that has begun. */
export async function beginAsks(
  world = createAskWorld(),
): Promise<{ readonly world: AskWorld; readonly life: AskLife }> {
  const life = world.live();
  await life.asks.resumeAll();
  return { world, life };
}

/** Waits until a card of the thread shows these words. */
export async function cardShows(world: AskWorld, words: string, ref = here): Promise<void> {
  await world.until(() => world.cards(ref).some((card) => JSON.stringify(card).includes(words)), words);
}

export const statusesOf = (world: AskWorld) => world.stored().map(({ status }) => status);
