import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { type RawData, type WebSocket, WebSocketServer } from 'ws';
import {
  anyHelloSchema,
  closeCodes,
  cut,
  type Hello,
  helloSchema,
  parseFrame,
  protocolVersion,
} from '../../agents/bridge/protocol.ts';
import type { Log } from '../../mcp-servers/kit/log.ts';
import type { Connection, Line } from './connection.ts';
import { type BridgeToken, describeVersionMismatch } from './handshake.ts';
import type { HostRecord } from './host-record.ts';

const bridgePath = '/ws/bridge';

/** A host that has a valid token and said hello in our protocol. */
export interface Dialled {
  readonly hello: Hello;
  readonly token: BridgeToken;
  readonly line: Line;
}

export interface EndpointOptions {
  readonly server: Server;
  readonly tokens: readonly BridgeToken[];
  readonly log: Log;
  readonly accept: (dialled: Dialled) => Connection | string;
  readonly closed: (connection: Connection) => void;
  readonly connected: () => HostRecord[];
  /** How long a line may take for its hello; default 10 s. */
  readonly helloMs?: number | undefined;
  /** Between two looks for lines gone silent; default 5 s. */
  readonly silenceCheckMs?: number | undefined;
}

/** Bytes. 200 messages of 20,000 characters. */
const maxFrame = 16 * 1024 * 1024;
const defaultHelloMs = 10_000;
const defaultSilenceCheckMs = 5_000;

const digest = (value: string) => createHash('sha256').update(value).digest();

/** Compared as digests, so that neither length nor a common beginning shows in the time taken. */
function findToken(tokens: readonly BridgeToken[], header: string | undefined): BridgeToken | undefined {
  const given = digest(/^Bearer (.+)$/.exec(header ?? '')?.[1] ?? '');
  return tokens.filter(({ value }) => value !== '' && timingSafeEqual(digest(value), given))[0];
}

/** Node takes its own listeners off an upgraded socket: a caller that hangs up before our answer would end the service. */
function refuseUpgrade(socket: Duplex, status: string): void {
  socket.on('error', () => {});
  socket.end(`HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
}

/** A close frame holds 123 bytes of reason. */
function lineOf(socket: WebSocket): Line {
  return {
    send: (data) => void (socket.readyState === socket.OPEN && socket.send(data)),
    close: (code, reason) => socket.close(code, Buffer.from(cut(reason, 120)).subarray(0, 123)),
    terminate: () => socket.terminate(),
  };
}

const textOf = (data: RawData) =>
  (Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data as Buffer)).toString();

/** The one door to `ws`: takes the bridge's upgrades of an HTTP server, by bearer token and hello. */
export function openEndpoint(options: EndpointOptions): AsyncDisposable {
  const { server, tokens, log, helloMs = defaultHelloMs, silenceCheckMs = defaultSilenceCheckMs } = options;
  const wss = new WebSocketServer({ noServer: true, maxPayload: maxFrame });

  function greet(data: string, token: BridgeToken, line: Line): Connection | string {
    const any = parseFrame(anyHelloSchema, data);
    if (!any.ok) return `A hello was expected: ${any.error}`;
    if (any.frame.protocol !== protocolVersion) return describeVersionMismatch(any.frame.protocol);
    const hello = parseFrame(helloSchema, data);
    return hello.ok ? options.accept({ hello: hello.frame, token, line }) : hello.error;
  }

  function serve(socket: WebSocket, token: BridgeToken, from: string | undefined): void {
    const line = lineOf(socket);
    let connection: Connection | undefined;
    const refuse = (reason: string) => {
      log.warn({ reason, from }, 'hosts.host.refused');
      line.send(JSON.stringify({ type: 'refused', reason }));
      line.close(closeCodes.refused, reason);
    };
    // Not refused, which a person would have to mend: a busy machine is only slow, and dials again at once.
    const unheard = setTimeout(() => {
      log.warn({ from }, 'hosts.hello.missing');
      line.close(closeCodes.silent, 'no hello came');
    }, helloMs);
    socket.on('message', (data) => {
      if (connection) return connection.receive(textOf(data));
      clearTimeout(unheard);
      if (socket.readyState !== socket.OPEN) return;
      const greeted = greet(textOf(data), token, line);
      if (typeof greeted === 'string') refuse(greeted);
      else connection = greeted;
    });
    socket.on('error', (err) => log.warn({ err, from }, 'hosts.line.failed'));
    socket.on('close', () => {
      clearTimeout(unheard);
      if (connection) options.closed(connection);
    });
  }

  const onUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    // Whatever stands in the request line, and whoever wrote it: the token comes later.
    const path = URL.parse(request.url ?? '/', 'http://gateway')?.pathname;
    if (path !== bridgePath) {
      // Another listener may want it; alone, nobody else will answer.
      if (server.listenerCount('upgrade') === 1) refuseUpgrade(socket, '404 Not Found');
      return;
    }
    const token = findToken(tokens, request.headers.authorization);
    const from = request.socket.remoteAddress;
    if (!token) {
      log.warn({ from }, 'hosts.token.refused');
      return refuseUpgrade(socket, '401 Unauthorized');
    }
    wss.handleUpgrade(request, socket, head, (ws) => serve(ws, token, from));
  };
  server.on('upgrade', onUpgrade);
  const ticker = setInterval(() => {
    for (const { connection } of options.connected()) connection?.checkSilence();
  }, silenceCheckMs);
  ticker.unref();

  return {
    async [Symbol.asyncDispose]() {
      clearInterval(ticker);
      server.off('upgrade', onUpgrade);
      const gone = Promise.withResolvers<void>();
      wss.close(() => gone.resolve());
      for (const socket of wss.clients) {
        socket.close(closeCodes.leaving, 'the service stops');
        socket.terminate();
      }
      await gone.promise;
    },
  };
}
