import { z } from 'zod';
import type { ThreadRef } from '../kit/chat.ts';
import { clip } from './blocks.ts';
import { buildMetadata, type Lookup } from './outbox/lookup.ts';
import type { SlackWeb } from './web.ts';

/** How text is shown while it grows. All calls throw SlackFailure. */
export interface StreamWire {
  /** The Web API methods whose pace counts. */
  readonly startMethod: string;
  readonly growMethod: string;
  readonly everyMs: number;
  /** @returns the new message's `ts` */
  start(id: string, text: string): Promise<string>;
  grow(ts: string, shown: string, more: string): Promise<void>;
  end(ts: string): Promise<void>;
  /** The message of a `start` whose answer was lost. */
  find(id: string, sinceMs: number, known: ReadonlySet<string>): Promise<string | undefined>;
}

export interface StreamWireDeps {
  readonly web: SlackWeb;
  readonly lookup: Lookup;
}

const posted = z.object({ ts: z.string() });

/** Slack's own streams. They answer a message in a thread, and take appends 100 times a minute (notes/slack.md §3). */
export function createNativeWire(
  { web, lookup }: StreamWireDeps,
  ref: ThreadRef,
  recipient: string,
): StreamWire {
  const { channel, thread, team } = ref;
  const to = { thread_ts: thread, recipient_team_id: team, recipient_user_id: recipient };
  return {
    startMethod: 'chat.startStream',
    growMethod: 'chat.appendStream',
    everyMs: 700,
    start: async (_, text) =>
      posted.parse(await web.call('chat.startStream', { channel, ...to, markdown_text: text })).ts,
    grow: async (ts, _, more) =>
      void (await web.call('chat.appendStream', { channel, ts, markdown_text: more })),
    end: async (ts) => void (await web.call('chat.stopStream', { channel, ts })),
    find: (_, sinceMs, known) => lookup.stream(ref, sinceMs, known),
  };
}

/**
 * A message that is updated while its text grows: for the top level of a DM, where a native stream would need a thread.
 * chat.update is limited to 50 a minute for the workspace, so it grows in larger steps.
 */
export function createEditedWire({ web, lookup }: StreamWireDeps, ref: ThreadRef): StreamWire {
  const { channel } = ref;
  const content = (text: string) => ({
    channel,
    text: clip(text, 3000),
    blocks: [{ type: 'markdown', text }],
  });
  return {
    startMethod: 'chat.postMessage',
    growMethod: 'chat.update',
    everyMs: 1500,
    start: async (id, text) =>
      posted.parse(await web.call('chat.postMessage', { ...content(text), metadata: buildMetadata(id) })).ts,
    grow: async (ts, shown, more) => void (await web.call('chat.update', { ts, ...content(shown + more) })),
    end: async () => {},
    find: (id, sinceMs) => lookup.message(ref, id, sinceMs),
  };
}
