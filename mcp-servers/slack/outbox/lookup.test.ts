import { describe, expect, it } from 'vitest';
import type { SlackWeb } from '../web.ts';
import { buildMetadata, createLookup } from './lookup.ts';

const ref = { team: 'T1', channel: 'C1', thread: '1.000000', dm: false };

describe('a message in doubt', () => {
  it('OUT-1: it is found by its mark, where it is ours: another app that writes the mark takes no message away', async () => {
    const metadata = buildMetadata('turn-1');
    const standing = [{ ts: '2.000000', user: 'U_OTHER', text: 'hello', metadata }];
    const web = { call: () => Promise.resolve({ messages: standing }) } as unknown as SlackWeb;
    const lookup = createLookup(web, 'U_BOT');
    expect(await lookup.message(ref, 'turn-1', 0)).toBeUndefined();
    standing.push({ ts: '3.000000', user: 'U_BOT', text: 'hello', metadata });
    expect(await lookup.message(ref, 'turn-1', 0)).toBe('3.000000');
  });
});
