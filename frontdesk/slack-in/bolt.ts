/** The one door to Bolt: what comes in from Slack, guarded, parsed, and handed on as {@link Incoming}. */
import { setTimeout as delay } from 'node:timers/promises';
import { type AllMiddlewareArgs, App, type Receiver } from '@slack/bolt';
import { z } from 'zod';
import { describeError, FrontdeskError } from '../../mcp-servers/kit/errors.ts';
import type { Log } from '../../mcp-servers/kit/log.ts';
import type { Incoming } from '../threads/incoming.ts';
import { type Allowlist, decideServe, identify } from './identity.ts';
import { parseClick, parseEvent, placeOf } from './parse.ts';
import { homeOpenedSchema } from './schema.ts';
import { createSlackLog } from './slack-log.ts';
import { registerSurfaces, type Shown, type Surfaces } from './surfaces.ts';

export interface SlackInOptions {
  readonly botToken: string;
  readonly botUserId: string;
  readonly slackApiUrl: string;
  readonly receiver: Receiver;
  readonly allow: Allowlist;
  readonly log: Log;
  /** Resolves once what came in is stored. Rejecting leaves it unacknowledged: Slack sends it again. */
  readonly onIncoming: (incoming: Incoming) => Promise<Shown | void>;
  /** A person opened App Home (IN-10). */
  readonly onHome: (who: { team: string; person: string }) => Promise<void>;
  readonly surfaces: Surfaces;
  /** Takes the secrets out of forms and answers to commands. */
  readonly redact: (text: string) => string;
  /** Someone who is not served knocked (IN-2): counted, logged, never answered. */
  readonly onRefused: (way: string) => void;
}

/** Slack shows a person an error when a click is not acknowledged within 3 s; it is never sent again. */
const patienceMs = 2000;

type Wares = AllMiddlewareArgs & {
  body: unknown;
  payload: unknown;
  ack?: (response?: never) => Promise<void>;
};

/**
 * Connects, and serves until disposed. The bot token has been proven by then.
 * @throws FrontdeskError slack_refused for a wrong app token, slack_unreachable when no connection comes about
 */
export async function connectSlackIn(options: SlackInOptions): Promise<AsyncDisposable> {
  const { botToken: token, botUserId, slackApiUrl, receiver, log } = options;
  const app = new App({
    token,
    receiver,
    logger: createSlackLog(log),
    convoStore: false,
    ignoreSelf: false, // It misses our own edits; `identify` does it for all kinds.
    deferInitialization: true, // D8: otherwise a bad token ends the process from nowhere.
    extendedErrorHandler: true,
    clientOptions: {
      slackApiUrl,
      timeout: 15_000,
      rejectRateLimitedCalls: true,
      retryConfig: { retries: 2, maxTimeout: 5000 },
    },
  });
  await app.init();

  // Rethrown, so that the receiver does not acknowledge what was not stored.
  app.error(async ({ error }: { error: Error }) => {
    throw error;
  });

  app.use(async (args) => {
    const { body, ack, next } = args as unknown as Wares;
    const who = identify(body, botUserId);
    const verdict = decideServe(who, options.allow);
    if (verdict === 'serve') return await next();
    if (verdict === 'refuse') {
      log.warn(
        { way: who.way, user: who.user, team: who.team, channel: who.channel },
        'slack.stranger.refused',
      );
      options.onRefused(who.way);
    }
    // An empty acknowledgement shows nothing; none at all would show the stranger an error of ours.
    await ack?.();
  });

  const take = async (incoming: Incoming | null) =>
    incoming === null ? null : ((await options.onIncoming(incoming)) ?? null);

  app.event(/.*/, async ({ body, client }) => {
    const incoming = readable(log, () => parseEvent(body, botUserId));
    await take(
      incoming?.kind === 'stop' && incoming.via === 'reaction'
        ? await locate(incoming, client, log)
        : incoming,
    );
  });
  app.event('app_home_opened', async ({ body, event }) => {
    const opened = readable(log, () => homeOpenedSchema.parse(event));
    if (opened?.tab === 'home') await options.onHome({ team: body.team_id, person: opened.user });
  });
  const openView = registerSurfaces(app, options);
  const show = async (click: Extract<Incoming, { kind: 'action' }>, shown: Shown): Promise<void> => {
    if (shown === null) return;
    const { author: person, ref, clickId: requestId, trigger = '' } = click;
    if ('view' in shown) await openView(trigger, shown.view);
    else await options.surfaces.whisper({ person, ref, requestId }, shown.text);
  };
  app.action(/.*/, async ({ body, ack }) => {
    const click = readable(log, () => parseClick(body));
    if (click?.kind !== 'action') {
      await take(click);
      return await ack();
    }
    const answer = take(click);
    const first = await Promise.race([answer, delay(patienceMs, 'slow' as const, { ref: false })]);
    if (first !== 'slow') await show(click, first);
    else
      answer
        .then((shown) => show(click, shown))
        .catch((error: unknown) => log.error({ err: describeError(error) }, 'slack.click.failed'));
    await ack();
  });

  try {
    await app.start();
  } catch (error) {
    await app.stop().catch(() => {});
    if (error instanceof FrontdeskError) throw error;
    throw new FrontdeskError('slack_unreachable', describeError(error), { cause: error });
  }
  return {
    async [Symbol.asyncDispose]() {
      await app.stop();
    },
  };
}

function readable<T>(log: Log, parse: () => T): T | null {
  try {
    return parse();
  } catch (error) {
    // Sent again it would be no better: it is acknowledged, and told here.
    log.error({ err: describeError(error) }, 'slack.payload.unreadable');
    return null;
  }
}

const rootSchema = z.object({
  messages: z.array(z.object({ ts: z.string(), thread_ts: z.string().optional() })),
});

/** Slack does not say which thread a reacted message is in. */
async function locate(
  incoming: Incoming & { kind: 'stop' },
  client: App['client'],
  log: Log,
): Promise<Incoming> {
  const { ref } = incoming;
  try {
    const reply = await client.conversations.replies({ channel: ref.channel, ts: ref.thread, limit: 1 });
    const [message] = rootSchema.parse(reply).messages;
    return { ...incoming, ref: placeOf(ref.team, ref.channel, ref.thread, message?.thread_ts) };
  } catch (error) {
    log.warn({ err: describeError(error) }, 'slack.reaction.unplaced');
    return incoming;
  }
}
