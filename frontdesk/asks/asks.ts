import type { Ask, AskAnswer } from '../../mcp-servers/kit/asks.ts';
import { threadKey } from '../../mcp-servers/kit/chat.ts';
import { describeError, FrontdeskError } from '../../mcp-servers/kit/errors.ts';
import { createAskBook, newAsk } from './book.ts';
import { createClicks } from './clicks.ts';
import type { AskExtension, Asks, Decided } from './contract.ts';
import { canAnswer, checkAnswer, isHostAsk } from './decide.ts';
import { createDeliver, idBefore } from './deliver.ts';
import { createDeliveries } from './deliveries.ts';
import { createHostSide, forgetOldest } from './host-side.ts';
import type { AskPorts } from './ports.ts';
import { askIdOf } from './request.ts';
import { createRules } from './rules.ts';
import { createAskCards } from './show.ts';
import { createStateFile } from './state-file.ts';
import { askTitle, describeEnd, isPerson, showAnswer, summaryOf } from './words.ts';

/** Messages remembered as heard, and as answers somebody may have meant; of these only the latest is shown. */
const mostHeard = 2000;
const mostOffers = 20;

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
  const heard = new Set<string>();

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
    // On its way it is not worth a commit, which would be made beside its delivery: `tick` notes what takes long.
    if (ask.status !== 'answered') stateFile.note(ask);
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
      const icon = ask.body.kind === 'permission' ? '🔐' : '❓';
      remember(ask.workspace, `${icon} ${await nameOf(by)}: ${outcome} (${askTitle(ask)})`);
    }
    return ask;
  };

  const closed = async (ask: Ask): Promise<FrontdeskError> =>
    new FrontdeskError('ask_closed', `${await whoDecided(ask)}.`);

  const whoDecided = async (ask: Ask): Promise<string> => describeEnd(ask, await nameOf(ask.by));

  const nameOf = async (by: string): Promise<string> => (isPerson(by) ? await chat.nameOf(by) : by);

  const asks: Asks = {
    observe: (host, snapshot, requestedAt) => hostSide.observe(host, snapshot, requestedAt),

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
      const card = cards.cardIn({ id, card: null }, place);
      const blank = newAsk({ id, source, workspace, card, body, askedAt: now() });
      const allowed =
        body.kind === 'permission' ? await rules.use(source.sessionId, body.request) : undefined;
      const asked: Ask =
        allowed === undefined
          ? { ...blank, deadlineAt: deadlineAt === undefined ? deadlineOf(blank) : deadlineAt }
          : // Nobody is bothered with a card.
            { ...blank, card: null, status: 'answered', answer: 'once', by: 'rule', endedAt: now() };
      const ended = waiters.get(id) ?? Promise.withResolvers<Ask>();
      waiters.set(id, ended);
      const { ask, added } = await book.add(asked);
      if (ask.status !== 'open') {
        ended.resolve(ask);
        waiters.delete(id);
      }
      if (added && ask.status === 'answered') {
        deliveries.begin(ask);
        const target = `${workspace ?? source.kind}/${id}`;
        audit({ person: allowed ?? 'rule', action: 'ask.rule', target, outcome: 'allowed once' });
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

    async respond(person, id, given, note = '') {
      try {
        await answer(id, given, { by: person, note });
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

    async showAgain(id) {
      const ask = await book.get(id);
      if (ask?.status === 'open') await cards.move(ask, cards.placeOf(ask));
      cards.show(id);
    },

    async abort(sessionId) {
      for (const ask of book.live.values())
        if (ask.source.sessionId === sessionId)
          await hostSide.close(ask, 'aborted', null, 'Its work was stopped.');
    },

    async withdraw(id, note = '') {
      const ask = book.live.get(id);
      if (ask?.status === 'open') await hostSide.close(ask, 'aborted', null, note);
    },

    allow: (...rule) => rules.allow(...rule),

    async change(id, change) {
      return (
        await book.change(id, (ask) => {
          const next = change(ask);
          return next === ask ? ask : { ...next, stale: true };
        })
      ).ask;
    },

    async offer(ref, { messageId, author, text }, isOrder = false) {
      const key = threadKey(ref);
      // The chat tells a message again when it is in doubt; one from before the question is no answer to it.
      if (heard.has(`${key}/${messageId}`)) return;
      heard.add(`${key}/${messageId}`);
      forgetOldest(heard, mostHeard);
      const open = asks
        .pending()
        .filter(isHostAsk)
        .filter(({ card, status }) => status === 'open' && card !== null && threadKey(card.ref) === key)
        // After a restart the thread is read once more from a while before.
        .filter(({ askedAt }) => messageId >= idBefore(askedAt));
      const asked = open.findLast(({ body }) => body.kind === 'question' && body.questions.length === 1);
      if (asked === undefined || !canAnswer(asked.body, text, isOrder)) return;
      await book.change(asked.id, (ask) =>
        ask.status !== 'open' || ask.offers.some((offer) => offer.messageId === messageId)
          ? ask
          : {
              ...ask,
              stale: true,
              offers: [...ask.offers, { messageId, author, text: text.slice(0, 3000) }].slice(-mostOffers),
            },
      );
    },

    summary: (ref) => summaryOf(asks.pending(), ref),

    async resumeAll() {
      const stale = await book.load();
      for (const ask of [...book.live.values(), ...stale]) cards.take(ask.id);
      await stateFile.resume((id) => book.get(id));
      for (const ask of book.live.values()) {
        stateFile.note(ask);
        if (ask.status === 'answered') deliveries.resume(ask);
      }
      hostSide.begin();
      for (const { resumeAll } of extensions) await resumeAll?.();
      return book.live.size;
    },

    tick() {
      deliveries.tick();
      for (const ask of book.live.values()) if (ask.status === 'answered') stateFile.note(ask);
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
