import type { Server } from 'node:http';
import { closeCodes, silenceMs as defaultSilenceMs } from '../../agents/bridge/protocol.ts';
import { describeError, FrontdeskError } from '../../mcp-servers/kit/errors.ts';
import type { Log } from '../../mcp-servers/kit/log.ts';
import type { HostEvent, Hosts } from '../../mcp-servers/kit/work.ts';
import { type Connection, createConnection, type Request } from './connection.ts';
import { type Dialled, openEndpoint } from './endpoint.ts';
import { type BridgeToken, decideHandshake } from './handshake.ts';
import { toHostSnapshot } from './host-event.ts';
import { createHostRecord, type HostRecord } from './host-record.ts';
import { decidePlacement, hasDirectory } from './placement.ts';

export interface HostsOptions {
  /** Each with the one host that may use it, or for any host that dials in. */
  readonly tokens: readonly BridgeToken[];
  readonly log: Log;
  /** Default 60 s: the first request in a directory makes its instance: a second alone, ten times that when ten start. */
  readonly requestTimeoutMs?: number | undefined;
  /** Name of the host the service starts itself; preferred between equals. Default `local`. */
  readonly localHost?: string | undefined;
  /** Ms by a clock that nobody sets. */
  readonly steady?: (() => number) | undefined;
  /** Default 10 s from the connection to the hello. */
  readonly helloMs?: number | undefined;
  /** How long a line may be silent, and how often that is looked at; default 40 s and 5 s. */
  readonly silence?: { readonly ms: number; readonly checkMs: number } | undefined;
}

export interface HostRegistry extends Hosts {
  /** Takes the bridge's WebSockets on `/ws/bridge` of this server, until disposed: then every line is closed. */
  attach(server: Server): AsyncDisposable;
  /** @throws FrontdeskError `host_unavailable` when it is not there in time */
  whenConnected(host: string, timeoutMs: number): Promise<void>;
}

/** A line with no frame for so long gives way to another that claims its name; pings come every 15 s. */
const staleMs = 20_000;

