import { setTimeout as delay } from 'node:timers/promises';
import { type ChatFile, type ChatMessage, type ThreadRef, threadKey } from '../../mcp-servers/kit/chat.ts';
import { describeError, FrontdeskError } from '../../mcp-servers/kit/errors.ts';
import type { Caller } from '../../mcp-servers/kit/tool.ts';
import { auditEntryOf } from './audit-entry.ts';
import { type Action, decide, type Decision, type Moment, finishTurn, stopTurn } from './decide.ts';
import type { Incoming } from './incoming.ts';
import { createLiveTurn, type LiveTurn } from './live-turn.ts';
import { isOwed, noteOwed, settleOwed } from './owed.ts';
import type { ThreadPorts } from './ports.ts';
import type { ThreadRecord, Turn } from './record.ts';
import { dropStrangers } from './strangers.ts';
import { queuedCard, texts } from './texts.ts';
import { endTurn } from './turn-end.ts';
import { ensureSession, type Outcome, runPrompt } from './turn-run.ts';

/** How long a drain waits for turns to be aborted, ms. */
const abortGraceMs = 1000;

/** A turn that could not be run (the disk was full, say) is tried again after this long. */
const strandedRetryMs = 5000;

/** All threads: takes what comes in, runs their turns one at a time each, and answers for the agents' tools. */
export interface Threads {
  /** Resolves once what came in is stored; what follows from it goes on by itself. */
  accept(incoming: Incoming): Promise<void>;
  /** Takes up what an earlier process left: turns, queues, notices. @returns the number of threads taken up */
  resume(): Promise<number>;
  /** MCP-2: whose call this is (its tool and arguments), by the session of a running turn. @throws FrontdeskError thread_unknown */
  callerOf(sessionId: string, words: string): Caller;
  say(sessionId: string, message: ChatMessage): Promise<boolean>;
  attach(sessionId: string, file: ChatFile): Promise<boolean>;
  /** Somebody else than the agent answered in its thread (a card): the turn may end without another word. */
  noteShown(sessionId: string, what: string): Promise<void>;
  /** The message the running turn answers. */
  messageOf(sessionId: string): { ref: ThreadRef; messageId: string; author: string };
  /** AG-3; the composition root calls it every second. */
  tick(): void;
  /** OP-4: begins no new turn, and lets running ones end within `graceMs`. What does not end stays stored. */
  drain(graceMs: number): Promise<void>;
  /** Threads with a turn under way, from the moment it is stored to the moment its end is. */
  readonly running: number;
  /** Whether this thread is one of them. @param key of `threadKey` */
  isRunning(key: string): boolean;
}

