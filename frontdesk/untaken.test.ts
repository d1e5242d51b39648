import { describe, expect, it } from 'vitest';
import { createSilentLog } from '../mcp-servers/kit/log.ts';
import type { Incoming } from './threads/incoming.ts';
import { createUntaken } from './untaken.ts';

const message: Incoming & { kind: 'message' } = {
  kind: 'message',
  ref: { team: 'T1', channel: 'C1', thread: '1.0', dm: false },
  messageId: '1.1',
  eventId: 'Ev1',
  author: 'U_ANNA',
  text: 'hi',
  files: [],
  addressing: 'direct',
};

function setUp() {
  const said: [string, string][] = [];
  let reads = 0;
  const untaken = createUntaken({
    chat: { whisper: async (_, person, text) => void said.push([person, text]) },
    readMissed: () => (reads += 1),
    log: createSilentLog(),
  });
  const fail = (incoming: Incoming, code?: string) =>
    untaken(incoming, Object.assign(new Error('write'), code === undefined ? {} : { code }));
  return { said, fail, reads: () => reads };
}

describe('what came in and could not be stored', () => {
  it.each([
    ['ENOSPC', 'the disk is full'],
    ['EDQUOT', 'the disk quota is used up'],
    ['EROFS', 'its file system is read-only'],
    ['EACCES', 'it may not write there'],
  ])('IN-5: %s: who wrote is told once, and it is read again each time', (code, words) => {
    const { said, fail, reads } = setUp();
    // Slack sends what nobody acknowledged three times more.
    for (let tries = 0; tries < 4; tries += 1) fail(message, code);
    expect(said).toEqual([['U_ANNA', expect.stringContaining(words)]]);
    expect(reads()).toBe(4);
  });

  it('IN-5: what is not about the disk, or not said to us, is read again in silence', () => {
    const { said, fail, reads } = setUp();
    fail(message);
    fail({ ...message, addressing: 'other' }, 'ENOSPC');
    expect(said).toEqual([]);
    expect(reads()).toBe(2);
  });
});
