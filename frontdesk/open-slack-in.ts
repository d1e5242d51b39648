/** The way in from Slack: the connection, where each thing goes, and the reading of what was missed without one. */
import type { Collection } from '../mcp-servers/kit/store/collection.ts';
import type { Probe } from '../mcp-servers/kit/probe.ts';
import type { Config } from './config/schema.ts';
import { publishIdleHome } from './home/open-home.ts';
import type { Ground } from './open-ground.ts';
import type { OpenRooms } from './open-rooms.ts';
import { createRouteIncoming } from './route-incoming.ts';
import { connectSlackIn } from './slack-in/bolt.ts';
import { beginMarks, catchUp, channelMarkSchema, markChannel } from './slack-in/catch-up.ts';
import { createReceiver } from './slack-in/create-receiver.ts';
import { createGap } from './slack-in/gap.ts';
import { createRooms } from './slack-in/rooms.ts';
import type { Incoming } from './threads/incoming.ts';
import type { ThreadRecord } from './threads/record.ts';
import type { Threads } from './threads/threads.ts';
import { createUntaken } from './untaken.ts';
import {
  createIdleSurfaces,
  createWorkSurfaces,
  type SurfaceParts,
  type WorkMentions,
} from './work/surfaces.ts';

export interface OpenSlackInOptions {
  readonly config: Config;
  readonly ground: Ground;
  readonly records: Collection<ThreadRecord>;
  readonly threads: Threads;
  /** This and the next two: undefined without a workspace root. */
  readonly rooms: OpenRooms | undefined;
  readonly workParts: SurfaceParts | undefined;
  readonly mentions: WorkMentions | undefined;
  readonly probe: Probe;
}

export interface OpenSlackIn extends AsyncDisposable {
  /** In HTTP mode, where Slack's requests go; else ''. */
  readonly url: string;
  /** For /health; in HTTP mode Slack comes to us, and nobody can say whether it would. */
  health(): 'connected' | 'disconnected' | 'listening';
  /** Reads what was missed while the service was down. Returns at once: Slack may be slow, or away. */
  readMissed(): void;
}

/** @throws FrontdeskError slack_refused for a wrong app token, slack_unreachable when no connection comes about */
export async function openSlackIn(options: OpenSlackInOptions): Promise<OpenSlackIn> {
  const { config, records, threads, rooms, workParts, mentions, probe } = options;
  const { log, redact, metrics, store, web, chat, teamId, botUserId } = options.ground;
  await using stack = new AsyncDisposableStack();
  const marks = store.collection({ name: 'channels', schema: channelMarkSchema, version: 1 });
  const clicks = createRooms(rooms?.clickable ?? []);
  const onIncoming = createRouteIncoming({
    clicks,
    threads,
    rooms,
    isOrder: (text) => mentions?.isOrder(text) ?? false,
    // While something is missed, a newer message does not mean that all before it came.
    async onTaken({ ref, messageId }) {
      if (gap.closed) await markChannel(marks, ref.channel, messageId);
    },
  });
  const reading = {
    web,
    teamId,
    botUserId,
    allow: config,
    records,
    marks,
    onIncoming: async (incoming: Incoming) => void (await onIncoming(incoming)),
    log,
    now: web.slackNow,
  };
  await beginMarks(marks, web.slackNow());
  const gap = stack.use(createGap({ attempt: (giveUp) => catchUp({ ...reading, giveUp }) }));
  const onUntaken = createUntaken({ chat, log, readMissed: () => gap.read() });
  const receiver = createReceiver(config, { log, probe, metrics, onGapEnd: () => gap.read() });
  stack.use(
    await connectSlackIn({
      botToken: config.botToken,
      botUserId,
      slackApiUrl: config.slackApiUrl,
      receiver,
      allow: config,
      redact,
      log,
      async onIncoming(incoming) {
        try {
          return await onIncoming(incoming);
        } catch (error) {
          onUntaken(incoming, error);
          throw error;
        }
      },
      surfaces:
        workParts === undefined
          ? createIdleSurfaces(() => threads.running)
          : createWorkSurfaces({ ...workParts, rooms: clicks }),
      onHome: async ({ person }) => await (rooms?.home.opened(person) ?? publishIdleHome(web, person)),
      onRefused: (way) => metrics.count('slack_refused_total', { way }),
    }),
  );
  const owned = stack.move();
  return {
    url: 'address' in receiver ? receiver.address() : '',
    health() {
      if ('address' in receiver) return 'listening';
      return receiver.connected > 0 ? 'connected' : 'disconnected';
    },
    readMissed: () => gap.read(),
    [Symbol.asyncDispose]: () => owned[Symbol.asyncDispose](),
  };
}
