import { isDeepStrictEqual } from 'node:util';
import type { Ask, AskAnswer } from '../../mcp-servers/kit/asks.ts';
import { describeError } from '../../mcp-servers/kit/errors.ts';
import { createLanes } from '../../mcp-servers/kit/lanes.ts';
import type { HostEvent, HostSnapshot, WorkspaceInfo } from '../../mcp-servers/kit/work.ts';
import { type AskBook, newAsk } from './book.ts';
import {
  answerElsewhere,
  decideFound,
  findForgotten,
  type HostAsk,
  isHostAsk,
  type Waiting,
} from './decide.ts';
import type { Deliveries } from './deliveries.ts';
import { createLostAnswers } from './lost.ts';
import type { AskPorts } from './ports.ts';
import { readBody } from './read-body.ts';
import { askIdOf } from './request.ts';
import type { Rules } from './rules.ts';
import type { AskCards } from './show.ts';
import { askTitle, showAnswer } from './words.ts';

/** Requests of this life that are remembered: a snapshot taken before may still name those that ended. */
const mostRemembered = 2000;

/** What waits at hosts, into the store: by events at once, by snapshots for certain. */
export interface HostSide extends Disposable {
  observe(host: string, snapshot: Pick<HostSnapshot, 'waiting' | 'busy'>, requestedAt: number): Promise<void>;
  /** Asks a host how it stands, and takes that in. Returns at once. */
  check(host: string): void;
  close(ask: Ask, status: 'elsewhere' | 'aborted', answer: AskAnswer | null, note: string): Promise<void>;
  /** Closes it when its session was paused, stopped, replaced or removed. */
  closeEnded(ask: Ask): Promise<void>;
  /** The stored ones are loaded: events are taken from now on, those that waited first. */
  begin(): void;
  drain(): Promise<void>;
}

interface HostSideParts {
  readonly book: AskBook;
  readonly cards: AskCards;
  readonly rules: Rules;
  readonly deliveries: Deliveries;
  readonly deadlineOf: (ask: Ask) => number | null;
}

