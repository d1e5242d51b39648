import { describe, expect, it } from 'vitest';
import type { Chat, ChatStream } from '../../mcp-servers/kit/chat.ts';
import type { ThreadPorts } from './ports.ts';
import type { Turn } from './record.ts';
import { createTurnPosts } from './turn-posts.ts';

const ref = { team: 'T', channel: 'D1', thread: '1.0', dm: true };
const turn: Turn = {
  id: 'T:D1:1.0/1.1',
  message: { messageId: '1.1', author: 'U_ANNA', text: 'hi', files: [], receivedAt: 0, noticed: false },
  promptId: 'msg_1',
  attempt: 1,
  startedAt: 0,
  replies: [],
  stop: null,
};

/** What the chat and the store were asked for, in order. */
function createPosts() {
  const asked: string[] = [];
  const stream: ChatStream = {
    append: (text) => void asked.push(`append ${text}`),
    finish: async (markdown) => void asked.push(`finish ${markdown}`),
    abandon: async () => void asked.push('abandon'),
  };
  const chat: Pick<Chat, 'stream' | 'say' | 'said'> = {
    stream: () => stream,
    say: async (_, id) => void asked.push(`say ${id.split('/').at(-1)?.slice(0, 2)}`),
    said: async () => [],
  };
  const records = { update: async () => void asked.push('note') };
  const ports = { chat, records } as unknown as ThreadPorts;
  return { asked, posts: createTurnPosts(ports, ref, turn) };
}

describe('what the agent says in a turn', () => {
  it('OUT-4: text of an attempt that was cut off gives way to that of the next', async () => {
    const { asked, posts } = createPosts();
    posts.write('p1', 'one ');
    posts.restart();
    posts.write('p2', 'one two');
    expect(posts.text).toBe('one two');
    // What is shown stays until the end puts the whole in its place.
    expect(asked).toEqual(['append one ']);
  });

  it('OUT-4: a reply after a cut ends the text that was shown, with nothing in its place', async () => {
    const { asked, posts } = createPosts();
    posts.write('p1', 'let me see');
    posts.restart();
    await posts.say({ kind: 'text', markdown: 'answer' });
    expect(asked.slice(1)).toEqual(['abandon', 'note', 'say r-']);
  });

  it('OUT-5: what a tool showed is noted: killed then, the next life does not say that there was no answer', async () => {
    const { asked, posts } = createPosts();
    await posts.noteShown('A card with [Start].');
    expect(asked).toEqual(['note']);
    expect(posts.replies).toEqual([{ id: '', markdown: '(shown: A card with [Start].)' }]);
  });

  it('OUT-1: a reply is noted before it is on its way, and once', async () => {
    const { asked, posts } = createPosts();
    expect(await posts.say({ kind: 'text', markdown: 'answer' })).toBe(true);
    expect(await posts.say({ kind: 'text', markdown: 'answer' })).toBe(false);
    expect(asked).toEqual(['note', 'say r-']);
    expect(posts.replies).toMatchObject([{ markdown: 'answer' }]);
  });
});