export function createThreads(ports: ThreadPorts): Threads {
  const { records, agent, chat, probe, log, now, steady } = ports;
  /** By thread key. */
  const live = new Map<string, LiveTurn>();
  /** By session id, while a turn of it runs. */
  const bySession = new Map<string, LiveTurn>();
  /** Threads whose turns are being run; true: look once more before leaving. */
  const pumping = new Map<string, boolean>();
  /** Threads whose turn could not be run to its end, with the time to try again (by `steady`). */
  const stranded = new Map<string, { readonly ref: ThreadRef; readonly at: number }>();
  const knownSessions = new Set<string>();
  let draining = false;

  const moment = (ref: ThreadRef): Moment => ({
    now: now(),
    promptId: agent.newPromptId(),
    ...(ports.commands ? { isCommand: ports.commands.isCommand } : {}),
    isPlugged: (ports.pluggedSummary?.(ref) ?? 'none') !== 'none',
  });

  const change = async (
    key: string,
    judge: (record: ThreadRecord | undefined) => Decision,
  ): Promise<Decision> => {
    let decision: Decision = { record: undefined, actions: [] };
    await records.update(key, (record) => {
      decision = noteOwed(judge(record));
      return decision.record;
    });
    return decision;
  };

  const perform = (ref: ThreadRef, actions: readonly Action[]) => {
    const key = threadKey(ref);
    for (const action of actions)
      act(ref, action)
        .then(() =>
          isOwed(action)
            ? records.update(key, (record) => settleOwed(record, action), { durable: false })
            : undefined,
        )
        .catch((error: unknown) =>
          log.error({ err: describeError(error), thread: key, action: action.kind }, 'thread.action.failed'),
        );
  };

  const act = async (ref: ThreadRef, action: Action): Promise<void> => {
    const key = threadKey(ref);
    switch (action.kind) {
      case 'run':
        return void pump(ref, false);
      case 'mark':
        return await chat.mark(ref, action.messageId, 'eyes', action.on);
      case 'queued': {
        const card = queuedCard(action.messageId, action.position);
        await chat.say(ref, noticeId(key, action.messageId), { kind: 'card', card });
        // Those behind it have moved.
        const length = (await records.get(key))?.queue.length ?? 0;
        if (action.position < length) await renumber(key);
        return;
      }
      case 'unqueued': {
        const id = noticeId(key, action.messageId);
        await renumber(key);
        // Under a message that is gone, "Removed" would seem to be about the one above it.
        if (action.how !== 'removed') return await chat.withdraw(ref, id);
        const markdown = texts.removed(await chat.nameOf(action.by));
        return await chat.change(ref, id, { kind: 'text', markdown });
      }
      case 'abort':
        // No turn in memory: the process that had it is gone, this one ends it.
        if (live.has(key)) live.get(key)?.stop();
        else void pump(ref, true);
        return;
      case 'wait':
        return live.get(key)?.waitOn();
      case 'whisper':
        return await chat.whisper(ref, action.to, action.text);
      case 'command':
        return await ports.commands?.run({ ref, ...action });
      case 'say':
        return await chat.say(ref, `${key}/${action.id}`, { kind: 'text', markdown: action.text });
    }
  };

  const renumber = async (key: string): Promise<void> => {
    const record = await records.get(key);
    record?.queue.forEach(({ messageId }, index) => {
      const card = queuedCard(messageId, index + 1);
      chat.refresh(record.ref, noticeId(key, messageId), { kind: 'card', card });
    });
  };

  /** Runs the thread's turns until none is left. One at a time per thread; threads never wait for each other (IN-6). */
  const pump = async (ref: ThreadRef, resumed: boolean): Promise<void> => {
    const key = threadKey(ref);
    if (pumping.has(key)) return void pumping.set(key, true);
    try {
      let again = resumed;
      do {
        pumping.set(key, false);
        while (await runNext(key, again)) again = false;
      } while (pumping.get(key));
    } catch (error) {
      log.error({ err: describeError(error), thread: key }, 'turn.stranded');
      stranded.set(key, { ref, at: steady() + strandedRetryMs });
    } finally {
      pumping.delete(key);
    }
  };

  /** @returns whether a turn was run to its end */
  const runNext = async (key: string, resumed: boolean): Promise<boolean> => {
    const record = await records.get(key);
    if (!record?.turn || draining) return false;
    const { ref, turn } = record;
    probe('turn.claimed', turn.id);
    const ending = await runTurn(record, turn, resumed);
    if (ending === undefined) return false;
    const { record: after, actions } = await change(key, (current) =>
      current === undefined ? { record: current, actions: [] } : finishTurn(current, turn.id, moment(ref)),
    );
    probe('turn.ended', turn.id);
    perform(ref, actions);
    // What was queued when the end was told has been removed since: there is no next turn to clear the status.
    if (after?.turn === null && !ending.idle) await chat.status(ref, 'idle');
    return true;
  };

  /** @returns undefined when it did not end; else whether the thread was told to be idle */
  const runTurn = async (
    record: ThreadRecord,
    turn: Turn,
    resumed: boolean,
  ): Promise<{ readonly idle: boolean } | undefined> => {
    const { ref } = record;
    const key = threadKey(ref);
    using current = createLiveTurn(ports, ref, turn, resumed);
    live.set(key, current);
    let sessionId: string | undefined;
    let outcome: Outcome;
    try {
      if (turn.message.noticed && resumed) await chat.withdraw(ref, noticeId(key, turn.message.messageId));
      void chat.status(ref, 'working');
      sessionId = await ensureSession(ports, record, current, knownSessions);
      bySession.set(sessionId, current);
      outcome = await runPrompt(ports, record, { sessionId, live: current }, resumed);
    } catch (error) {
      if (draining) return undefined;
      log.error({ err: describeError(error), thread: key, turn: turn.id }, 'turn.failed');
      outcome = { kind: 'failed', error: adviceOf(error), text: '', usage: null };
    } finally {
      current.settle();
      live.delete(key);
      if (sessionId !== undefined) bySession.delete(sessionId);
    }
    const latest = (await records.get(key)) ?? record;
    // Stopped by nobody: the service is going down, and the turn stays for the next process.
    if (outcome.kind === 'stopped' && !latest.turn?.stop) return undefined;
    probe('turn.ending', turn.id);
    await endTurn(ports, latest, current, outcome);
    return { idle: latest.queue.length === 0 };
  };

  const of = (sessionId: string): LiveTurn => {
    const found = bySession.get(sessionId);
    if (found === undefined) throw new FrontdeskError('thread_unknown');
    return found;
  };

  return {
    async accept(incoming) {
      const key = threadKey(incoming.ref);
      probe('inbox.storing', key);
      const { actions } = await change(key, (record) => decide(record, incoming, moment(incoming.ref)));
      probe('inbox.stored', key);
      if (actions.length > 0) ports.audit(auditEntryOf(incoming, actions));
      perform(incoming.ref, actions);
    },

    async resume() {
      let count = 0;
      const judge = (record: ThreadRecord | undefined) => dropStrangers(record, ports.allowedUsers);
      for await (const [key, found] of records.entries()) {
        const isSame = judge(found).record === found;
        const { record = found, actions } = isSame ? judge(found) : await change(key, judge);
        perform(record.ref, [...(record.owed ?? []), ...actions.filter((action) => !isOwed(action))]);
        if (record.turn === null && record.queue.length === 0) continue;
        count += 1;
        record.queue.forEach(({ messageId }, index) =>
          perform(record.ref, [{ kind: 'queued', messageId, position: index + 1 }]),
        );
        // Of a notice said before, the position may be an old one.
        await renumber(key);
        if (record.turn !== null) void pump(record.ref, true);
        log.info({ thread: key, turn: record.turn?.id }, 'thread.resumed');
      }
      return count;
    },

    callerOf: (sessionId, words) => ({ sessionId, ...of(sessionId).callOf(words) }),
    say: (sessionId, message) => of(sessionId).posts.say(message),
    attach: (sessionId, file) => of(sessionId).posts.attach(file),
    noteShown: (sessionId, what) => of(sessionId).posts.noteShown(what),
    messageOf(sessionId) {
      const { ref, turn } = of(sessionId);
      return { ref, messageId: turn.message.messageId, author: turn.message.author };
    },

    tick() {
      for (const [key, { ref, at }] of stranded) {
        if (steady() < at) continue;
        stranded.delete(key);
        void pump(ref, true);
      }
      for (const turn of live.values()) {
        const note = turn.tick();
        if (note === null) continue;
        const key = threadKey(turn.ref);
        change(key, (record) =>
          record === undefined ? { record, actions: [] } : stopTurn(record, { by: '', why: 'limit', note }),
        ).then(
          ({ actions }) => perform(turn.ref, actions),
          (error: unknown) => log.error({ err: describeError(error), thread: key }, 'turn.limit.unstored'),
        );
      }
    },

    async drain(graceMs) {
      draining = true;
      const giveUp = AbortSignal.timeout(graceMs);
      while (live.size > 0 && !giveUp.aborted) await delay(50);
      for (const turn of live.values()) turn.stop();
      // Aborting needs OpenCode, which may be down; what is not told is found by the next process.
      const late = AbortSignal.timeout(abortGraceMs);
      while (pumping.size > 0 && !late.aborted) await delay(10);
    },

    get running() {
      return pumping.size;
    },
    isRunning: (key) => pumping.has(key),
  };
}

function adviceOf(error: unknown): string {
  return error instanceof FrontdeskError ? error.advice : 'OpenCode does not answer.';
}

function noticeId(key: string, messageId: string): string {
  return `${key}/queued-${messageId}`;
}