/** {@link Hosts} over the bridge: a registry of the OpenCode servers that dial in. */
export function createHosts(options: HostsOptions): HostRegistry {
  const { tokens, log, requestTimeoutMs = 60_000, localHost = 'local', silence } = options;
  const steady = options.steady ?? (() => performance.now());
  const records = new Map<string, HostRecord>();
  const eventListeners = new Set<(host: string, event: HostEvent) => void>();
  const hostListeners = new Set<(host: string, connected: boolean) => void>();

  const call = (listener: () => void) => {
    try {
      listener();
    } catch (error) {
      log.error({ error: describeError(error) }, 'hosts.listener.failed');
    }
  };
  const tell = (host: string, events: readonly HostEvent[]) => {
    for (const event of events) for (const listener of eventListeners) call(() => listener(host, event));
  };
  const tellHost = (host: string, connected: boolean) => {
    for (const listener of hostListeners) call(() => listener(host, connected));
  };
  const recordOf = (name: string): HostRecord => {
    const record = records.get(name) ?? createHostRecord(name);
    records.set(name, record);
    return record;
  };
  const connected = () => [...records.values()].filter(({ connection }) => connection !== undefined);

  /** A host said hello. @returns its connection, or why it is refused */
  function accept({ hello, token, line }: Dialled): Connection | string {
    const old = records.get(hello.host)?.connection;
    const current = old && { instance: old.hello.instance, quietMs: steady() - old.heardAt };
    const refusal = decideHandshake({ hello, token, tokens, current, staleMs });
    if (refusal !== undefined) return refusal;
    const record = recordOf(hello.host);
    old?.close(closeCodes.replaced, 'dialled again');
    old?.ended();
    const connection = createConnection({
      line,
      hello,
      log,
      requestTimeoutMs,
      silenceMs: silence?.ms ?? defaultSilenceMs,
      steady,
      onFrame: (frame) => {
        // A frame of a line that was replaced.
        if (record.connection !== connection) return;
        const told = frame.type === 'event' ? record.event(frame) : record.resync(frame);
        if (told !== 'gap') return tell(record.name, told);
        log.warn({ host: record.name, after: record.lastSeq }, 'hosts.events.gap');
        connection.send({ type: 'resync.request', after: record.lastSeq });
      },
    });
    record.connection = connection;
    const { resumeFrom, events } = record.welcome(hello);
    connection.send({ type: 'welcome', protocol: hello.protocol, resume_from: resumeFrom });
    const { opencode, roots, instance } = hello;
    log.info({ host: hello.host, opencode, roots, instance, resumeFrom }, 'hosts.host.connected');
    tell(hello.host, events);
    if (!old) tellHost(hello.host, true);
    return connection;
  }

  function closed(connection: Connection): void {
    connection.ended();
    const record = recordOf(connection.hello.host);
    if (record.connection !== connection) return;
    record.connection = undefined;
    log.warn({ host: record.name }, 'hosts.host.lost');
    tellHost(record.name, false);
  }

  async function ask<R extends Request>(host: string, request: R) {
    const connection = records.get(host)?.connection;
    if (!connection) throw new FrontdeskError('host_unavailable', `${host} is away.`);
    return await connection.request(request);
  }

  function place(directory: string): string {
    const candidates = connected().map((record) => ({
      host: record.name,
      roots: record.connection?.hello.roots ?? [],
      load: record.load(steady()),
      local: record.name === localHost,
    }));
    const host = decidePlacement(candidates, directory);
    if (host !== undefined) return host;
    const names = candidates.map(({ host, roots }) => `${host} (${roots.join(', ')})`).join('; ');
    throw new FrontdeskError('host_unavailable', `None has ${directory}. Connected: ${names || 'none'}.`);
  }

  const listen = <T>(listeners: Set<T>, listener: T): Disposable => {
    listeners.add(listener);
    return { [Symbol.dispose]: () => void listeners.delete(listener) };
  };

  return {
    attach: (server) =>
      openEndpoint({
        server,
        tokens,
        log,
        accept,
        closed,
        connected,
        helloMs: options.helloMs,
        silenceCheckMs: silence?.checkMs,
      }),
    async whenConnected(host, timeoutMs) {
      const arrived = Promise.withResolvers<void>();
      using _listening = listen(hostListeners, (name: string, here: boolean) => {
        if (name === host && here) arrived.resolve();
      });
      if (records.get(host)?.connection) return;
      const late = () => arrived.reject(new FrontdeskError('host_unavailable', `${host} did not dial in.`));
      const timer = setTimeout(late, timeoutMs);
      try {
        await arrived.promise;
      } finally {
        clearTimeout(timer);
      }
    },
    list: () => connected().map(({ name, busy }) => ({ host: name, busy, local: name === localHost })),
    isConnected: (host) => records.get(host)?.connection !== undefined,
    instanceOf: (host) => records.get(host)?.connection?.hello.instance,
    async createSession({ directory, title, host = place(directory) }) {
      const roots = records.get(host)?.connection?.hello.roots;
      if (roots && !hasDirectory(roots, directory))
        throw new FrontdeskError('host_unavailable', `${host} does not have ${directory}.`);
      const settle = recordOf(host).reserve(steady());
      try {
        const { session_id } = await ask(host, { type: 'session.create', directory, title });
        settle(session_id);
        return { host, sessionId: session_id };
      } catch (error) {
        settle();
        throw error;
      }
    },
    async send({ host, sessionId, messageId, ...rest }) {
      const ids = { session_id: sessionId, message_id: messageId };
      return { queued: (await ask(host, { type: 'session.message', ...ids, ...rest })).queued };
    },
    async abort({ host, sessionId, directory }) {
      await ask(host, { type: 'session.abort', directory, session_id: sessionId });
    },
    async messages({ host, sessionId, directory, limit }) {
      const request = { type: 'session.messages', directory, session_id: sessionId, limit } as const;
      return (await ask(host, request)).messages;
    },
    async fork({ host, sessionId, directory, title }) {
      const request = { type: 'session.fork', directory, session_id: sessionId, title } as const;
      return (await ask(host, request)).session_id;
    },
    async sessions({ host, directory }) {
      const { sessions } = await ask(host, { type: 'session.list', directory });
      return sessions.map(({ session_id, title, busy }) => ({ sessionId: session_id, title, busy }));
    },
    async snapshot(host) {
      return toHostSnapshot(await ask(host, { type: 'host.snapshot' }));
    },
    async releaseWrite({ host, sessionId, directory, holdId, refusal }) {
      const form = refusal?.form?.map(({ options, ...question }) => ({
        ...question,
        options: options.map((option) => ({ ...option })),
      }));
      await ask(host, {
        type: 'write.release',
        directory,
        session_id: sessionId,
        hold_id: holdId,
        decision: refusal === null ? 'go' : 'refuse',
        ...(refusal === null ? {} : { message: refusal.message }),
        ...(form === undefined ? {} : { form }),
      });
    },
    async move({ host, sessionId, directory, to, title }) {
      await ask(host, { type: 'session.move', directory, session_id: sessionId, to, title });
    },
    serves: (host, directory) => hasDirectory(records.get(host)?.connection?.hello.roots ?? [], directory),
    async release({ host, directory }) {
      await ask(host, { type: 'instance.release', directory });
    },
    async replyQuestion({ host, directory, requestId, answers }) {
      const chosen = answers && answers.map((labels) => [...labels]);
      await ask(host, { type: 'question.reply', directory, question_id: requestId, answers: chosen });
    },
    async replyPermission({ host, directory, requestId, ...reply }) {
      await ask(host, { type: 'permission.reply', directory, permission_id: requestId, ...reply });
    },
    async readRequest({ host, directory, requestId }) {
      const { request, cut = false } = await ask(host, { type: 'ask.read', directory, ask_id: requestId });
      return { request, cut };
    },
    onEvent: (listener) => listen(eventListeners, listener),
    onHost: (listener) => listen(hostListeners, listener),
  };
}
