import { describe, expect, it } from 'vitest';
import { createSilentLog } from '../../mcp-servers/kit/log.ts';
import { createLinks } from './links.ts';

const at = (thread: string) => ({ team: 'T', channel: 'C1', thread, dm: false });

function createRig() {
  const clock = { now: 0 };
  const asked: unknown[] = [];
  const web = {
    async call(_: string, args: Record<string, unknown> = {}) {
      asked.push(args['message_ts']);
      if (args['message_ts'] === '9.9') throw new Error('message_not_found');
      return { permalink: `https://t.slack.com/archives/C1/p${String(args['message_ts']).replace('.', '')}` };
    },
  };
  return { asked, clock, link: createLinks({ web, log: createSilentLog(), now: () => clock.now }) };
}

describe('links to threads', () => {
  it('IN-10: fifty at once are one question', async () => {
    const { asked, link } = createRig();
    const links = await Promise.all(Array.from({ length: 50 }, (_, index) => link(at(`${index}.0001`))));
    expect(links[49]).toBe('https://t.slack.com/archives/C1/p490001');
    expect(asked).toEqual(['0.0001']);
  });

  it('IN-10: a thread that is gone keeps the others from nothing, and is not asked for again at once', async () => {
    const { asked, link, clock } = createRig();
    expect(await link(at('9.9'))).toBeNull();
    expect(await link(at('9.9'))).toBeNull();
    expect(asked).toEqual(['9.9']);
    clock.now += 61_000;
    expect(await Promise.all([link(at('9.9')), link(at('1.1'))])).toEqual([
      null,
      'https://t.slack.com/archives/C1/p11',
    ]);
  });

  it('IN-10: a DM’s top level has none', async () => {
    expect(await createRig().link({ ...at(''), dm: true })).toBeNull();
  });
});
