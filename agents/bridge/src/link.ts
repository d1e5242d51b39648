import {
  type Command,
  type FromHost,
  type FromService,
  fromServiceSchema,
  type Hello,
  parseFrame,
  pingMs,
  protocolVersion,
  type Reply,
  type ResyncFrame,
  silenceMs,
} from '../protocol.ts';
import type { Ring } from './ring.ts';

/** The part of the WebSocket standard that is used; Bun's and Node's take headers. */
export interface Socket {
  readonly readyState: number;
  /** Bytes not yet sent. */
  readonly bufferedAmount: number;
  send(data: string): void;
  close(): void;
  addEventListener(type: 'open', listener: () => void): void;
  addEventListener(type: 'message', listener: (event: { data: unknown }) => void): void;
  addEventListener(type: 'close', listener: (event: { code: number; reason: string }) => void): void;
  addEventListener(type: 'error', listener: () => void): void;
}

export type Say = (level: 'debug' | 'info' | 'warn' | 'error', message: string) => void;

export interface LinkOptions {
  readonly dial: () => Socket;
  readonly hello: () => Promise<Omit<Hello, 'seq' | 'type' | 'protocol'>>;
  readonly ring: Ring;
  /** Never throws: what fails is a `session.error`. */
  readonly run: (command: Command) => Promise<Reply>;
  readonly snapshot: () => Promise<Omit<ResyncFrame, 'type' | 'seq'>>;
  readonly say: Say;
  /** Ms by a clock that nobody sets: with a wall clock set back, a dead line would go unnoticed for as long. */
  readonly steady: () => number;
  /** Default 1, 2, 4 … 30 s. */
  readonly backoffMs?: (attempt: number) => number;
  readonly limits?: { readonly pingMs: number; readonly silenceMs: number };
}

export interface Link {
  /** New events are in the ring. */
  pump(): void;
  /** The service has welcomed us. */
  readonly connected: boolean;
  close(): void;
}

/** Bytes waiting in the socket above which events are left in the ring: a slow line costs no memory. */
const fullAt = 1_000_000;
const open = 1;

/** 1, 2, 4 … 30 s for attempts 0, 1, 2 … */
export const backoffMs = (attempt: number) => Math.min(1_000 * 2 ** Math.min(attempt, 5), 30_000);

/**
 * Keeps one connection to the service, for ever (BR-1). Events are read from the ring by number: what could not be sent
 * is sent later, and what the ring has forgotten meanwhile is replaced by how things stand.
 */
export function createLink(options: LinkOptions): Link {
  const { ring, say, steady, run, backoffMs: waitMs = backoffMs } = options;
  const limits = options.limits ?? { pingMs, silenceMs };
  let socket: Socket | undefined;
  let welcome = false;
  let sent = 0;
  let resyncing = false;
  let attempt = 0;
  let heardAt = 0;
  let latency: number | undefined;
  let refused: string | undefined;
  let closed = false;
  let retry: ReturnType<typeof setTimeout> | undefined;

  const send = (frame: FromHost | Hello) => {
    if (socket?.readyState === open) socket.send(JSON.stringify(frame));
  };

  async function resync(): Promise<void> {
    if (resyncing) return;
    resyncing = true;
    const own = socket;
    try {
      // The number first: an event that comes while things are read is sent after, and wins.
      const seq = ring.head;
      const standing = await options.snapshot();
      if (own !== socket || !welcome) return;
      sent = seq;
      send({ type: 'resync', seq, ...standing });
    } catch (error) {
      say('warn', `resync failed: ${String(error)}`);
      own?.close();
    } finally {
      resyncing = false;
    }
    pump();
  }

  function pump(): void {
    if (!welcome || resyncing || !socket) return;
    while (sent < ring.head && socket.bufferedAmount < fullAt) {
      const json = ring.frame(sent + 1);
      if (json === undefined) return void resync();
      socket.send(json);
      sent += 1;
    }
  }

  function take(frame: FromService): void {
    switch (frame.type) {
      case 'welcome':
        welcome = true;
        attempt = 0;
        refused = undefined;
        say('info', `connected, resuming from ${frame.resume_from ?? 'now'}`);
        // An unknown past is told as it stands, after the events that no line has carried yet.
        if (frame.resume_from !== null) sent = Math.min(frame.resume_from, ring.head);
        pump();
        if (frame.resume_from === null) void resync();
        return;
      case 'refused':
        refused = frame.reason;
        return say('error', `refused: ${frame.reason}`);
      case 'pong':
        latency = Math.round(steady() - frame.at);
        return say('debug', `latency ${latency} ms`);
      case 'resync.request':
        sent = Math.min(frame.after, ring.head);
        return pump();
      case 'error':
        return say('warn', `the service did not understand: ${frame.error}`);
      default:
        void run(frame).then(send);
    }
  }

  function receive(data: unknown): void {
    heardAt = steady();
    const parsed = parseFrame(fromServiceSchema, String(data));
    if (parsed.ok) return take(parsed.frame);
    say('warn', `bad frame: ${parsed.error}`);
    const { error, requestId } = parsed;
    send(
      requestId === undefined
        ? { type: 'error', error }
        : { type: 'session.error', request_id: requestId, error },
    );
  }

  function lost(own: Socket, why: string): void {
    if (own !== socket) return;
    socket = undefined;
    welcome = false;
    if (closed) return;
    // Refused for a reason that only a person can mend: no need to hurry.
    const delay = refused === undefined ? waitMs(attempt++) : waitMs(30);
    say('warn', `disconnected (${why}), dialling again in ${delay / 1000} s`);
    retry = setTimeout(connect, delay);
    unref(retry);
  }

  function connect(): void {
    if (closed) return;
    let own: Socket;
    try {
      own = options.dial();
    } catch (error) {
      say('error', `cannot dial: ${String(error)}`);
      retry = setTimeout(connect, waitMs(attempt++));
      return unref(retry);
    }
    socket = own;
    heardAt = steady();
    own.addEventListener('open', () => {
      void options.hello().then((hello) => {
        if (own === socket) send({ type: 'hello', protocol: protocolVersion, seq: ring.head, ...hello });
      });
    });
    own.addEventListener('message', ({ data }) => {
      if (own === socket) receive(data);
    });
    own.addEventListener('error', () => {}); // followed by close
    own.addEventListener('close', ({ code, reason }) => lost(own, `${code} ${reason}`.trim()));
  }

  const heartbeat = setInterval(() => {
    if (!socket) return;
    if (steady() - heardAt > limits.silenceMs) {
      const dead = socket;
      dead.close();
      // A close handshake over a dead line may never end.
      return lost(dead, 'nothing heard');
    }
    if (welcome)
      send({ type: 'ping', at: steady(), ...(latency === undefined ? {} : { latency_ms: latency }) });
  }, limits.pingMs);
  /** A full socket says nothing when it drains. */
  const drain = setInterval(pump, 500);
  unref(heartbeat);
  unref(drain);
  connect();

  return {
    pump,
    get connected() {
      return socket !== undefined && welcome;
    },
    close() {
      closed = true;
      clearInterval(heartbeat);
      clearInterval(drain);
      clearTimeout(retry);
      socket?.close();
    },
  };
}

/** Our timers must not keep OpenCode alive. */
function unref(timer: ReturnType<typeof setTimeout>): void {
  timer.unref();
}
