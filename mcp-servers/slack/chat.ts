import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import type { Chat, ChatHistoryEntry, ChatMessage, ChatStream, ThreadRef } from '../kit/chat.ts';
import { FrontdeskError } from '../kit/errors.ts';
import type { Log } from '../kit/log.ts';
import type { Probe } from '../kit/probe.ts';
import type { Redactor } from '../kit/redact/redactor.ts';
import type { Store } from '../kit/store/store.ts';
import { type Clock, systemClock } from './clock.ts';
import { noMetrics, type SlackMetrics } from './metrics.ts';
import { isSaid, messageGate, reactionGate, saidIds, statusGate } from './outbox/decide.ts';
import { createLookup, readMessages } from './outbox/lookup.ts';
import { createOutbox } from './outbox/outbox.ts';
import { createPace } from './outbox/pace.ts';
import { setStatus } from './outbox/send.ts';
import { renderMessage } from './render.ts';
import { createSanitiser } from './sanitise.ts';
import { SlackFailure } from './slack-failure.ts';
import { createStreams } from './streams.ts';
import type { SlackWeb } from './web.ts';
import { wishChange, wishFinish, wishSay, wishWithdraw } from './wishes.ts';

/** Slack as a {@link Chat}. */
export interface SlackChat extends Chat, AsyncDisposable {
  /**
   * Says `markdown` at the channel's top level, durably, and waits until it stands there: the root of a new thread.
   * @returns its message id; null when Slack refuses, or does not answer for half a minute
   */
  root(ref: ThreadRef, id: string, markdown: string): Promise<string | null>;
  /** Durable wishes not sent yet. */
  readonly depth: number;
  /** Waits until all is out, at most so long; afterwards wishes are stored and sent by the next life. */
  drain(deadlineMs: number): Promise<void>;
}

export interface SlackChatOptions {
  readonly web: SlackWeb;
  readonly store: Store;
  readonly redactor: Redactor;
  readonly log: Log;
  readonly probe: Probe;
  readonly teamId: string;
  readonly botUserId: string;
  /** Channel id for what could not be delivered. */
  readonly operatorChannel?: string | undefined;
  /** How many times Slack's published rates are used; default 1. */
  readonly paceFactor?: number;
  readonly clock?: Clock;
  readonly metrics?: SlackMetrics;
}

const userSchema = z.object({
  user: z.object({
    name: z.string().optional(),
    real_name: z.string().optional(),
    profile: z.object({ display_name: z.string().optional() }).optional(),
  }),
});

/** What people write; joins, topic changes and the like are left out. */
const spoken = new Set([undefined, 'file_share', 'thread_broadcast', 'bot_message']);

/** A person waits for their thread; a post takes a few milliseconds unless the channel is paced. */
const rootWithinMs = 30_000;
const rootPollMs = 20;

