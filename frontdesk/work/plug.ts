import { type ThreadRef, threadKey } from '../../mcp-servers/kit/chat.ts';
import type { WorkspaceInfo } from '../../mcp-servers/kit/work.ts';
import type { Book } from './book.ts';
import { sessionCard } from './cards.ts';
import type { By, WorkPorts } from './ports.ts';
import { deskOf, withDesk } from './record.ts';

/** Where workspaces are plugged (WS-4). The state file alone says it, so one write moves one; telling follows, and is owed until done. */
export interface Plug {
  /** Enters the workspace's lane. @returns where it was; undefined when it is there already */
  move(by: By, name: string, to: ThreadRef | null): Promise<ThreadRef | null | undefined>;
  /** Tells both threads of a move that was written and not told yet. Inside the workspace's lane. */
  tellMove(name: string): Promise<void>;
}

export function createPlug(ports: WorkPorts, book: Book): Plug {
  const { workspaces, chat } = ports;

  const tellMove = async (name: string): Promise<void> => {
    const info = workspaces.find(name);
    if (info === undefined) return;
    const { plug, card } = deskOf(info.state);
    if (plug === null || plug.told) return;
    const to = info.state.thread;
    const id = `work/${name}/plug-${plug.seq}`;
    const who = await chat.nameOf(plug.by);
    if (plug.from !== null) {
      const where =
        to === null ? 'is not plugged into a thread any more' : `was moved to ${await book.placeOf(to)}`;
      await chat.say(plug.from, `${id}/from`, {
        kind: 'text',
        markdown: `🔌 \`${name}\` ${where} (by ${who}).`,
      });
    }
    // A start that moves it has put its own card here.
    const keepsCard = card !== null && to !== null && sameThread(card.ref, to);
    if (card !== null && !keepsCard) await chat.withdraw(card.ref, card.id);
    if (to !== null) {
      const from = plug.from === null ? '' : `, from ${await book.placeOf(plug.from)}`;
      const markdown = `🔌 Plugged in by ${who}${from}.\n\n${await book.summary(info, to)}`;
      await chat.say(to, `${id}/to`, { kind: 'text', markdown });
      if (!keepsCard) await chat.say(to, `${id}/card`, { kind: 'card', card: sessionCard(info) });
    }
    await workspaces.updateState(name, (state) =>
      withDesk(state, {
        plug: { ...plug, told: true },
        card: keepsCard ? card : to === null ? null : { ref: to, id: `${id}/card` },
      }),
    );
  };

  return {
    tellMove,
    move: (by, name, to) =>
      book.lanes(name, async () => {
        let from: ThreadRef | null | undefined;
        // A move half told is told first: the next one would hide it.
        await tellMove(name);
        await workspaces.updateState(name, (state) => {
          if (sameThread(state.thread, to)) return state;
          from = state.thread;
          return movedTo(state, to, by.person);
        });
        await tellMove(name);
        return from;
      }),
  };
}

/** Threads whose choice is remembered. */
const mostThreads = 50;

/** The state after a move, which is then to be told. Progress lines are as they were set in that thread; off at first. Pure. */
export function movedTo(
  state: WorkspaceInfo['state'],
  to: ThreadRef | null,
  person: string,
): WorkspaceInfo['state'] {
  const { plug, eventsIn } = deskOf(state);
  const left = state.thread === null ? '' : threadKey(state.thread);
  const here = to === null ? '' : threadKey(to);
  const others = eventsIn.filter((key) => key !== left && key !== here);
  // Switched on while it was plugged in nowhere, they are wanted where it comes to.
  const on = here !== '' && (eventsIn.includes(here) || (left === '' && state.eventUpdates));
  const remembered = left !== '' && state.eventUpdates ? [...others, left] : others;
  return withDesk(
    { ...state, thread: to, eventUpdates: on },
    {
      plug: { seq: (plug?.seq ?? 0) + 1, from: state.thread, by: person, told: false },
      eventsIn: remembered.slice(-mostThreads),
    },
  );
}

export function sameThread(a: ThreadRef | null, b: ThreadRef | null): boolean {
  return a === null || b === null ? a === b : threadKey(a) === threadKey(b);
}
