import type { Ask } from '../../mcp-servers/kit/asks.ts';
import { type Card, chatRemembersMs, type ThreadRef } from '../../mcp-servers/kit/chat.ts';
import { describeError } from '../../mcp-servers/kit/errors.ts';
import { createLanes } from '../../mcp-servers/kit/lanes.ts';
import { sameThread } from '../work/plug.ts';
import { deskOf } from '../work/record.ts';
import type { AskBook } from './book.ts';
import { fileOfAsk, renderAskCard } from './card.ts';
import type { AskExtension } from './contract.ts';
import type { AskPorts } from './ports.ts';
import { isPerson, oneLine } from './words.ts';

/** Asks in their threads: each has one card, which follows its workspace's plug and says what became of it. */
export interface AskCards {
  /** Where its card belongs now; null: nowhere. While a move of its workspace is being told it stays where it is. */
  placeOf(ask: Ask): ThreadRef | null;
  /** A card's id in a place; another move, another id. */
  cardIn(ask: Pick<Ask, 'id' | 'card'>, ref: ThreadRef | null): Ask['card'];
  /** Takes its card away; it is shown anew in `to` by the next `show`. */
  move(ask: Ask, to: ThreadRef | null): Promise<Ask>;
  /** Lets the thread show what is stored. Returns at once; later calls take up what came meanwhile. */
  show(id: string): void;
  /** Of an earlier life: shown as it is now, whatever its card says. */
  take(id: string): void;
  /** Not delivered yet, although it is decided: said on the card. */
  setUndelivered(id: string, undelivered: boolean): void;
  /** Resolves when nothing is left to be shown. */
  drain(): Promise<void>;
}

export function createAskCards(
  ports: AskPorts,
  book: AskBook,
  extensions: readonly AskExtension[],
): AskCards {
  const { workspaces, chat, policyOf, log, now } = ports;
  const lanes = createLanes();
  const queued = new Set<string>();
  const tasks = new Set<Promise<void>>();
  /** Ids of cards that were said in this life. */
  const said = new Set<string>();
  const undelivered = new Set<string>();
  /** Ids of asks of earlier lives, not shown in this one. */
  const inherited = new Set<string>();

  const placeOf = (ask: Ask): ThreadRef | null => {
    const here = ask.card?.ref ?? null;
    if (ask.workspace === null) return here;
    const state = workspaces.find(ask.workspace)?.state;
    // Below the words that tell the move, not above them.
    if (state && deskOf(state).plug?.told === false) return here;
    // What another tool asked has its place also without a thread of the workspace.
    return state?.thread ?? (ask.source.kind === 'host' ? null : here);
  };

  const cardIn = ({ id, card }: Pick<Ask, 'id' | 'card'>, ref: ThreadRef | null): Ask['card'] => {
    if (ref === null) return null;
    const before = Number(/\/card-(\d+)$/.exec(card?.id ?? '')?.[1] ?? 0);
    return { ref, id: `${id}/card-${before + 1}` };
  };

  const render = async (ask: Ask): Promise<Card> => {
    const card = renderAskCard(ask, {
      name: isPerson(ask.by) ? await chat.nameOf(ask.by) : '',
      hours: policyOf(ask.workspace).hours,
      now: now(),
      undelivered: undelivered.has(ask.id),
    });
    return extensions.reduce((shown, { card: change }) => change?.(ask, shown) ?? shown, card);
  };

  /** Said anew it is said once; what it says now replaces what it said before. */
  const present = async (ask: Ask): Promise<void> => {
    if (ask.card === null) return;
    const { ref, id } = ask.card;
    const message = { kind: 'card', card: await render(ask) } as const;
    const first = !said.has(id);
    const isInherited = inherited.delete(ask.id);
    const isForgotten = isInherited && ask.askedAt <= now() - chatRemembersMs;
    if (first && !isForgotten) await chat.say(ref, id, message);
    // Said in an earlier life, it may say what was then.
    // An ended one changes, too, when an answer comes late.
    if (!first || ask.status !== 'open' || isInherited) await chat.change(ref, id, message);
    if (first && ask.status === 'open') {
      said.add(id);
      const file = fileOfAsk(ask);
      if (file !== null && !isForgotten)
        await chat.attach(ref, `${id}/file`, { name: file.name, content: Buffer.from(file.content) });
      for (const { present: more } of extensions) await more?.(ask);
    }
    if (ask.status !== 'open') {
      said.delete(id);
      for (const { messageId } of ask.offers) await chat.withdraw(ref, offerId(ask, messageId));
      return;
    }
    for (const offer of ask.offers) {
      const { messageId } = offer;
      if (offer !== ask.offers.at(-1)) await chat.withdraw(ref, offerId(ask, messageId));
      else await chat.say(ref, offerId(ask, messageId), { kind: 'card', card: renderOffer(ask, offer) });
    }
  };

  /** The old card goes first: killed in between, the next life withdraws it again and goes on. */
  const move = async (ask: Ask, to: ThreadRef | null): Promise<Ask> => {
    const { card } = ask;
    if (card !== null) {
      for (const { messageId } of ask.offers) await chat.withdraw(card.ref, offerId(ask, messageId));
      await chat.withdraw(card.ref, card.id);
    }
    const moved = await book.change(ask.id, (latest) =>
      latest.card?.id !== card?.id ? latest : { ...latest, card: cardIn(ask, to), offers: [] },
    );
    return moved.ask;
  };

  const showNow = async (id: string): Promise<void> => {
    queued.delete(id);
    let ask = await book.get(id);
    if (ask === undefined) return;
    if (ask.status === 'open' && !sameThread(ask.card?.ref ?? null, placeOf(ask)))
      ask = await move(ask, placeOf(ask));
    await present(ask);
    const shown = ask;
    if (ask.stale)
      await book.change(id, (latest) => (isSame(latest, shown) ? { ...latest, stale: false } : latest), {
        durable: false,
      });
  };

  const show = (id: string): void => {
    if (queued.has(id)) return;
    queued.add(id);
    const task = lanes(id, () => showNow(id))
      .catch((error: unknown) => log.error({ err: describeError(error), ask: id }, 'asks.card.failed'))
      .finally(() => tasks.delete(task));
    tasks.add(task);
  };

  return {
    placeOf,
    cardIn,
    move: (ask, to) => lanes(ask.id, () => move(ask, to)),
    show,
    take(id) {
      inherited.add(id);
      show(id);
    },
    setUndelivered(id, is) {
      if (undelivered.has(id) === is) return;
      if (is) undelivered.add(id);
      else undelivered.delete(id);
      show(id);
    },
    async drain() {
      while (tasks.size > 0) await Promise.allSettled(tasks);
    },
  };
}

function isSame(a: Ask, b: Ask): boolean {
  return a.status === b.status && a.card?.id === b.card?.id && a.offers.length === b.offers.length;
}

function offerId({ id, card }: Ask, messageId: string): string {
  return `${card?.id ?? id}/offer-${messageId}`;
}

function renderOffer({ id, workspace }: Ask, { messageId, text }: Ask['offers'][number]): Card {
  return {
    title: `Is this the answer to ${workspace ?? 'the question'}? “${oneLine(text, 150)}”`,
    buttons: [{ action: 'ask.use', label: 'Use as answer', value: `${id} ${messageId}` }],
  };
}
