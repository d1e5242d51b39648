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
  /** By its tools, oldest first. */
  readonly replies: Turn['replies'];
  /** Everything it wrote, its parts separated by an empty line. */
  readonly text: string;
  /** Open while a DM is written to. */
  readonly stream: ChatStream | null;
  write(partId: string, delta: string): void;
  /**
   * @returns false when exactly this was said already in this turn
   * @throws FrontdeskError turn_over after a stop
   */
  say(message: ChatMessage): Promise<boolean>;
  attach(file: ChatFile): Promise<boolean>;
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

  const post = async (
    kind: 'r' | 'f',
    content: string,
    markdown: string,
    send: (id: string) => Promise<void>,
  ) => {
    if (closed) throw new FrontdeskError('turn_over');
    const id = `${turn.id}/${kind}-${fingerprint(content)}`;
    if (saidIds.has(id) || (await wasSaidBefore(chat, ref, turn, id))) return false;
    saidIds.add(id);
    try {
      await send(id);
    } catch (error) {
      saidIds.delete(id);
      throw error;
    }
    replies.push({ id, markdown });
    // Not synced: after a crash the outbox knows what was said, this is for the footer and for what the agent is told.
    await records.update(key, (record) => noteReplies(record, turn.id, replies), { durable: false });
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

    write(partId, delta) {
      const gap = lastPart !== '' && lastPart !== partId && text !== '' ? '\n\n' : '';
      lastPart = partId;
      text += gap + delta;
      // After a reply the agent writes to itself: "Done."
      if (!ref.dm || closed || replies.length > 0) return;
      stream ??= chat.stream(ref, `${turn.id}/end`, turn.message.author);
      stream?.append(gap + delta);
    },

    async say(message) {
      const shown = stream;
      stream = null;
      // What streamed so far stays as it stands; the answer follows as a message of its own.
      await shown?.finish(text);
      const markdown =
        message.kind === 'text' ? message.markdown : message.kind === 'blocks' ? message.text : '';
      return await post('r', JSON.stringify(message), markdown, (id) => chat.say(ref, id, message));
    },

    async attach(file) {
      const content = `${file.name}\n${fingerprint(file.content)}`;
      return await post('f', content, `(file ${file.name})`, (id) => chat.attach(ref, id, file));
    },

    close() {
      closed = true;
    },
  };
}

/** Posts are named by their content, so that a turn taken up again cannot say the same thing twice. */
function fingerprint(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex').slice(0, 16);
}

async function wasSaidBefore(chat: Chat, ref: ThreadRef, turn: Turn, id: string): Promise<boolean> {
  return turn.attempt > 1 && (await chat.said(ref, id)).includes(id);
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
