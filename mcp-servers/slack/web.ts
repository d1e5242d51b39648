import { type Logger, LogLevel, WebClient } from '@slack/web-api';
import { FrontdeskError } from '../kit/errors.ts';
import type { Log } from '../kit/log.ts';
import { classifySlackError, SlackFailure } from './slack-failure.ts';

/** The one door to Slack's Web API. */
export interface SlackWeb {
  /**
   * One attempt, no retries: the outbox knows what may be repeated.
   * @throws SlackFailure
   */
  call(method: string, args?: Record<string, unknown>): Promise<Record<string, unknown>>;
  /**
   * Sends a file's bytes to where `files.getUploadURLExternal` said.
   * @throws SlackFailure
   */
  upload(url: string, content: Uint8Array): Promise<void>;
}

export interface SlackClient extends SlackWeb {
  /**
   * Unix ms by Slack's own clock, as its last answer told: never ahead of it, seconds behind at most. Message ids are times of
   * that clock, and ours may be wrong. Before the first answer it is ours.
   */
  readonly slackNow: () => number;
}

export interface SlackWebOptions {
  readonly token: string;
  /** Default https://slack.com/api/ */
  readonly apiUrl?: string;
  readonly log: Log;
  /** The token goes wherever `apiUrl` points, so anything but slack.com and loopback needs this. */
  readonly allowForeignApi?: boolean;
  /** Milliseconds for one request. web-api's own default is none. */
  readonly timeoutMs?: number;
}

/** @throws FrontdeskError config_invalid when `apiUrl` is neither Slack's nor loopback */
export function createSlackWeb(options: SlackWebOptions): SlackClient {
  const { token, apiUrl = 'https://slack.com/api/', log, timeoutMs = 15_000 } = options;
  if (!options.allowForeignApi && !isTrusted(apiUrl)) {
    throw new FrontdeskError('config_invalid', `The Slack token would be sent to ${apiUrl}.`);
  }
  /** Slack's clock against one that nobody sets. */
  let aheadMs: number | undefined;
  // An options object of our own, without `headers`: WebClient writes into both (notes/slack.md, D1 and D2).
  const client = new WebClient(token, {
    slackApiUrl: apiUrl,
    logger: createQuietLogger(log),
    timeout: timeoutMs,
    rejectRateLimitedCalls: true,
    retryConfig: { retries: 0 },
    maxRequestConcurrency: 100,
    async fetch(...request) {
      const response = await fetch(...request);
      const told = Date.parse(response.headers.get('date') ?? '');
      if (!Number.isNaN(told)) aheadMs = told - performance.now();
      return response;
    },
  });

  return {
    slackNow: () => (aheadMs === undefined ? Date.now() : Math.floor(performance.now() + aheadMs)),
    async call(method, args = {}) {
      try {
        return { ...(await client.apiCall(method, args)) };
      } catch (error) {
        throw new SlackFailure(method, classifySlackError(error), { cause: error });
      }
    },
    async upload(url, content) {
      const body = new FormData();
      body.append('body', new Blob([content]));
      const signal = AbortSignal.timeout(timeoutMs * 4);
      // The address itself is the permission; our token has no business there.
      const response = await fetch(url, { method: 'POST', body, redirect: 'error', signal }).catch(
        (error: unknown) => {
          throw new SlackFailure('files.upload', classifySlackError(error), { cause: error });
        },
      );
      await response.text();
      if (response.ok) return;
      const error = { code: 'slack_webapi_http_error', statusCode: response.status };
      throw new SlackFailure('files.upload', classifySlackError(error));
    },
  };
}

function isTrusted(apiUrl: string): boolean {
  const url = URL.parse(apiUrl);
  if (url === null) return false;
  const { protocol, hostname } = url;
  if (protocol === 'https:' && (hostname === 'slack.com' || hostname.endsWith('.slack.com'))) return true;
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);
}

/** WebClient's remarks go to our log; its debug lines hold whole messages and are left out. */
function createQuietLogger(log: Log): Logger {
  const say =
    (level: 'warn' | 'error') =>
    (...parts: unknown[]) => {
      log[level]({ said: parts.map(String).join(' ').slice(0, 500) }, 'slack.client.said');
    };
  return {
    debug() {},
    info() {},
    warn: say('warn'),
    error: say('error'),
    setLevel() {},
    getLevel: () => LogLevel.WARN,
    setName() {},
  };
}
