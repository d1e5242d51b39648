import type { ThreadRef } from '../../mcp-servers/kit/chat.ts';
import { createLanes, type Lanes } from '../../mcp-servers/kit/lanes.ts';
import type { SessionStatus, WorkspaceInfo, WorkspaceState } from '../../mcp-servers/kit/work.ts';
import type { SessionRow } from '../../mcp-servers/sessions/server.ts';
import type { News } from '../../watcher/news.ts';
import { createLines, type Lines } from './book-lines.ts';
import type { WorkPorts } from './ports.ts';
import { type Desk, deskOf, withDesk, withNews } from './record.ts';
import { createSessionCards, type SessionCards } from './session-cards.ts';
import { showLabAndTests } from './standing.ts';
import { rowOf, summaryText } from './texts.ts';

/** What all parts of the work room do with a workspace's state, its thread and its card. */
export interface Book extends Lines, SessionCards {
  /** Changes of one workspace run in order. Not to be entered twice: what runs in a lane calls no other lane of its key. */
  readonly lanes: Lanes;
  infoOfSession(sessionId: string): WorkspaceInfo | undefined;
  row(info: WorkspaceInfo, ref: ThreadRef): SessionRow | null;
  /**
   * Writes status (and more) into the state file, then lets the card show it.
   * @param news what the watcher is to tell of it; nothing when the status was this one before
   */
  setStatus(
    name: string,
    status: SessionStatus,
    more?: (state: WorkspaceState) => WorkspaceState,
    news?: readonly Omit<News, 'n'>[],
  ): Promise<WorkspaceInfo>;
  /** Unix ms of its latest prompt or wake in this life; what a host says that was asked before knows nothing of it. */
  ranAt(name: string): number;
  /** After each change of a state that the watcher may have to tell of. */
  readonly onChange: (listener: (name: string) => void) => Disposable;
  /** The agent's last words; '' for none. @throws when its host cannot be asked now */
  askLastWords(info: WorkspaceInfo): Promise<string>;
  /** The same; '' also when its host does not tell. */
  lastWords(info: WorkspaceInfo): Promise<string>;
  summary(info: WorkspaceInfo, ref: ThreadRef): Promise<string>;
  /** Where a thread is, for people. */
  placeOf(ref: ThreadRef): Promise<string>;
}

export function createBook(ports: WorkPorts): Book {
  const { workspaces, hosts, activity, now, steady } = ports;
  const lanes = createLanes();
  const listeners = new Set<(name: string) => void>();
  const ranAt = new Map<string, number>();

  const askLastWords = async ({ folder, state }: WorkspaceInfo): Promise<string> => {
    const { session } = state;
    if (session === null) return '';
    const at = { host: session.host, sessionId: session.id, directory: folder };
    const messages = await hosts.messages({ ...at, limit: 5 });
    return messages.findLast(({ role, text }) => role === 'assistant' && text.trim() !== '')?.text ?? '';
  };
  // A status without the last words is better than none.
  const lastWords = async (info: WorkspaceInfo): Promise<string> => await askLastWords(info).catch(() => '');

  const book: Book = {
    ...createLines(ports),
    ...createSessionCards(ports),
    lanes,
    askLastWords,
    lastWords,
    ranAt: (name) => ranAt.get(name) ?? -Infinity,
    onChange: (listener) => {
      listeners.add(listener);
      return { [Symbol.dispose]: () => void listeners.delete(listener) };
    },
    infoOfSession: (sessionId) => workspaces.list().find(({ state }) => state.session?.id === sessionId),
    row: (info, ref) => rowOf(info, ref, hosts.isConnected(info.state.session?.host ?? '')),

    async setStatus(name, status, more = (state) => state, news = []) {
      if (status === 'running') ranAt.set(name, steady());
      await workspaces.updateState(name, (state) => {
        const next = more(state);
        if (next.session === null || next.session.status === status) return next;
        const changed = withDesk(
          { ...next, session: { ...next.session, status } },
          { changes: deskOf(next).changes + 1, ...runs(next, status, now()) },
        );
        return withNews(changed, ...news);
      });
      for (const listener of listeners) listener(name);
      await book.showCard(name);
      return workspaces.get(name);
    },

    async summary(info, ref) {
      const todo = (await activity.get(info.name))?.todo ?? null;
      const lab = showLabAndTests(info.state);
      return summaryText(info, book.row(info, ref), { todo, lab, last: await lastWords(info) });
    },

    async placeOf(ref) {
      return ref.dm ? 'a direct message' : `a thread in ${await ports.channelName(ref.channel)}`;
    },
  };
  return book;
}

/** Since when it runs: a host that was away has interrupted nothing, for people. */
function runs(before: WorkspaceState, status: SessionStatus, at: number): Partial<Desk> {
  if (status === 'unreachable') return {};
  if (status !== 'running') return { runsSince: null };
  const { runsSince } = deskOf(before);
  return { runsSince: before.session?.status === 'unreachable' ? (runsSince ?? at) : at };
}
