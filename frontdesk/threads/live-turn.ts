import type { ThreadRef } from '../../mcp-servers/kit/chat.ts';
import { describeError } from '../../mcp-servers/kit/errors.ts';
import type { Caller } from '../../mcp-servers/kit/tool.ts';
import { decideTurnWatch } from '../../watcher/turn-watch.ts';
import type { AgentEvent } from '../opencode/agent.ts';
import type { ThreadPorts } from './ports.ts';
import type { Turn } from './record.ts';
import { formatDuration, type Progress, stalledCard, texts, turnCard } from './texts.ts';
import { createTurnCalls } from './turn-calls.ts';
import { createTurnPosts, type TurnPosts } from './turn-posts.ts';

/** chat.update is limited to 50 a minute per workspace (notes/slack.md §3): a card is refreshed this often at most. */
const refreshEveryMs = 3000;

/** The running turn of one thread as it looks from outside: signs of life, card, posts. All of it in memory. */
export interface LiveTurn extends Disposable {
  readonly ref: ThreadRef;
  readonly turn: Turn;
  readonly posts: TurnPosts;
  /** A card is shown, or may have been by an earlier process. */
  readonly carded: boolean;
  readonly stopped: boolean;
  onEvent(event: AgentEvent): void;
  /** Of a call its agent makes, in these words: the tool and its arguments. */
  callOf(words: string): Pick<Caller, 'thread' | 'callId'>;
  /** The agent was cut off and begins anew. */
  restart(): void;
  /** Resolves at the next `check`, when the turn is stopped, or after `timeoutMs`. */
  nextCheck(timeoutMs: number): Promise<void>;
  /** A person or a limit ended it: no more posts of the agent. */
  stop(): void;
  /** Its end is being told: no card comes any more. */
  settle(): void;
  /** Once a second: refreshes the card, judges silence. @returns why the turn must end, or null */
  tick(): string | null;
  /** [Wait] was clicked: the silence is accepted. */
  waitOn(): void;
}

export function cardIdOf(turn: Turn): string {
  return `${turn.id}/card`;
}

/** Begins the ids of what was said about the turn's silence; it means nothing once there is news. */
export function silenceIdsOf(turn: Turn): string {
  return `${turn.id}/silent-`;
}

/** @param resumed an earlier process had this turn, and may have shown its card */
export function createLiveTurn(ports: ThreadPorts, ref: ThreadRef, turn: Turn, resumed = false): LiveTurn {
  const { chat, limits, now, steady, log } = ports;
  const posts = createTurnPosts(ports, ref, turn);
  const calls = createTurnCalls(turn.id);
  const startedAt = steady();
  let progress: Progress = { startedAt: turn.startedAt, steps: 0, tool: '', retry: '' };
  let lastEventAt = startedAt;
  /** Names the present silence: other lives of this turn had theirs. */
  let silence = `${silenceIdsOf(turn)}${now()}`;
  let told: 'nothing' | 'reminder' | 'stalled' = 'nothing';
  let cardedAt: number | null = resumed ? startedAt : null;
  /** Id of what is shown about the present silence, '' when nothing is. */
  let notice = '';
  let stopped = turn.stop !== null;
  let check = Promise.withResolvers<void>();

  const noteSign = () => {
    lastEventAt = steady();
    silence = `${silenceIdsOf(turn)}${now()}`;
    told = 'nothing';
  };

  const tell = (id: string, message: Parameters<typeof chat.say>[2]) => {
    chat
      .say(ref, id, message)
      .catch((error: unknown) => log.error({ err: describeError(error), post: id }, 'turn.notice.failed'));
  };
  const card = () => ({ kind: 'card', card: turnCard(turn.id, progress, now()) }) as const;
  // Short turns need no card, and a stream is its own (ADR 0005).
  const cardTimer = setTimeout(() => {
    if (stopped || posts.stream !== null) return;
    cardedAt = steady();
    tell(cardIdOf(turn), card());
  }, limits.cardAfterMs);

  const withdraw = (id: string) => {
    chat
      .withdraw(ref, id)
      .catch((error: unknown) => log.error({ err: describeError(error), post: id }, 'turn.card.stuck'));
  };

  const hideCard = () => {
    if (cardedAt === null) return;
    cardedAt = null;
    withdraw(cardIdOf(turn));
  };

  /** Shown anew each time rather than changed: only a new message reaches a phone. */
  const showNotice = (id: string, message: Parameters<typeof chat.say>[2]) => {
    hideNotice();
    notice = id;
    tell(id, message);
  };

  const hideNotice = () => {
    if (notice === '') return;
    withdraw(notice);
    notice = '';
  };

  return {
    ref,
    turn,
    posts,
    get carded() {
      return cardedAt !== null;
    },
    get stopped() {
      return stopped;
    },

    onEvent(event) {
      noteSign();
      hideNotice();
      switch (event.kind) {
        case 'check':
          check.resolve();
          break;
        case 'step':
          progress = { ...progress, steps: progress.steps + 1, retry: '' };
          break;
        case 'text':
          progress = { ...progress, tool: '', retry: '' };
          posts.write(event.partId, event.delta);
          if (posts.stream !== null) hideCard();
          break;
        case 'tool':
          progress = { ...progress, tool: event.status === 'running' ? event.title || event.tool : '' };
          break;
        case 'retry': {
          const wait = formatDuration(Math.max(0, event.nextAt - now()));
          progress = {
            ...progress,
            retry: `The model does not answer (${event.message}); trying again in ${wait}`,
          };
          break;
        }
      }
    },

    callOf: (words) => ({ thread: ref, callId: calls.nameOf(words) }),

    restart() {
      posts.restart();
      calls.restart();
    },

    async nextCheck(timeoutMs) {
      const timer = setTimeout(() => check.resolve(), timeoutMs);
      await check.promise;
      clearTimeout(timer);
      check = Promise.withResolvers();
    },

    stop() {
      stopped = true;
      posts.close();
      check.resolve();
    },

    settle() {
      clearTimeout(cardTimer);
    },

    tick() {
      if (stopped) return null;
      const at = steady();
      const verdict = decideTurnWatch(
        { now: at, startedAt, lastEventAt, steps: progress.steps, told },
        limits,
      );
      if (verdict.kind === 'end') return verdict.note;
      if (verdict.kind === 'remind') {
        told = 'reminder';
        showNotice(`${silence}/reminder`, { kind: 'text', markdown: texts.stillWorking(verdict.silentMs) });
      } else if (verdict.kind === 'stalled') {
        told = 'stalled';
        showNotice(`${silence}/stalled`, { kind: 'card', card: stalledCard(turn.id, verdict.silentMs) });
      }
      if (cardedAt !== null && at - cardedAt >= refreshEveryMs) {
        cardedAt = at;
        chat.refresh(ref, cardIdOf(turn), card());
      }
      return null;
    },

    waitOn() {
      noteSign();
      if (notice === '') return;
      chat
        .change(ref, notice, { kind: 'text', markdown: texts.waitingOn })
        .catch((error: unknown) => log.error({ err: describeError(error), post: notice }, 'turn.card.stuck'));
    },

    [Symbol.dispose]() {
      clearTimeout(cardTimer);
      stopped = true;
      posts.close();
    },
  };
}
