import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';

import { WebSocket, WebSocketServer } from 'ws';
import { z } from 'zod';

import type { Changes } from '../changes.ts';
import type { Clock } from '../clock.ts';
import type { Journal } from '../journal.ts';
import type { Json } from '../store/model.ts';
import { tenths, type SendOutcome, type Transport } from './transport.ts';

/** Slack allows an app this many connections. */
const maxSockets = 10;
const ticketLifeMs = 30_000;
const ackSchema = z.object({ envelope_id: z.string(), payload: z.looseObject({}).optional() });

type DisconnectReason = 'warning' | 'refresh_requested' | 'too_many_websockets' | 'link_disabled';

/** What tests do to the connections. */
export interface Sockets {
  /** Open connections. */
  readonly count: number;
  /** Connections made since the start. */
  readonly opened: number;
  /** Cuts every connection without a word. */
  dropAll(): void;
  /** Refuses new connections until called with false, or for `forMs` real milliseconds. */
  refuse(refused: boolean, forMs?: number): void;
  readonly refusing: boolean;
  /** Sends Slack's `disconnect` frame to all, or to the one at `index`. */
  disconnect(reason: DisconnectReason, index?: number): void;
  /** The frame that says events were withheld; it has no inner event. */
  appRateLimited(): void;
  /** Any frame, to every connection. */
  sendRaw(frame: string): void;
}

export interface SocketHub extends Transport {
  readonly sockets: Sockets;
  /** @returns the ws:// URL with its single-use ticket. */
  open(host: string): string;
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  stop(): void;
}

export interface SocketHubOptions {
  readonly clock: Clock;
  readonly changes: Changes;
  readonly journal: Journal;
  readonly appId: string;
  readonly teamId: string;
  readonly pingMs: number;
}

type Waiting = (outcome: { payload: Json } | { reason: string }) => void;

/** @returns the Socket Mode side: tickets, hello, pings, round robin, acknowledgements. */
export function createSocketHub(options: SocketHubOptions): SocketHub {
  const { clock, changes, journal, appId, teamId } = options;
  const server = new WebSocketServer({ noServer: true });
  const tickets = new Map<string, number>();
  const open: WebSocket[] = [];
  const waiting = new Map<string, { socket: WebSocket; done: Waiting }>();
  let turn = 0;
  let opened = 0;
  let refused = false;

  const note = (name: string) => {
    journal.add({ kind: 'socket', name, data: { open: open.length } });
    changes.emit({ kind: 'socket' });
  };

  const connected = (socket: WebSocket) => {
    open.push(socket);
    opened++;
    socket.on('message', (data: Buffer) => {
      const ack = parseAck(data.toString());
      if (ack) waiting.get(ack.envelope_id)?.done({ payload: ack.payload ?? {} });
      else journal.add({ kind: 'socket', name: 'bad-frame', data: data.toString().slice(0, 200) });
    });
    socket.on('error', () => socket.terminate());
    const ping = setInterval(() => socket.ping(), options.pingMs);
    socket.on('close', () => {
      clearInterval(ping);
      open.splice(open.indexOf(socket), 1);
      for (const entry of waiting.values())
        if (entry.socket === socket) entry.done({ reason: 'connection_failed' });
      note('closed');
    });
    const debug = { host: 'applink-local', build_number: 1, approximate_connection_time: 18_060 };
    const hello = { type: 'hello', num_connections: open.length, debug_info: debug };
    socket.send(JSON.stringify({ ...hello, connection_info: { app_id: appId } }));
    note('opened');
  };

  const frameAll = (frame: string, index?: number) => {
    for (const socket of index === undefined ? [...open] : open.slice(index, index + 1)) socket.send(frame);
  };

  return {
    sockets: {
      get count() {
        return open.length;
      },
      get opened() {
        return opened;
      },
      dropAll() {
        for (const socket of open) socket.terminate();
      },
      get refusing() {
        return refused;
      },
      refuse(value, forMs) {
        refused = value;
        if (value && forMs !== undefined) clock.afterReal(forMs, () => (refused = false));
      },
      disconnect(reason, index) {
        const frame = { type: 'disconnect', reason, debug_info: { host: 'applink-local' } };
        frameAll(JSON.stringify(frame), index);
        note(`disconnect.${reason}`);
      },
      appRateLimited() {
        const payload = {
          type: 'app_rate_limited',
          team_id: teamId,
          minute_rate_limited: Math.floor(clock.now() / 60_000) * 60,
          api_app_id: appId,
        };
        const envelope = { envelope_id: randomUUID(), type: 'events_api', accepts_response_payload: false };
        frameAll(JSON.stringify({ ...envelope, payload, retry_attempt: 0, retry_reason: '' }));
      },
      sendRaw: (frame) => frameAll(frame),
    },
    open(host) {
      const ticket = randomUUID();
      tickets.set(ticket, clock.now());
      return `ws://${host}/link/?ticket=${ticket}&app_id=${appId}`;
    },
    upgrade(request, socket, head) {
      const ticket = new URL(request.url ?? '', 'http://localhost').searchParams.get('ticket') ?? '';
      const issuedAt = tickets.get(ticket);
      tickets.delete(ticket);
      if (refused || issuedAt === undefined || clock.now() - issuedAt > ticketLifeMs) {
        journal.add({ kind: 'socket', name: 'refused' });
        socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n');
        return;
      }
      server.handleUpgrade(request, socket, head, (upgraded) => {
        if (open.length < maxSockets) return connected(upgraded);
        const frame = { type: 'disconnect', reason: 'too_many_websockets' };
        upgraded.send(JSON.stringify(frame));
        upgraded.close();
        note('too-many');
      });
    },
    send({ type, payload, attempt, reason }, ackMs) {
      const usable = open.filter((socket) => socket.readyState === WebSocket.OPEN);
      const socket = usable[turn++ % Math.max(1, usable.length)];
      if (!socket) return Promise.resolve({ acked: false, reason: 'connection_failed', retry: true });
      const envelopeId = randomUUID();
      const accepts = type !== 'events_api';
      const retries = accepts ? {} : { retry_attempt: attempt, retry_reason: reason };
      const frame = { envelope_id: envelopeId, payload, type, accepts_response_payload: accepts, ...retries };
      const sentAt = performance.now();
      return new Promise<SendOutcome>((resolve) => {
        const done: Waiting = (result) => {
          cancel();
          waiting.delete(envelopeId);
          const ms = tenths(performance.now() - sentAt);
          if ('payload' in result) resolve({ acked: true, payload: result.payload, ms });
          else resolve({ acked: false, reason: result.reason, retry: true });
        };
        const cancel = clock.afterReal(ackMs, () => done({ reason: 'timeout' }));
        waiting.set(envelopeId, { socket, done });
        socket.send(JSON.stringify(frame));
      });
    },
    stop() {
      for (const socket of open) socket.terminate();
      server.close();
    },
  };
}

function parseAck(frame: string): z.infer<typeof ackSchema> | undefined {
  try {
    return ackSchema.parse(JSON.parse(frame));
  } catch {
    return undefined;
  }
}