/** @returns the way out to Slack, once what an earlier life left is on its way */
export async function createSlackChat(options: SlackChatOptions): Promise<SlackChat> {
  const { web, redactor, log, teamId, botUserId, operatorChannel } = options;
  const { clock = systemClock, metrics = noMetrics } = options;
  const sanitiser = createSanitiser(redactor);
  const lookup = createLookup(web, botUserId);
  const pace = createPace(clock.steady, options.paceFactor);
  const operator = operatorChannel
    ? { team: teamId, channel: operatorChannel, thread: '', dm: false }
    : undefined;
  const outbox = createOutbox({
    ...options,
    clock,
    metrics,
    lookup,
    pace,
    operator,
    settleStream: (id) => streams.settle(id),
    forgetStream: (id) => streams.forget(id),
  });
  const streams = createStreams({ web, outbox, lookup, pace, clock, log, sanitiser });
  const names = new Map<string, string>();
  let statusRefused = false;

  const render = (message: ChatMessage) => renderMessage(sanitiser.message(message));

  const chat: SlackChat = {
    async say(ref, id, message) {
      const rendered = render(message);
      await outbox.store(
        ref,
        (state) => {
          // A stream of an earlier life under this id is what the message replaces.
          if (state.streams[id] !== undefined && !isSaidAsFinish(state, id))
            return wishFinish(state, rendered, id, '');
          return isSaid(state, id) ? [] : wishSay(rendered, id);
        },
        fileOf(rendered.file),
      );
    },

    async said(ref, prefix) {
      return saidIds(await outbox.read(ref)).filter((id) => id.startsWith(prefix));
    },

    async change(ref, id, message) {
      const rendered = render(message);
      await outbox.store(ref, (state) => wishChange(state, rendered, id), fileOf(rendered.file));
    },

    refresh(ref, id, message) {
      const gate = messageGate(ref, id);
      outbox.dropWaiting(gate);
      outbox.quick({
        gates: [gate],
        method: 'chat.update',
        channel: ref.channel,
        async send() {
          const ts = (await outbox.read(ref)).sent[id]?.ts;
          const [content] = render(message).parts;
          if (ts) await web.call('chat.update', { channel: ref.channel, ts, ...content });
        },
      });
    },

    withdraw: (ref, id) => outbox.store(ref, (state) => wishWithdraw(state, id)),

    async attach(ref, id, file) {
      const { content, ...about } = await sanitiser.file(file);
      await outbox.store(
        ref,
        (state) => (isSaid(state, id) ? [] : [{ op: 'upload', id, ...about }]),
        content,
      );
    },

    async mark(ref, messageId, emoji, on) {
      const { channel } = ref;
      if (!on) {
        const id = `${messageId}:${emoji}`;
        await outbox.store(ref, () => [{ op: 'unreact', id, message: messageId, emoji }]);
        return;
      }
      outbox.quick({
        gates: [reactionGate(ref, messageId, emoji)],
        method: 'reactions.add',
        channel,
        async send() {
          await web.call('reactions.add', { channel, timestamp: messageId, name: emoji });
        },
      });
    },

    async status(ref, status) {
      // Sessions belong to threads; Slack has none for a DM's top level.
      if (ref.thread === '' || statusRefused) return;
      if (status !== 'working') {
        const native = status === 'waiting' ? 'suspended' : 'active';
        await outbox.store(ref, () => [{ op: 'status', id: 'status', status: native }]);
        return;
      }
      outbox.quick({
        gates: [statusGate(ref)],
        method: 'agents.sessions.setStatus',
        channel: ref.channel,
        async send() {
          await setStatus(web, ref, 'processing').catch((error: unknown) => {
            if (!(error instanceof SlackFailure) || error.failure.kind !== 'refused') throw error;
            log.warn({ reason: error.failure.code }, 'slack.status.refused');
            statusRefused = lasting.has(error.failure.code);
          });
        },
      });
    },

    stream(ref, id, recipient): ChatStream | null {
      // In channels only the recipient would see it grow.
      if (!ref.dm) return null;
      const live = streams.open(ref, id, recipient);
      return {
        append: live.append,
        async finish(markdown, footer = '') {
          const message = sanitiser.message({ kind: 'text', markdown, footer });
          const rendered = renderMessage(message);
          const whole = message.kind === 'text' ? message.markdown : '';
          await outbox.store(
            ref,
            (state) => (isSaidAsFinish(state, id) ? [] : wishFinish(state, rendered, id, whole)),
            fileOf(rendered.file),
          );
        },
        async abandon() {
          if (await streams.abandon(ref, id)) return;
          // An earlier life may have begun it: found like one that is finished, and removed.
          const rendered = render({ kind: 'text', markdown: '…' });
          await outbox.store(ref, (state) =>
            state.streams[id] === undefined || isSaidAsFinish(state, id)
              ? []
              : [...wishFinish(state, rendered, id, ''), { op: 'delete', id }],
          );
        },
      };
    },

    async whisper(ref, person, text) {
      const { channel, thread } = ref;
      outbox.quick({
        gates: [],
        method: 'chat.postEphemeral',
        channel,
        async send() {
          const [content] = render({ kind: 'text', markdown: text }).parts;
          const where = { channel, user: person, ...(thread === '' ? {} : { thread_ts: thread }) };
          await web.call('chat.postEphemeral', { ...where, ...content });
        },
      });
    },

    async history(ref, after) {
      const found: ChatHistoryEntry[] = [];
      try {
        for await (const { ts, user, bot_id: bot, subtype, text } of readMessages(web, ref, after)) {
          // Slack gives the thread's root whatever `oldest` says.
          if (!spoken.has(subtype) || ts <= after) continue;
          found.push({ id: ts, author: user ?? bot ?? '', own: user === botUserId, text });
        }
      } catch (error) {
        throw describeForCaller(error);
      }
      return found.sort((a, b) => (a.id < b.id ? -1 : 1));
    },

    async nameOf(person) {
      const known = names.get(person);
      if (known !== undefined) return known;
      try {
        const { user } = userSchema.parse(await web.call('users.info', { user: person }));
        const name = user.profile?.display_name || user.real_name || user.name || person;
        if (names.size >= 5000) names.clear();
        names.set(person, name);
        return name;
      } catch {
        return person;
      }
    },

    async root(ref, id, markdown) {
      await chat.say(ref, id, { kind: 'text', markdown });
      for (
        const giveUpAt = clock.steady() + rootWithinMs;
        clock.steady() < giveUpAt;
        await delay(rootPollMs)
      ) {
        const { sent, entries } = await outbox.read(ref);
        if (sent[id]?.ts) return sent[id].ts;
        // Neither sent nor waiting: buried.
        if (!entries.some(({ wish }) => wish.id === id)) return null;
      }
      return null;
    },

    get depth() {
      return outbox.depth;
    },
    drain: outbox.drain,
    [Symbol.asyncDispose]: () => outbox.drain(0),
  };
  await outbox.start();
  return chat;
}

/** Answers that no later call will change. */
const lasting = new Set(['missing_scope', 'unknown_method', 'not_allowed_token_type', 'feature_not_enabled']);

function isSaidAsFinish(state: Parameters<typeof isSaid>[0], id: string): boolean {
  return state.entries.some(({ wish }) => wish.op === 'finish' && wish.id === id);
}

function fileOf(markdown: string | undefined): Uint8Array | undefined {
  return markdown === undefined ? undefined : Buffer.from(markdown, 'utf8');
}

function describeForCaller(error: unknown): unknown {
  if (!(error instanceof SlackFailure)) return error;
  const code = error.failure.kind === 'refused' ? 'slack_refused' : 'slack_unreachable';
  return new FrontdeskError(code, error.message, { cause: error });
}
