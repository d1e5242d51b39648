import type { Ask, AskAnswer } from '../../mcp-servers/kit/asks.ts';
import { type ThreadRef, threadKey } from '../../mcp-servers/kit/chat.ts';
import { describeError, FrontdeskError } from '../../mcp-servers/kit/errors.ts';
import { createAskBook, isLive } from './book.ts';
import { createClicks } from './clicks.ts';
import type { AskExtension, Asks, Decided } from './contract.ts';
import { checkAnswer, isHostAsk } from './decide.ts';
import { createDeliver } from './deliver.ts';
import { createDeliveries } from './deliveries.ts';
import { createHostSide } from './host-side.ts';
import type { AskPorts } from './ports.ts';
import { askIdOf } from './request.ts';
import { createRules } from './rules.ts';
import { createAskCards } from './show.ts';
import { createStateFile } from './state-file.ts';
import { askTitle, optionName, showAnswer } from './words.ts';

/** Builds the room; call `resumeAll` once the chat is open. Disposing lets what is under way end as it can. */
export function createAsks(ports: AskPorts): Asks {
  const { workspaces, chat, log, now, audit, remember } = ports;
  const extensions: AskExtension[] = [];
  const book = createAskBook(ports);
  const rules = createRules(ports);
  const cards = createAskCards(ports, book, extensions);
  const stateFile = createStateFile(ports);
  /** Who waits for the end of an ask, by its id. */
  const waiters = new Map<string, PromiseWithResolvers<Ask>>();

  const deliveries = createDeliveries(ports, { book, cards, deliver: createDeliver(ports, rules) });
  const hostSide = createHostSide(ports, {
    book,
    cards,
    rules,
    deliveries,
    deadlineOf: (ask) => deadlineOf(ask),
  });
  deliveries.onRefused((host) => hostSide.check(host));

  const deadlineOf = (ask: Ask): number | null => {
    for (const { deadlineAt } of extensions) if (deadlineAt !== undefined) return deadlineAt(ask);
    return null;
  };

  const subscription = book.onChange((ask) => {
    cards.show(ask.id);
    stateFile.note(ask);
    if (ask.status !== 'open') {
      waiters.get(ask.id)?.resolve(ask);
      waiters.delete(ask.id);
    }
    for (const { changed } of extensions) changed?.(ask);
  });

  const answer = async (id: string, given: AskAnswer, decided: Decided): Promise<Ask> => {
    const { by, note = '', checkpoint } = decided;
    const known = await book.get(id);
    if (known === undefined) throw new FrontdeskError('ask_unknown', `${id}.`);
    const problem = checkAnswer(known.body, given);
    if (problem !== '') throw new FrontdeskError('ask_invalid', problem);
    if (known.status !== 'open') throw await closed(known);
    let won = false;
    const { ask } = await book.change(id, (latest) => {
      won = latest.status === 'open';
      if (!won) return latest;
      const end = { status: 'answered', answer: given, by, note, endedAt: now(), stale: true } as const;
      return { ...latest, ...end, ...(checkpoint === undefined ? {} : { checkpoint }) };
    });
    if (!won) throw await closed(ask);
    deliveries.begin(ask);
    const outcome = showAnswer(ask.body, given);
    audit({ person: by, action: 'ask.answer', target: `${ask.workspace ?? ask.source.kind}/${id}`, outcome });
    if (ask.workspace !== null) {
      const who =
        by === 'deadline' ? 'The deadline' : by === 'rule' ? 'A rule of the session' : await chat.nameOf(by);
      remember(
        ask.workspace,
        `${ask.body.kind === 'permission' ? '🔐' : '❓'} ${who}: ${outcome} (${askTitle(ask)})`,
      );
    }
    return ask;
  };

  const closed = async (ask: Ask): Promise<FrontdeskError> =>
    new FrontdeskError('ask_closed', `${await whoDecided(ask)}.`);

  const whoDecided = async ({ status, by, body, answer: chosen }: Ask): Promise<string> => {
    if (status === 'aborted') return 'It was withdrawn';
    const what = chosen === null ? 'It ended' : showAnswer(body, chosen);
    if (status === 'elsewhere')
      return chosen === null ? `${what} in OpenCode` : `Answered in OpenCode: ${what}`;
    if (by === 'rule') return 'It was allowed for the session before';
    const who = by === 'deadline' ? 'Nobody in time' : await chat.nameOf(by);
    return body.kind === 'permission' ? `${who}: ${what}` : `${who} chose ${what}`;
  };

  const asks: Asks = {
    observe: (host, waiting, requestedAt) => hostSide.observe(host, waiting, requestedAt),

    async reconcile() {
      for (const ask of book.live.values()) {
        await hostSide.closeEnded(ask);
        if (ask.status !== 'open' || ask.workspace === null) continue;
        const place = cards.placeOf(ask);
        const here = ask.card?.ref ?? null;
        if (place === null ? here !== null : here === null || threadKey(place) !== threadKey(here))
          cards.show(ask.id);
      }
    },

    async open({ key, source, workspace, body, ref, deadlineAt }) {
      const id = askIdOf(source.kind, key);
      const place = workspace === null ? ref : (workspaces.find(workspace)?.state.thread ?? ref);
      const blank: Ask = {
        id,
        source,
        workspace,
        card: cards.cardIn({ id, card: null }, place),
        stale: true,
        body,
        status: 'open',
        answer: null,
        by: '',
        note: '',
        offers: [],
        askedAt: now(),
        deadlineAt: null,
        endedAt: null,
        checkpoint: null,
        late: null,
        discussion: null,
      };
      const asked: Ask = { ...blank, deadlineAt: deadlineAt === undefined ? deadlineOf(blank) : deadlineAt };
      const ended = waiters.get(id) ?? Promise.withResolvers<Ask>();
      waiters.set(id, ended);
      const { ask, added } = await book.add(asked);
      if (ask.status !== 'open') {
        ended.resolve(ask);
        waiters.delete(id);
      } else if (added && body.kind === 'permission') {
        const allowed = await rules.use(source.sessionId, body.request);
        if (allowed !== undefined) await answer(id, 'once', { by: 'rule' }).catch(ignoreClosed);
      }
      return { ask, ended: ended.promise };
    },

    pending: ({ workspace, sessionId } = {}) =>
      [...book.live.values()]
        .filter((ask) => workspace === undefined || ask.workspace === workspace)
        .filter((ask) => sessionId === undefined || ask.source.sessionId === sessionId)
        .toSorted((a, b) => a.askedAt - b.askedAt),
    get: (id) => book.get(id),
    answer,

    async respond(person, id, given) {
      try {
        await answer(id, given, { by: person });
        return null;
      } catch (error) {
        if (!(error instanceof FrontdeskError) || error.code !== 'ask_closed') throw error;
        const ask = await book.get(id);
        if (ask?.by === 'deadline')
          for (const { late } of extensions) {
            const told = await late?.(ask, given, person);
            if (told !== undefined) return told;
          }
        cards.show(id);
        return ask === undefined ? error.message : await asks.outcome(ask);
      }
    },

    outcome: async (ask) => `${await whoDecided(ask)} already.`,

    async abort(sessionId) {
      for (const ask of book.live.values())
        if (ask.source.sessionId === sessionId)
          await hostSide.close(ask, 'aborted', null, 'Its work was stopped.');
    },

    async change(id, change) {
      return (
        await book.change(id, (ask) => {
          const next = change(ask);
          return next === ask ? ask : { ...next, stale: true };
        })
      ).ask;
    },

    async offer(ref, { messageId, author, text }) {
      const key = threadKey(ref);
      const open = asks
        .pending()
        .filter(isHostAsk)
        .filter(({ card, status }) => status === 'open' && card !== null && threadKey(card.ref) === key);
      const asked = open.findLast(({ body }) => body.kind === 'question' && body.questions.length === 1);
      if (asked === undefined || text.trim() === '') return;
      await book.change(asked.id, (ask) =>
        ask.status !== 'open' || ask.offers.some((offer) => offer.messageId === messageId)
          ? ask
          : {
              ...ask,
              stale: true,
              offers: [...ask.offers, { messageId, author, text: text.slice(0, 3000) }].slice(-5),
            },
      );
    },

    summary: (ref) => summaryOf(asks.pending(), ref),

    async resumeAll() {
      const stale = await book.load();
      for (const ask of [...book.live.values(), ...stale]) cards.take(ask.id);
      for (const ask of book.live.values()) {
        stateFile.note(ask);
        if (ask.status === 'answered') deliveries.begin(ask);
      }
      hostSide.begin();
      for (const { resumeAll } of extensions) await resumeAll?.();
      return book.live.size;
    },

    tick() {
      deliveries.tick();
      for (const { tick } of extensions) tick?.();
      asks
        .reconcile()
        .catch((error: unknown) => log.error({ err: describeError(error) }, 'asks.reconcile.failed'));
    },

    click: (by, action, value) => clicks.click(by, action, value),
    submit: (by, callbackId, view) => clicks.submit(by, callbackId, view),
    onChange: (listener) => book.onChange(listener),
    get busy() {
      return deliveries.running;
    },
    async [Symbol.asyncDispose]() {
      hostSide[Symbol.dispose]();
      await Promise.allSettled(extensions.map(async ({ drain }) => await drain?.()));
      await hostSide.drain();
      await deliveries.drain();
      await cards.drain();
      await stateFile.drain();
      subscription[Symbol.dispose]();
    },
  };
  const clicks = createClicks(ports, asks, extensions);
  extensions.push(...ports.extensions.map((make) => make(asks)));
  ports.metrics.gauge(
    'asks_pending',
    () => [...book.live.values()].filter(({ status }) => status === 'open').length,
  );
  return asks;
}

function ignoreClosed(error: unknown): void {
  if (!(error instanceof FrontdeskError) || error.code !== 'ask_closed') throw error;
}

/** What waits in a thread, in one line for the agent. Nobody's words can pass for a line or a tag of the header. */
function summaryOf(pending: readonly Ask[], ref: ThreadRef): string {
  const key = threadKey(ref);
  const here = pending.filter(
    (ask) => isLive(ask) && ask.status === 'open' && ask.card !== null && threadKey(ask.card.ref) === key,
  );
  const lines = here.map((ask) => {
    const { id, body, workspace } = ask;
    const of = workspace === null ? 'yours' : `of ${workspace}`;
    const options =
      body.kind === 'permission'
        ? ''
        : ` options: ${body.questions.map((question) => question.options.map((_, index) => optionName(question, index)).join(' | ') || 'words').join(' / ')}`;
    const words = `${JSON.stringify(askTitle(ask))}${options}`.replaceAll(/\s+/g, ' ');
    return `${id} (${body.kind} ${of}): ${words.replaceAll('<', '‹').replaceAll('>', '›')}`;
  });
  return lines.length === 0 ? 'none' : lines.join('; ').slice(0, 2000);
}
