import { createHash } from 'node:crypto';
import {
  type Chat,
  type ChatFile,
  type ChatMessage,
  type ChatStream,
  type ThreadRef,
  threadKey,
} from '../../mcp-servers/kit/chat.ts';
import { FrontdeskError } from '../../mcp-servers/kit/errors.ts';
import type { ThreadPorts } from './ports.ts';
import type { ThreadRecord, Turn } from './record.ts';

/** What the agent says during one turn, by its tools or (in a DM) by writing. */
export interface TurnPosts {
  /** By its tools, oldest first; after a crash the last may not have been stored in the outbox. */
  readonly replies: Turn['replies'];
  /** Everything it wrote, its parts separated by an empty line. */
  readonly text: string;
  /** Open while a DM is written to. */
  readonly stream: ChatStream | null;
  /** This process opened a stream in this turn. */
  readonly streamed: boolean;
  write(partId: string, delta: string): void;
  /** The agent was cut off and begins anew: what it wrote until now gives way to what it writes from now on. */
  restart(): void;
  /**
   * @returns false when exactly this was said already in this turn
   * @throws FrontdeskError turn_over after a stop
   */
  say(message: ChatMessage): Promise<boolean>;
  attach(file: ChatFile): Promise<boolean>;
  /** The thread shows this already, not by the agent: it counts as an answer (OUT-5), for the next life, too. Never throws. */
  noteShown(what: string): Promise<void>;
  /** Nothing more is posted. */
  close(): void;
}

export function createTurnPosts(
  { chat, records }: Pick<ThreadPorts, 'chat' | 'records'>,
  ref: ThreadRef,
  turn: Turn,
): TurnPosts {
  const key = threadKey(ref);
  const replies = [...turn.replies];
  const saidIds = new Set<string>();
  let closed = turn.stop !== null;
  let text = '';
  let lastPart = '';
  let stream: ChatStream | null = null;
  let streamed = false;
  /** What is shown is of a cut-off attempt: it stands until the end replaces it. */
  let outdated = false;

  const post = async (
    kind: 'r' | 'b' | 'f',
    content: string,
    markdown: string,
    send: (id: string) => Promise<void>,
  ) => {
    if (closed) throw new FrontdeskError('turn_over');
    const id = `${turn.id}/${kind}-${fingerprint(content)}`;
    if (saidIds.has(id) || (await wasSaidBefore(chat, ref, turn, id))) return false;
    saidIds.add(id);
    const others = replies.filter((reply) => reply.id !== id);
    replies.splice(0, replies.length, ...others, { id, markdown });
    try {
      // Before it is on its way: an agent that is cut off is told the words of all that was posted, or it would
      // say the same in others. What is noted and was never stored in the outbox counts as not said.
      await records.update(key, (record) => noteReplies(record, turn.id, replies));
      await send(id);
    } catch (error) {
      saidIds.delete(id);
      replies.splice(0, replies.length, ...replies.filter((reply) => reply.id !== id));
      throw error;
    }
    return true;
  };

  return {
    replies,
    get text() {
      return text;
    },
    get stream() {
      return stream;
    },

    get streamed() {
      return streamed;
    },

    write(partId, delta) {
      const gap = lastPart !== '' && lastPart !== partId && text !== '' ? '\n\n' : '';
      lastPart = partId;
      text += gap + delta;
      // After a reply the agent writes to itself: "Done."
      if (!ref.dm || closed || replies.length > 0) return;
      stream ??= chat.stream(ref, `${turn.id}/end`, turn.message.author);
      streamed ||= stream !== null;
      if (outdated) return;
      stream?.append(gap + delta);
    },

    restart() {
      text = '';
      lastPart = '';
      outdated = stream !== null;
    },

    async say(message) {
      const shown = stream;
      stream = null;
      // What streamed so far stays as it stands; the answer follows as a message of its own.
      await (text === '' ? shown?.abandon() : shown?.finish(text));
      const markdown =
        message.kind === 'text' ? message.markdown : message.kind === 'blocks' ? message.text : '';
      // Blocks are told from text: a footer is put below the latter.
      const kind = message.kind === 'blocks' ? 'b' : 'r';
      return await post(kind, JSON.stringify(message), markdown, (id) => chat.say(ref, id, message));
    },

    async attach(file) {
      const content = `${file.name}\n${fingerprint(file.content)}`;
      return await post('f', content, `(file ${file.name})`, (id) => chat.attach(ref, id, file));
    },

    async noteShown(what) {
      replies.push({ id: shownId, markdown: `(shown: ${what})` });
      // It is shown whether this can be stored or not.
      await records.update(key, (record) => noteReplies(record, turn.id, replies)).catch(() => {});
    },

    close() {
      closed = true;
    },
  };
}

/** @returns the ids of what the agent posted in this turn by its tools */
export async function agentPosts(
  { chat }: Pick<ThreadPorts, 'chat'>,
  { ref, turn }: { readonly ref: ThreadRef; readonly turn: Turn },
): Promise<string[]> {
  return (await chat.said(ref, `${turn.id}/`)).filter((id) => /\/[rbf]-[0-9a-f]+$/.test(id));
}

/** Of what a tool showed (a card, a notice): no post of the turn's own. */
export const shownId = '';

/** Posts are named by their content, so that a turn taken up again cannot say the same thing twice. */
function fingerprint(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex').slice(0, 16);
}

async function wasSaidBefore(chat: Chat, ref: ThreadRef, turn: Turn, id: string): Promise<boolean> {
  return (turn.attempt > 1 || turn.replies.length > 0) && (await chat.said(ref, id)).includes(id);
}

function noteReplies(
  record: ThreadRecord | undefined,
  turnId: string,
  replies: Turn['replies'],
): ThreadRecord | undefined {
  return record?.turn?.id === turnId
    ? { ...record, turn: { ...record.turn, replies: [...replies] } }
    : record;
}
