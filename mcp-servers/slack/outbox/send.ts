import { z } from 'zod';
import type { ThreadRef } from '../../kit/chat.ts';
import type { Probe } from '../../kit/probe.ts';
import { SlackFailure } from '../slack-failure.ts';
import type { SlackWeb } from '../web.ts';
import { partId } from './decide.ts';
import type { Content, Entry, ThreadOutbox, Wish } from './entry.ts';
import { buildMetadata, type Lookup } from './lookup.ts';

/** A stream of this process, brought to rest. */
export interface SettledStream {
  /** Its messages in order, with the text Slack confirmed. */
  readonly segments: readonly { readonly ts: string; readonly text: string }[];
  /** False when a call's answer was lost, so that more or less may be shown. */
  readonly certain: boolean;
}

export interface SendDeps {
  readonly web: SlackWeb;
  readonly lookup: Lookup;
  readonly probe: Probe;
  /** Waits until the stream of this id rests; undefined when this process has none. */
  readonly settleStream: (id: string) => Promise<SettledStream | undefined>;
  readonly readFile: (ref: ThreadRef, id: string) => Promise<Uint8Array | undefined>;
  /** Durable. */
  readonly rememberFileId: (ref: ThreadRef, entry: Entry, fileId: string) => Promise<void>;
}

/** One attempt to fulfil a wish. */
export interface Attempt {
  readonly state: ThreadOutbox;
  readonly entry: Entry;
  /** It may have been sent before: look first. */
  readonly doubt: boolean;
}

const posted = z.object({ ts: z.string() });
const uploadTarget = z.object({ upload_url: z.string(), file_id: z.string() });

/** How far back a message is sought whose `ts` was forgotten: a card of a session that rested for weeks. */
const longAgoMs = 90 * 24 * 3_600_000;

/**
 * @returns the `ts` of the message, '' where there is none
 * @throws SlackFailure
 */
export async function sendEntry(deps: SendDeps, attempt: Attempt): Promise<string> {
  const { state, entry } = attempt;
  const { ref } = state;
  const { wish } = entry;
  switch (wish.op) {
    case 'post':
      return await post(deps, attempt, wish.content);
    case 'put':
      return await put(deps, attempt, wish.content);
    case 'finish':
      return await finish(deps, attempt, wish);
    case 'delete': {
      const ts = state.sent[wish.id]?.ts || (await deps.lookup.message(ref, wish.id, sinceOf(entry)));
      if (ts) await unlessGone(deps.web.call('chat.delete', { channel: ref.channel, ts }));
      return '';
    }
    case 'upload':
      return await upload(deps, attempt, wish);
    case 'unreact': {
      const { message: timestamp, emoji: name } = wish;
      await unlessGone(deps.web.call('reactions.remove', { channel: ref.channel, timestamp, name }));
      return '';
    }
    case 'status':
      await setStatus(deps.web, ref, wish.status);
      return '';
  }
}

/** Native session status of a thread. @throws SlackFailure */
export async function setStatus(web: SlackWeb, ref: ThreadRef, status: string): Promise<void> {
  await web.call('agents.sessions.setStatus', { channel_id: ref.channel, thread_ts: ref.thread, status });
}

async function post(deps: SendDeps, { state, entry, doubt }: Attempt, content: Content): Promise<string> {
  const { ref } = state;
  const { id } = entry.wish;
  if (doubt) {
    const found = await deps.lookup.message(ref, id, entry.at);
    if (found !== undefined) return found;
  }
  deps.probe('slack.posting', id);
  const answer = await deps.web.call('chat.postMessage', {
    channel: ref.channel,
    ...(ref.thread === '' ? {} : { thread_ts: ref.thread }),
    ...content,
    metadata: buildMetadata(id),
    unfurl_links: false,
    unfurl_media: false,
  });
  deps.probe('slack.posted', id);
  return posted.parse(answer).ts;
}

async function put(deps: SendDeps, attempt: Attempt, content: Content): Promise<string> {
  const { state, entry } = attempt;
  const { ref } = state;
  const { id } = entry.wish;
  const known = state.sent[id]?.ts;
  const ts = known || (await deps.lookup.message(ref, id, sinceOf(entry)));
  if (ts) {
    const answer = await unlessGone(update(deps, ref, ts, id, content));
    if (answer !== 'gone') return ts;
  }
  // Somebody deleted it, or it was never posted: better said anew than lost.
  return await post(deps, ts ? attempt : { ...attempt, doubt: false }, content);
}

/** A further part of a long message is new, or was posted a moment ago. */
function sinceOf({ at, wish }: Entry): number {
  return wish.id.includes('#') ? at : at - longAgoMs;
}

