import { App, LogLevel, SocketModeReceiver, type AppOptions, type Logger } from '@slack/bolt';
import { WebClient } from '@slack/web-api';

import type { SlackServer } from '../types.ts';

export interface RunningApp extends AsyncDisposable {
  readonly app: App;
}

/** Starts a real Bolt app in Socket Mode against the server. @param register adds the listeners */
export async function startBoltApp(
  slack: SlackServer,
  register: (app: App) => void = () => {},
  options: AppOptions = {},
): Promise<RunningApp> {
  const app = new App({
    token: slack.botToken,
    appToken: slack.appToken,
    socketMode: true,
    convoStore: false,
    deferInitialization: true,
    logLevel: LogLevel.ERROR,
    clientOptions: { slackApiUrl: slack.apiUrl },
    ...options,
    ...(options.receiver ? { socketMode: false } : {}),
  });
  register(app);
  const before = slack.sockets.count;
  await app.init();
  await app.start();
  await slack.until(() => slack.sockets.count > before, 'a connection');
  return {
    app,
    async [Symbol.asyncDispose]() {
      // stop() resolves before the connection is closed.
      await app.stop();
      await slack.until(() => slack.sockets.count <= before, 'the connection to end');
    },
  };
}

/** A receiver that reconnects within moments instead of five seconds. */
export function quickReceiver(slack: SlackServer): SocketModeReceiver {
  const retryConfig = { forever: true, factor: 1, minTimeout: 50, maxTimeout: 50 };
  return new SocketModeReceiver({
    appToken: slack.appToken,
    clientPingTimeout: 100,
    logger: silent,
    installerOptions: { clientOptions: { slackApiUrl: slack.apiUrl, retryConfig } },
  });
}

const silent: Logger = {
  debug() {},
  info() {},
  warn() {},
  error() {},
  setLevel() {},
  getLevel: () => LogLevel.ERROR,
  setName() {},
};

/** A real WebClient that fails at once instead of retrying. */
export function clientOf(slack: SlackServer, token: string = slack.botToken): WebClient {
  return new WebClient(token, {
    slackApiUrl: slack.apiUrl,
    rejectRateLimitedCalls: true,
    retryConfig: { retries: 0 },
    logger: silent,
    timeout: 5_000,
  });
}

/** @returns Slack's error code of a refused call, and the data that came with it. */
export async function refusal(call: Promise<unknown>): Promise<Record<string, unknown> & { error: string }> {
  try {
    await call;
  } catch (error) {
    const { data, code } = error as { data?: Record<string, unknown> & { error: string }; code?: string };
    return data ?? { error: String(code) };
  }
  throw new Error('the call was not refused');
}
