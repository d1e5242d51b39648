import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type App, HTTPModuleFunctions as http, type Receiver } from '@slack/bolt';
import { describeError } from '../../mcp-servers/kit/errors.ts';
import type { Log } from '../../mcp-servers/kit/log.ts';
import { processThenAck } from './receiver.ts';

export interface HttpReceiverOptions {
  readonly signingSecret: string;
  readonly host: string;
  readonly port: number;
  readonly log: Log;
  /** `webhook_rejections_total`: a request whose signature is missing, wrong or stale. */
  readonly onRejected: () => void;
}

/** Bolt's own check leaves timestamps of the future in (notes/slack.md D13). */
const maxSkewSeconds = 300;

/** A Bolt receiver for HTTP mode (IN-1) at `/slack/events`: verified, 401 otherwise, answered when stored. */
export function createHttpReceiver(
  options: HttpReceiverOptions,
): Receiver & { readonly address: () => string } {
  const { signingSecret, host, port, log } = options;
  let app: App | undefined;

  /** @returns null for a time that is not now, before anything of the body is read */
  const verify = async (request: IncomingMessage) => {
    const stamp = Number(request.headers['x-slack-request-timestamp']);
    if (!(Math.abs(Date.now() / 1000 - stamp) <= maxSkewSeconds)) return null;
    // Anybody can reach this address: without a limit Bolt reads all they send before it looks at the signature.
    const { defaultBodyLimit: bodyLimit } = http;
    return await http.parseAndVerifyHTTPRequest({ signingSecret, enabled: true, bodyLimit }, request);
  };

  const onRequest = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (app === undefined || request.method !== 'POST' || request.url?.split('?')[0] !== '/slack/events')
      return http.buildNoBodyResponse(response, 404);
    const verified = await verify(request).catch(
      (error: unknown) => (log.debug({ err: describeError(error) }, 'slack.webhook.unverified'), null),
    );
    if (verified === null) {
      log.warn({ from: request.socket.remoteAddress }, 'slack.webhook.rejected');
      options.onRejected();
      // What is still to come of its body is not waited for.
      response.setHeader('connection', 'close');
      return http.buildNoBodyResponse(response, 401);
    }
    const body = http.parseHTTPRequestBody(verified);
    if (body.ssl_check) return http.buildSSLCheckResponse(response);
    if (body.type === 'url_verification') return http.buildUrlVerificationResponse(response, body);
    const retryNum = http.extractRetryNumFromHTTPRequest(request);
    await processThenAck(app, { body, ...(retryNum === undefined ? {} : { retryNum }) }, async (answer) => {
      if (answer === undefined || answer === '') http.buildNoBodyResponse(response, 200);
      else http.buildContentResponse(response, answer);
    });
  };

  const server = createServer((request, response) => {
    onRequest(request, response).catch((error: unknown) => {
      log.warn({ err: describeError(error) }, 'slack.webhook.failed');
      // 500 makes Slack send it again.
      if (!response.headersSent) http.buildNoBodyResponse(response, 500);
    });
  });

  return {
    address() {
      const address = server.address();
      return typeof address === 'object' && address !== null
        ? `http://${host}:${address.port}/slack/events`
        : '';
    },
    init(given: App) {
      app = given;
    },
    async start() {
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      server.once('error', reject).listen(port, host, resolve);
      await promise;
      return server;
    },
    async stop() {
      const { promise, resolve } = Promise.withResolvers<void>();
      server.close(() => resolve());
      server.closeAllConnections();
      await promise;
    },
  };
}
