import { FrontdeskError } from '../../mcp-servers/kit/errors.ts';
import type { HostEvent, Hosts, HostSnapshot, WorkMessage } from '../../mcp-servers/kit/work.ts';

interface MemorySession {
  readonly id: string;
  readonly directory: string;
  readonly title: string;
  busy: boolean;
  readonly messages: (WorkMessage & { agent?: string; model?: string })[];
}

/** What OpenCode servers keep over a restart of the service, by host. */
export type MemoryServers = Map<
  string,
  {
    connected: boolean;
    /** The folder it takes sessions in; default all. */
    readonly root?: string;
    readonly sessions: Map<string, MemorySession>;
    milestones?: HostSnapshot['milestones'];
    todos?: HostSnapshot['todos'];
    /** Of this run of OpenCode. */
    run?: string;
  }
>;

/** {@link Hosts} as one life of the service sees them. For tests. */
export function createMemoryHosts(
  servers: MemoryServers,
  o: { step: <T>(act: () => T | Promise<T>) => Promise<T>; nextId: () => number; now: () => number },
) {
  const { step, nextId, now } = o;
  const eventListeners = new Set<(host: string, event: HostEvent) => void>();
  const hostListeners = new Set<(host: string, connected: boolean) => void>();
  const released: Pick<Parameters<Hosts['releaseWrite']>[0], 'sessionId' | 'holdId' | 'refusal'>[] = [];
  const sessionOf = (host: string, sessionId: string): MemorySession => {
    const server = servers.get(host);
    if (!server?.connected) throw new FrontdeskError('host_unavailable', host);
    const session = server.sessions.get(sessionId);
    if (!session) throw new FrontdeskError('host_unavailable', sessionId);
    return session;
  };
  const ports: Hosts = {
    list: () =>
      [...servers]
        .filter(([, { connected }]) => connected)
        .map(([host]) => ({ host, busy: 0, local: host === 'local' })),
    isConnected: (host) => servers.get(host)?.connected ?? false,
    instanceOf: (host) => (servers.get(host)?.connected ? (servers.get(host)?.run ?? 'run-1') : undefined),
    createSession: ({ directory, title }) =>
      step(() => {
        const [found] = [...servers].find(([, { connected }]) => connected) ?? [];
        if (found === undefined) throw new FrontdeskError('host_unavailable', 'None is connected.');
        const id = `ses_${nextId()}`;
        servers.get(found)?.sessions.set(id, { id, directory, title, busy: false, messages: [] });
        return { host: found, sessionId: id };
      }),
    send: ({ host, sessionId, messageId, text, agent, model }) =>
      step(() => {
        const session = sessionOf(host, sessionId);
        const queued = session.busy;
        if (session.messages.some(({ id }) => id === messageId)) return { queued };
        session.messages.push({ id: messageId, role: 'user', text, at: now(), agent, model });
        session.busy = true;
        return { queued };
      }),
    abort: ({ host, sessionId }) => step(() => void (sessionOf(host, sessionId).busy = false)),
    messages: async ({ host, sessionId, limit }) => sessionOf(host, sessionId).messages.slice(-limit),
    fork: ({ host, sessionId, title }) =>
      step(() => {
        const id = `ses_${nextId()}`;
        const original = sessionOf(host, sessionId);
        const copy = { ...original, id, title, busy: false, messages: [...original.messages] };
        servers.get(host)?.sessions.set(id, copy);
        return id;
      }),
    sessions: async ({ host, directory }) =>
      [...(servers.get(host)?.sessions.values() ?? [])]
        .filter((session) => session.directory === directory)
        .map(({ id, title, busy }) => ({ sessionId: id, title, busy })),
    release: async () => {},
    releaseWrite: async ({ host, sessionId, holdId, refusal }) => {
      await step(() => sessionOf(host, sessionId));
      released.push({ sessionId, holdId, refusal });
    },
    move: ({ host, sessionId, to, title }) =>
      step(() => {
        const session = sessionOf(host, sessionId);
        servers.get(host)?.sessions.set(sessionId, { ...session, directory: to, title, busy: false });
      }),
    serves: (host, directory) => directory.startsWith(servers.get(host)?.root ?? '/'),
    snapshot: async (host) => {
      const server = servers.get(host);
      if (!server?.connected) throw new FrontdeskError('host_unavailable', host);
      return {
        busy: [...server.sessions.values()]
          .filter(({ busy }) => busy)
          .map(({ id, directory }) => ({ sessionId: id, directory })),
        waiting: [],
        milestones: server.milestones ?? [],
        todos: server.todos ?? [],
      };
    },
    replyQuestion: async () => {},
    replyPermission: async () => {},
    readRequest: async () => {
      throw new FrontdeskError('opencode_failed', 'It does not wait any more.');
    },
    onEvent: (listener) => (
      eventListeners.add(listener),
      { [Symbol.dispose]: () => void eventListeners.delete(listener) }
    ),
    onHost: (listener) => (
      hostListeners.add(listener),
      { [Symbol.dispose]: () => void hostListeners.delete(listener) }
    ),
  };
  return {
    hosts: ports,
    /** Held writes, as they were let go or refused. */
    released,
    /** A host's event, as this life hears it. */
    hear(event: HostEvent, host = 'local') {
      for (const listener of eventListeners) listener(host, event);
    },
    connect(host: string, connected: boolean) {
      const server = servers.get(host) ?? { connected, sessions: new Map() };
      server.connected = connected;
      servers.set(host, server);
      for (const listener of hostListeners) listener(host, connected);
    },
  };
}
