import { createHash } from 'node:crypto';
import type { ChatMessage, ThreadRef } from '../../mcp-servers/kit/chat.ts';
import { describeError } from '../../mcp-servers/kit/errors.ts';
import type { SessionStatus, WorkspaceInfo, WorkspaceState } from '../../mcp-servers/kit/work.ts';
import type { SessionRow } from '../../mcp-servers/sessions/server.ts';
import { sessionCard } from './cards.ts';
import { createLanes, type Lanes } from './lanes.ts';
import type { WorkPorts } from './ports.ts';
import { deskOf, withDesk } from './record.ts';
import { line, rowOf, summaryText } from './texts.ts';

/** Lines kept for read_events, per workspace. */
const activityLimit = 200;

/** What all parts of the work room do with a workspace's state, its thread and its card. */
export interface Book {
  /** Changes of one workspace run in order. Not to be entered twice: what runs in a lane calls no other lane of its key. */
  readonly lanes: Lanes;
  infoOfSession(sessionId: string): WorkspaceInfo | undefined;
  row(info: WorkspaceInfo, ref: ThreadRef): SessionRow | null;
  /** Writes status (and more) into the state file, then lets the card show it. */
  setStatus(
    name: string,
    status: SessionStatus,
    more?: (state: WorkspaceState) => WorkspaceState,
  ): Promise<WorkspaceInfo>;
  /** Durable, once per id, in the thread the workspace is plugged into now; none: only remembered as an event. */
  tell(info: WorkspaceInfo, id: string, markdown: string): Promise<void>;
  /** Remembers a line for read_events. */
  remember(name: string, text: string): void;
  /** Shows the state on the session's card, where it has one. */
  showCard(name: string): Promise<void>;
  summary(info: WorkspaceInfo, ref: ThreadRef): Promise<string>;
  /** Where a thread is, for people. */
  placeOf(ref: ThreadRef): Promise<string>;
}

export function createBook(ports: WorkPorts): Book {
  const { workspaces, hosts, chat, activity, now, log } = ports;
  const lanes = createLanes();

  const remember = (name: string, text: string) => {
    const entry = { at: new Date(now()).toISOString(), text: line(text).slice(0, 500) };
    activity
      .update(
        name,
        (before) => ({
          todo: before?.todo ?? null,
          lines: [...(before?.lines ?? []), entry].slice(-activityLimit),
        }),
        { durable: false },
      )
      .catch((error: unknown) =>
        log.error({ err: describeError(error), workspace: name }, 'work.activity.lost'),
      );
  };

  const lastWords = async ({ folder, state }: WorkspaceInfo): Promise<string> => {
    const { session } = state;
    if (session === null || !hosts.isConnected(session.host)) return '';
    const at = { host: session.host, sessionId: session.id, directory: folder };
    // A status without the last words is better than none.
    const messages = await hosts.messages({ ...at, limit: 5 }).catch(() => []);
    return messages.findLast(({ role, text }) => role === 'assistant' && text.trim() !== '')?.text ?? '';
  };

  const book: Book = {
    lanes,
    remember,
    infoOfSession: (sessionId) => workspaces.list().find(({ state }) => state.session?.id === sessionId),
    row: (info, ref) => rowOf(info, ref, hosts.isConnected(info.state.session?.host ?? '')),

    async setStatus(name, status, more = (state) => state) {
      await workspaces.updateState(name, (state) => {
        const next = more(state);
        if (next.session === null) return next;
        if (next.session.status === status) return next;
        return withDesk(
          { ...next, session: { ...next.session, status } },
          { changes: deskOf(next).changes + 1 },
        );
      });
      await book.showCard(name);
      return workspaces.get(name);
    },

    async tell(info, id, markdown) {
      remember(info.name, markdown);
      const ref = info.state.thread;
      if (ref === null) return;
      const message: ChatMessage = { kind: 'text', markdown };
      await chat.say(ref, id, message);
    },

    async showCard(name) {
      const info = workspaces.find(name);
      const card = info && deskOf(info.state).card;
      if (info && card) await chat.change(card.ref, card.id, { kind: 'card', card: sessionCard(info) });
    },

    async summary(info, ref) {
      const todo = (await activity.get(info.name))?.todo ?? null;
      return summaryText(info, book.row(info, ref), { todo, last: await lastWords(info) });
    },

    async placeOf(ref) {
      return ref.dm ? 'a direct message' : `a thread in ${await ports.channelName(ref.channel)}`;
    },
  };
  return book;
}

/** A short name for a text, to tell the same once. */
export function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}