export function createHostSide(ports: AskPorts, parts: HostSideParts): HostSide {
  const { hosts, workspaces, remember, audit, log, now, steady } = ports;
  const { book, cards, rules, deliveries, deadlineOf } = parts;
  const lanes = createLanes();
  const lost = createLostAnswers(ports, parts);
  const loaded = Promise.withResolvers<void>();
  const tasks = new Set<Promise<void>>();
  const checking = new Set<string>();
  /** By `host/request`. */
  const over = new Set<string>();
  const seenAt = new Map<string, number>();

  const keyOf = (host: string, requestId: string) => `${host}/${requestId}`;
  const liveOf = (host: string): HostAsk[] =>
    [...book.live.values()].filter(isHostAsk).filter(({ source }) => source.host === host);
  const noteOver = (host: string, requestId: string): void => {
    over.add(keyOf(host, requestId));
    forgetOldest(over, mostRemembered);
  };
  const noteSeen = (host: string, requestId: string): void => {
    seenAt.set(keyOf(host, requestId), steady());
    forgetOldest(seenAt, mostRemembered);
  };
  const infoOf = (host: string, sessionId: string): WorkspaceInfo | undefined =>
    workspaces.list().find(({ state: { session } }) => session?.id === sessionId && session.host === host);

  const later = (what: string, task: () => Promise<void>): void => {
    const done = loaded.promise
      .then(task)
      .catch((error: unknown) => log.error({ err: describeError(error), of: what }, 'asks.event.failed'))
      .finally(() => tasks.delete(done));
    tasks.add(done);
  };

  const close: HostSide['close'] = async (ask, status, answer, note) => {
    const { ask: ended, changed } = await book.change(ask.id, (latest) =>
      latest.status === 'open' || latest.status === 'answered'
        ? {
            ...latest,
            status,
            answer: status === 'elsewhere' ? answer : latest.answer,
            by: status === 'elsewhere' ? 'elsewhere' : latest.by,
            note,
            endedAt: now(),
            stale: true,
          }
        : latest,
    );
    if (!changed) return;
    if (isHostAsk(ended)) noteOver(ended.source.host, ended.source.requestId);
    const outcome = answer === null ? status : showAnswer(ended.body, answer);
    audit({ person: 'opencode', action: 'ask.end', target: `${ended.workspace}/${ended.id}`, outcome });
  };

  const endedBySession = ({ source, workspace }: HostAsk): string => {
    const info = workspace === null ? undefined : workspaces.find(workspace);
    const session = info?.state.session;
    if (info === undefined) return 'Its workspace is cleaned up.';
    if (session?.id !== source.sessionId) return 'Its session was replaced by another.';
    return session.status === 'paused' || session.status === 'stopped'
      ? `Its session was ${session.status}.`
      : '';
  };

  const closeEnded = async (ask: Ask): Promise<void> => {
    if (!isHostAsk(ask)) return;
    const note = endedBySession(ask);
    if (note !== '') await close(ask, 'aborted', null, note);
  };

  /** In the lane of the request. */
  const opened = async (host: string, waiting: Waiting): Promise<void> => {
    const { kind, sessionId, requestId } = waiting;
    const info = infoOf(host, sessionId);
    if (info === undefined || over.has(keyOf(host, requestId))) return;
    if (liveOf(host).some(({ source }) => source.requestId === requestId)) return;
    noteSeen(host, requestId);
    const id = askIdOf('host', keyOf(host, requestId));
    if ((await book.get(id)) !== undefined) return;
    const body = await readBody(ports, host, info.folder, waiting);
    const instance = hosts.instanceOf(host) ?? null;
    const source = { kind: 'host', host, sessionId, directory: info.folder, requestId, instance } as const;
    const forgotten = findForgotten(liveOf(host), sessionId, body, instance ?? undefined);
    if (forgotten !== undefined) return await adopt(forgotten, source);
    if (await lost.giveAgain(body, source)) return;
    const card = cards.cardIn({ id, card: null }, info.state.thread);
    const ask = newAsk({ id, source, workspace: info.name, card, body, askedAt: now() });
    const allowed = body.kind === 'permission' ? await rules.use(sessionId, body.request) : undefined;
    const asked: Ask =
      allowed === undefined
        ? { ...ask, deadlineAt: deadlineOf(ask) }
        : { ...ask, card: null, status: 'answered', answer: 'once', by: 'rule', endedAt: now() };
    const { ask: stored, added } = await book.add(asked);
    if (!added) return;
    if (stored.status === 'answered') {
      deliveries.begin(stored);
      remember(info.name, `🔐 Allowed, as for the session before: ${askTitle(stored)}`);
      audit({
        person: allowed ?? 'rule',
        action: 'ask.rule',
        target: `${info.name}/${id}`,
        outcome: 'allowed once',
      });
    } else remember(info.name, `${kind === 'permission' ? '🔐' : '❓'} Asks: ${askTitle(stored)}`);
  };

  /** Asked anew after OpenCode forgot it: the same card goes on, and an answer that is there is given. */
  const adopt = async (forgotten: HostAsk, source: HostAsk['source']): Promise<void> => {
    const { ask } = await book.change(forgotten.id, (latest) => ({ ...latest, source, stale: true }));
    if (ask.status === 'answered') deliveries.begin(ask);
  };

  const ended = async (host: string, event: Extract<HostEvent, { kind: 'askEnded' }>): Promise<void> => {
    const ask = liveOf(host).find(({ source }) => source.requestId === event.requestId);
    noteOver(host, event.requestId);
    if (ask === undefined) return;
    const note = endedBySession(ask);
    if (note !== '') return await close(ask, 'aborted', null, note);
    const answer = answerElsewhere(ask.body, event.answer);
    // The echo of our own answer, which its delivery notes.
    const ours = ask.answer === 'session' ? 'once' : ask.answer;
    if (ask.status === 'answered' && (deliveries.isRunning(ask.id) || isDeepStrictEqual(answer, ours)))
      return;
    await close(ask, 'elsewhere', answer, '');
  };

  /**
   * Its turn was stopped in OpenCode's own UI, which leaves what it asked waiting: a late yes would still be carried out
   * (notes/opencode.md §5).
   */
  const stopped = async (ask: HostAsk): Promise<void> => {
    const { host, directory, requestId } = ask.source;
    if (ask.status !== 'open') return;
    await closeEnded(ask);
    await close(ask, 'elsewhere', null, 'Its turn was stopped there.');
    const rejected =
      ask.body.kind === 'question'
        ? hosts.replyQuestion({ host, directory, requestId, answers: null })
        : hosts.replyPermission({ host, directory, requestId, reply: 'reject' });
    await rejected.catch((error: unknown) =>
      log.warn({ err: describeError(error), ask: ask.id }, 'asks.rejection.failed'),
    );
  };

  const settle = async (ask: HostAsk, isWaiting: boolean): Promise<void> => {
    const { host } = ask.source;
    const found = {
      waiting: isWaiting,
      instance: hosts.instanceOf(host),
      refused: deliveries.wasRefused(ask.id),
    };
    switch (decideFound(ask, found)) {
      case 'keep':
        return;
      case 'deliver':
        return deliveries.begin(ask);
      case 'elsewhere':
        return await close(ask, 'elsewhere', null, '');
      case 'arrived':
        await book.change(ask.id, (latest) =>
          latest.status === 'answered' ? { ...latest, status: 'delivered' } : latest,
        );
        return cards.setUndelivered(ask.id, false);
      case 'forgotten': {
        const { ask: latest } = await book.change(ask.id, (known) =>
          isHostAsk(known) ? { ...known, source: { ...known.source, instance: null }, stale: true } : known,
        );
        if (latest.status === 'answered') deliveries.begin(latest);
      }
    }
  };

  const observe: HostSide['observe'] = async (host, { waiting, busy }, requestedAt) => {
    await loaded.promise;
    for (const each of waiting) await lanes(keyOf(host, each.requestId), () => opened(host, each));
    const ids = new Set(waiting.map(({ requestId }) => requestId));
    for (const ask of liveOf(host)) {
      const { requestId } = ask.source;
      // Asked or being answered after the snapshot was begun: it cannot say anything about it.
      const isNew = (seenAt.get(keyOf(host, requestId)) ?? -Infinity) >= requestedAt;
      if (!ids.has(requestId) && isNew) continue;
      if (deliveries.isRunning(ask.id)) continue;
      const isAtWork = busy.some(({ sessionId }) => sessionId === ask.source.sessionId);
      if (!ids.has(requestId) || isAtWork) await settle(ask, ids.has(requestId));
      // Of a new one who works may have been read before its turn began: the next look says whether that was stopped.
      else if (!isNew) await stopped(ask);
    }
  };

  const check = (host: string): void => {
    if (checking.has(host) || !hosts.isConnected(host)) return;
    checking.add(host);
    later(host, async () => {
      try {
        const requestedAt = steady();
        await observe(host, await hosts.snapshot(host), requestedAt);
      } finally {
        checking.delete(host);
      }
    });
  };

  const onEvent = (host: string, event: HostEvent): void => {
    lost.heard(host, event);
    if (event.kind === 'askEnded')
      return later(host, () => lanes(keyOf(host, event.requestId), () => ended(host, event)));
    if (event.kind === 'idle')
      return later(host, async () => {
        const instance = hosts.instanceOf(host);
        for (const ask of liveOf(host).filter(({ source }) => source.sessionId === event.sessionId))
          if (instance !== undefined && ask.source.instance === instance) await stopped(ask);
      });
    if (event.kind !== 'question' && event.kind !== 'permission') return;
    noteSeen(host, event.requestId);
    later(host, () => lanes(keyOf(host, event.requestId), () => opened(host, { ...event, directory: '' })));
  };

  const subscriptions = [
    hosts.onEvent(onEvent),
    hosts.onHost((host, connected) => {
      if (connected) check(host);
    }),
  ];

  return {
    observe,
    check,
    close,
    closeEnded,
    begin() {
      loaded.resolve();
      for (const { host } of hosts.list()) check(host);
    },
    async drain() {
      while (tasks.size > 0) await Promise.allSettled(tasks);
    },
    [Symbol.dispose]() {
      for (const subscription of subscriptions) subscription[Symbol.dispose]();
      loaded.resolve();
    },
  };
}

/** Keeps the latest. */
export function forgetOldest(ids: Set<string> | Map<string, unknown>, most: number): void {
  for (const oldest of ids.keys()) {
    if (ids.size <= most) return;
    ids.delete(oldest);
  }
}
