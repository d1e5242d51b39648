import type { Live } from '../../watcher/live.ts';
import { sessionCard } from './cards.ts';
import { sameThread } from './plug.ts';
import type { WorkPorts } from './ports.ts';
import { deskOf } from './record.ts';

/** Slack takes 50 changes of messages a minute (notes/slack.md §3), the cards of turns among them. */
const refreshEveryMs = 5000;

/** The cards of sessions in their threads: their status durably, and what they do while they work as it comes. */
export interface SessionCards {
  /** Shows the state on the session's card, where it has one. */
  showCard(name: string): Promise<void>;
  /** Shows what it does, when that is news and the last change is some seconds old. @param live null: it does not work */
  showLive(name: string, live: Live | null): void;
}

export function createSessionCards({
  workspaces,
  chat,
  steady,
}: Pick<WorkPorts, 'workspaces' | 'chat' | 'steady'>): SessionCards {
  const lives = new Map<string, Live>();
  const shown = new Map<string, { readonly text: string; readonly at: number }>();

  /** What its card is to show now; undefined where there is none. */
  const find = (name: string) => {
    const info = workspaces.find(name);
    const card = info && deskOf(info.state).card;
    if (!info || !card) return undefined;
    const works = info.state.session?.status === 'running';
    const message = { kind: 'card', card: sessionCard(info, works ? lives.get(name) : undefined) } as const;
    return { info, works, at: card, message, text: JSON.stringify([card, message]) };
  };

  return {
    async showCard(name) {
      const found = find(name);
      if (found === undefined) return;
      if (!found.works) lives.delete(name);
      shown.set(name, { text: found.text, at: steady() });
      await chat.change(found.at.ref, found.at.id, found.message);
    },
    showLive(name, live) {
      if (live === null) {
        lives.delete(name);
        return;
      }
      lives.set(name, live);
      const found = find(name);
      // One that is being moved has its card in the one thread still, and belongs to the other.
      if (!found?.works || !sameThread(found.at.ref, found.info.state.thread)) return;
      const last = shown.get(name);
      if (last !== undefined && (last.text === found.text || steady() - last.at < refreshEveryMs)) return;
      shown.set(name, { text: found.text, at: steady() });
      chat.refresh(found.at.ref, found.at.id, found.message);
    },
  };
}
