import { expect, it } from 'vitest';
import { countUnread } from './read-marks.ts';
import type { Message } from './wire.ts';

const message = (ts: string, user: string, text = '', more: Partial<Message> = {}): Message => ({
  ts,
  user,
  text,
  is_reply: false,
  ...more,
});

it('counts what is new and from others, and what names the person', () => {
  const list = [
    message('1', 'U_BEN', 'old'),
    message('2', 'U_ANNA', 'own'),
    message('3', 'U_BEN', 'new'),
    message('4', 'U_BEN', 'hi <@U_ANNA>'),
    message('5', 'U_BOT', 'for Ben', { ephemeral_to: 'U_BEN' }),
  ];
  expect(countUnread(list, 'U_ANNA', '1')).toEqual({ messages: 2, mentions: 1 });
  expect(countUnread(list, 'U_ANNA', '1', true)).toEqual({ messages: 2, mentions: 2 });
  expect(countUnread(list, 'U_ANNA', '4')).toEqual({ messages: 0, mentions: 0 });
});
