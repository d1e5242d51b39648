import { randomUUID } from 'node:crypto';
import {
  closeCodes,
  type Command,
  type CommandType,
  type FromHost,
  type FromService,
  fromHostSchema,
  type Hello,
  parseFrame,
  type Reply,
  type ReplyTo,
} from '../../agents/bridge/protocol.ts';
import { FrontdeskError } from '../../mcp-servers/kit/errors.ts';
import type { Log } from '../../mcp-servers/kit/log.ts';

/** One end of a WebSocket, so that the door to `ws` is elsewhere. */
export interface Line {
  send(data: string): void;
  /** `reason` is cut to the 123 bytes of a close frame. */
  close(code: number, reason: string): void;
  /** Without waiting for the other end. */
  terminate(): void;
}

type WithoutId<T> = T extends unknown ? Omit<T, 'request_id'> : never;
export type Request = WithoutId<Command>;

export interface ConnectionOptions {
  readonly line: Line;
  readonly hello: Hello;
  readonly log: Log;
  readonly requestTimeoutMs: number;
  /** Without any frame for so long, the line counts as dead. */
  readonly silenceMs: number;
  /** Ms by a clock that nobody sets. */
  readonly steady: () => number;
  readonly onFrame: (frame: Extract<FromHost, { type: 'event' | 'resync' }>) => void;
}

/** An accepted host's line. */
export interface Connection {
  readonly hello: Hello;
  /** When the last frame came, by {@link ConnectionOptions.steady}. */
  readonly heardAt: number;
  send(frame: FromService): void;
  /**
   * @throws FrontdeskError `host_unavailable` when the line ends or no answer comes in time; `opencode_failed` with
   * what the host said
   */
  request<R extends Request>(request: R): Promise<ReplyTo<R['type']>>;
  receive(data: string): void;
  /** The line has ended: fails what waits. */
  ended(): void;
  close(code: number, reason: string): void;
  /** Ends the line when nothing was heard for {@link ConnectionOptions.silenceMs}. */
  checkSilence(): void;
}

interface Waiting {
  readonly settle: (reply: Reply) => void;
  readonly fail: (error: Error) => void;
}

/** Requests and answers over one line; a frame that is not understood is logged and answered, and the line stays. */
export function createConnection(options: ConnectionOptions): Connection {
  const { line, hello, steady, requestTimeoutMs, silenceMs } = options;
  const log = options.log.child({ host: hello.host });
  const waiting = new Map<string, Waiting>();
  let heardAt = steady();
  let open = true;
  const send = (frame: FromService) => line.send(JSON.stringify(frame));
  const away = (detail: string) => new FrontdeskError('host_unavailable', detail);

  function take(frame: FromHost): void {
    switch (frame.type) {
      case 'ping':
        send({ type: 'pong', at: frame.at });
        if (frame.latency_ms !== undefined) log.debug({ latencyMs: frame.latency_ms }, 'hosts.ping.latency');
        return;
      case 'error':
        log.warn({ error: frame.error, requestId: frame.request_id }, 'hosts.frame.refused');
        if (frame.request_id !== undefined)
          waiting.get(frame.request_id)?.fail(new FrontdeskError('opencode_failed', frame.error));
        return;
      case 'event':
      case 'resync':
        return options.onFrame(frame);
      default:
        // An answer that came too late has nobody waiting.
        return waiting.get(frame.request_id)?.settle(frame);
    }
  }

  return {
    hello,
    get heardAt() {
      return heardAt;
    },
    send,
    request: <R extends Request>(request: R) => {
      if (!open) return Promise.reject(away(`${hello.host} is away.`));
      const request_id = randomUUID();
      const { promise, resolve, reject } = Promise.withResolvers<ReplyTo<R['type']>>();
      const timer = setTimeout(
        () =>
          reject(away(`${hello.host} did not answer ${request.type} within ${requestTimeoutMs / 1000} s.`)),
        requestTimeoutMs,
      );
      waiting.set(request_id, {
        settle: (reply) =>
          reply.type === 'session.error'
            ? reject(new FrontdeskError('opencode_failed', reply.error))
            : resolve(reply as ReplyTo<R['type'] & CommandType>),
        fail: reject,
      });
      send({ ...request, request_id });
      return promise.finally(() => {
        clearTimeout(timer);
        waiting.delete(request_id);
      });
    },
    receive(data) {
      heardAt = steady();
      const parsed = parseFrame(fromHostSchema, data);
      if (parsed.ok) return take(parsed.frame);
      log.warn({ error: parsed.error }, 'hosts.frame.bad');
      send({
        type: 'error',
        error: parsed.error,
        ...(parsed.requestId === undefined ? {} : { request_id: parsed.requestId }),
      });
    },
    ended() {
      open = false;
      for (const { fail } of waiting.values()) fail(away(`${hello.host} went away before it answered.`));
    },
    close: (code, reason) => line.close(code, reason),
    checkSilence() {
      if (steady() - heardAt <= silenceMs) return;
      log.warn({ silenceMs }, 'hosts.host.silent');
      line.close(closeCodes.silent, 'nothing heard');
      line.terminate();
    },
  };
}
