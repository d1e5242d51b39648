import type { App, Receiver, ReceiverEvent } from '@slack/bolt';
import { SocketModeClient } from '@slack/socket-mode';
import { describeError, FrontdeskError } from '../../mcp-servers/kit/errors.ts';
import type { Log } from '../../mcp-servers/kit/log.ts';
import type { Probe } from '../../mcp-servers/kit/probe.ts';
import { createSlackLog } from './slack-log.ts';

/**
 * Hands one payload to Bolt and acknowledges it only when every listener is done with it: a listener returns once
 * what it was told is stored (IN-5). A listener that throws leaves the envelope unacknowledged, so Slack sends it again.
 */
export async function processThenAck(
  app: Pick<App, 'processEvent'>,
  event: Omit<ReceiverEvent, 'ack'>,
  ack: (response?: unknown) => Promise<void>,
): Promise<void> {
  let response: unknown;
  await app.processEvent({
    ...event,
    ack: async (given?: unknown) => {
      response ??= given;
    },
  });
  await ack(response);
}

export interface SocketReceiverOptions {
  readonly appToken: string;
  readonly slackApiUrl: string;
  /** Two by default: each socket is without connection for 5 s at every refresh (notes/slack.md D7). */
  readonly connections?: number;
  readonly log: Log;
  readonly probe: Probe;
  /** Called when a connection is there again after none was. */
  readonly onGapEnd: () => void;
}

interface Envelope {
  readonly ack: (response?: unknown) => Promise<void>;
  readonly body: ReceiverEvent['body'];
  readonly envelope_id: string;
  readonly retry_num?: number;
  readonly retry_reason?: string;
}

const startTimeoutMs = 30_000;
const stopTimeoutMs = 1000;

/** A Bolt receiver over several Socket Mode connections, hardened against the defects D3–D7 of notes/slack.md. */
export function createSocketReceiver(
  options: SocketReceiverOptions,
): Receiver & { readonly connected: number } {
  const { log } = options;
  const open = new Set<SocketModeClient>();
  let app: App | undefined;
  let hadGap = false;
  let stopping = false;

  const onEnvelope = async (envelope: Envelope): Promise<void> => {
    if (app === undefined || stopping) return; // Not acknowledged: Slack keeps it for the next process.
    try {
      const { retry_num: retryNum, retry_reason: retryReason, body } = envelope;
      const retry = {
        ...(retryNum === undefined ? {} : { retryNum }),
        ...(retryReason === undefined ? {} : { retryReason }),
      };
      await processThenAck(app, { body, ...retry }, envelope.ack);
      options.probe('envelope.acked', envelope.envelope_id);
    } catch (error) {
      log.warn({ err: describeError(error), envelope: envelope.envelope_id }, 'slack.envelope.unacked');
    }
  };

  const clients = Array.from({ length: options.connections ?? 2 }, () => {
    const client = hardenedClient(options.appToken, options.slackApiUrl, log);
    client.on('slack_event', (envelope: Envelope) => void onEnvelope(envelope));
    client.on('connected', () => {
      // It was connecting when it was told to stop.
      if (stopping) return void client.disconnect();
      open.add(client);
      log.info({ connections: open.size }, 'slack.socket.connected');
      if (hadGap) options.onGapEnd();
      hadGap = false;
    });
    const gone = () => {
      open.delete(client);
      if (open.size === 0 && !stopping) {
        hadGap = true;
        log.warn('slack.socket.none');
      }
    };
    client.on('disconnected', gone);
    client.on('reconnecting', gone);
    client.on('close', gone);
    return client;
  });

  return {
    get connected() {
      return open.size;
    },
    init(given: App) {
      app = given;
    },
    async start() {
      const first = Promise.any(clients.map((client) => client.start())).catch((error: unknown) => {
        // They end by themselves only when Slack will not have the token; each says the same.
        const [cause] = error instanceof AggregateError ? (error.errors as unknown[]) : [error];
        const detail = `SLACK_APP_TOKEN was tried: ${describeError(cause)}.`;
        throw new FrontdeskError('slack_refused', detail, { cause });
      });
      await withTimeout(
        first,
        startTimeoutMs,
        'No Socket Mode connection within 30 s; check SLACK_APP_TOKEN and the network.',
      );
    },
    async stop() {
      stopping = true;
      await Promise.all(
        clients.map(async (client) => {
          await withTimeout(client.disconnect(), stopTimeoutMs, '').catch(() => {});
          // Its wait for the other side's close, and its pings, would keep the process alive for 30 s.
          (client as unknown as Internals).websocket?.cleanup();
        }),
      );
    },
  };
}

/** The private methods that have to be guarded; upstream guards them from socket-mode 3.2.0 on. */
interface Internals {
  onWebSocketMessage(data: unknown, isBinary: boolean): Promise<void>;
  delayReconnectAttempt(callback: () => Promise<unknown>): Promise<unknown>;
  websocket?: { cleanup(): void };
}

function hardenedClient(appToken: string, slackApiUrl: string, log: Log): SocketModeClient {
  const client = new SocketModeClient({
    appToken,
    // Not its own: that writes to the console, past the redaction of our log.
    logger: createSlackLog(log),
    // D5, D6: finite retries end in a crash, uncapped ones in 40-minute waits. Own object: the client writes into it (D2).
    clientOptions: {
      slackApiUrl,
      timeout: 10_000,
      retryConfig: { forever: true, factor: 1.5, minTimeout: 500, maxTimeout: 30_000 },
    },
  });
  const internals = client as unknown as Internals;
  // D3: a frame without `.event`, such as app_rate_limited, throws in an async handler nobody awaits.
  client.removeAllListeners('ws_message');
  client.on('ws_message', (data: unknown, isBinary: boolean) => {
    internals.onWebSocketMessage(data, isBinary).catch((error: unknown) => {
      log.warn({ err: describeError(error) }, 'slack.frame.dropped');
    });
  });
  // D4, D5: a reconnect that is cut short rejects a promise nobody holds.
  const delay = internals.delayReconnectAttempt.bind(client);
  internals.delayReconnectAttempt = (callback) => delay(() => callback.apply(client).catch(() => {}));
  return client;
}

async function withTimeout<T>(work: Promise<T>, timeoutMs: number, message: string): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(message)), timeoutMs);
  try {
    return await Promise.race([work, promise]);
  } finally {
    clearTimeout(timer);
  }
}
