import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

import { App, LogLevel, type HTTPReceiver } from '@slack/bolt';

import type { SlackServer } from '../types.ts';

export interface Target extends AsyncDisposable {
  readonly url: string;
}

/** A request URL that answers whatever `answer` says. */
export async function startTarget(
  answer: (headers: IncomingHttpHeaders) => { status: number; headers?: Record<string, string> },
): Promise<Target> {
  const server = createServer((request, response) => {
    const { status, headers } = answer(request.headers);
    request.resume().on('end', () => response.writeHead(status, headers).end());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** A real Bolt app in HTTP mode; it notes messages and clicks on `go`, and answers `/opencode`. */
export async function startHttpApp(
  slack: SlackServer,
  receiver: HTTPReceiver,
  seen: unknown[],
): Promise<Target> {
  const app = new App({
    token: slack.botToken,
    receiver,
    convoStore: false,
    deferInitialization: true,
    logLevel: LogLevel.ERROR,
    clientOptions: { slackApiUrl: slack.apiUrl },
  });
  app.message(async ({ message }) => void seen.push((message as { text?: string }).text));
  app.command('/opencode', async ({ ack, command }) => ack(`got ${command.text}`));
  app.action('go', async ({ ack, body }) => {
    await ack();
    seen.push(`click of ${body.user.id}`);
  });
  await app.init();
  const server = (await app.start({ port: 0, host: '127.0.0.1' })) as { address(): unknown };
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/slack/events`,
    async [Symbol.asyncDispose]() {
      await app.stop();
    },
  };
}