function update(deps: SendDeps, ref: ThreadRef, ts: string, id: string, content: Content) {
  return deps.web.call('chat.update', { channel: ref.channel, ts, ...content, metadata: buildMetadata(id) });
}

/** Ends a stream so that what is shown is exactly the final text. */
async function finish(
  deps: SendDeps,
  attempt: Attempt,
  wish: Extract<Wish, { op: 'finish' }>,
): Promise<string> {
  const { ref } = attempt.state;
  const { id, content, whole, footer, parts } = wish;
  const { channel } = ref;
  const stream = await deps.settleStream(id);
  const [first, ...others] = stream?.segments ?? [];

  // The top level of a DM has no native streams: there the shown message is simply updated.
  const native = ref.thread !== '';
  if (native && stream?.certain && first && others.length === 0 && whole?.startsWith(first.text)) {
    const rest = whole.slice(first.text.length);
    // Safe to repeat: a stream that has taken the rest is closed and answers "gone".
    const answer = await unlessGone(
      deps.web.call('chat.stopStream', {
        channel,
        ts: first.ts,
        ...(rest === '' ? {} : { markdown_text: rest }),
        ...(footer.length === 0 ? {} : { blocks: footer }),
        metadata: buildMetadata(id),
      }),
    );
    if (answer !== 'gone') return first.ts;
  }

  const shown = await findShown(deps, attempt, id, stream);
  if (native) for (const ts of shown) await unlessGone(deps.web.call('chat.stopStream', { channel, ts }));
  // Messages the final text does not need; the parts after the first are puts of their own.
  for (const ts of shown.slice(parts)) await unlessGone(deps.web.call('chat.delete', { channel, ts }));
  const [ts] = shown;
  if (ts !== undefined && (await unlessGone(update(deps, ref, ts, id, content))) !== 'gone') return ts;
  return await post(deps, attempt, content);
}

/** The messages of a stream, those included whose start was never answered. */
async function findShown(
  deps: SendDeps,
  { state }: Attempt,
  id: string,
  stream: SettledStream | undefined,
): Promise<string[]> {
  const { ref, sent, streams } = state;
  const shown = (stream?.segments ?? []).map(({ ts }) => ts);
  // Of an earlier life.
  if (shown.length === 0) {
    for (let ts = sent[id]?.ts; ts; ts = sent[partId(id, shown.length)]?.ts) shown.push(ts);
  }
  const begunAt = streams[id];
  if (stream?.certain || begunAt === undefined) return shown;
  const known = new Set([...shown, ...Object.values(sent).map(({ ts }) => ts)]);
  const found =
    ref.thread === ''
      ? await deps.lookup.message(ref, partId(id, shown.length), begunAt)
      : await deps.lookup.stream(ref, begunAt, known);
  return found === undefined ? shown : [...shown, found];
}

async function upload(
  deps: SendDeps,
  { state, entry, doubt }: Attempt,
  wish: Extract<Wish, { op: 'upload' }>,
): Promise<string> {
  const { ref } = state;
  if (doubt && wish.fileId !== undefined && (await deps.lookup.file(ref, wish.fileId, entry.at))) return '';
  const content = await deps.readFile(ref, wish.id);
  if (content === undefined) {
    throw new SlackFailure('files.upload', { kind: 'refused', code: 'file_content_gone' });
  }
  const target = uploadTarget.parse(
    await deps.web.call('files.getUploadURLExternal', { filename: wish.name, length: content.byteLength }),
  );
  await deps.web.upload(target.upload_url, content);
  // Before anyone can see it: after a crash it is found by this id.
  await deps.rememberFileId(ref, entry, target.file_id);
  deps.probe('slack.posting', wish.id);
  await deps.web.call('files.completeUploadExternal', {
    files: [{ id: target.file_id, title: wish.title ?? wish.name }],
    channel_id: ref.channel,
    ...(ref.thread === '' ? {} : { thread_ts: ref.thread }),
    ...(wish.comment === undefined ? {} : { initial_comment: wish.comment }),
  });
  deps.probe('slack.posted', wish.id);
  return '';
}

/** What these say is that the wish is fulfilled already, or that there is nothing left to act on. */
const gone = new Set(['message_not_found', 'no_reaction', 'message_not_in_streaming_state']);

async function unlessGone(call: Promise<unknown>): Promise<unknown> {
  try {
    return await call;
  } catch (error) {
    const { failure } = error as SlackFailure;
    if (error instanceof SlackFailure && failure.kind === 'refused' && gone.has(failure.code)) return 'gone';
    throw error;
  }
}
