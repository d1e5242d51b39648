import { describe, expect, it } from 'vitest';
import { applySome, noConversations, replaceAll, visibleTo } from './conversations.ts';
import type { Message } from './wire.ts';

const message = (ts: string, more: Partial<Message> = {}): Message => ({
  ts,
  user: 'U_ANNA',
  text: ts,
  is_reply: more.thread_ts !== undefined && more.thread_ts !== ts,
  ...more,
});

describe('what is loaded of conversations', () => {
  it('keeps the object of a message that did not change, and the list when none did', () => {
    const old = [message('1'), message('2')];
    expect(replaceAll(old, [message('1'), message('2')])).toBe(old);
    const changed = replaceAll(old, [message('1'), message('2', { text: 'new' }), message('3')]);
    expect(changed[0]).toBe(old[0]);
    expect(changed.map(({ text }) => text)).toEqual(['1', 'new', '3']);
  });

  it('takes in what was asked for again: changed, new in its place, gone', () => {
    const conversations = { roots: { C: [message('1'), message('3'), message('4')] }, threads: {} };
    const asked = new Set(['2', '3', '4']);
    const { roots } = applySome(conversations, 'C', asked, [message('2'), message('3', { text: 'x' })]);
    expect(roots['C']?.map(({ ts, text }) => `${ts} ${text}`)).toEqual(['1 1', '2 2', '3 x']);
    expect(roots['C']?.[0]).toBe(conversations.roots.C[0]);
  });

  it('gives replies to their open thread only, and the root to both', () => {
    const root = message('1', { thread_ts: '1' });
    const conversations = { roots: { C: [root] }, threads: { 'C:1': [root], 'C:9': [message('9')] } };
    const changedRoot = message('1', { thread_ts: '1', reply_count: 1 });
    const reply = message('2', { thread_ts: '1' });
    const next = applySome(conversations, 'C', new Set(['1', '2']), [changedRoot, reply]);
    expect(next.roots['C']).toEqual([changedRoot]);
    expect(next.threads['C:1']).toEqual([changedRoot, reply]);
    expect(next.threads['C:9']).toBe(conversations.threads['C:9']);
  });

  it('leaves alone what was never loaded', () => {
    expect(applySome(noConversations, 'C', new Set(['1']), [message('1')])).toEqual(noConversations);
  });

  it('hides what is for somebody else', () => {
    const list = [message('1'), message('2', { ephemeral_to: 'U_BEN' })];
    expect(visibleTo('U_ANNA', list)).toHaveLength(1);
    expect(visibleTo('U_BEN', list)).toHaveLength(2);
  });
});
