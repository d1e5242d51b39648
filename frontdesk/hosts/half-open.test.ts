/** Both ends of the bridge over real sockets, and a line that dies without a word. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { createLink, type Link } from '../../agents/bridge/src/link.ts';
import { createRing, type Ring } from '../../agents/bridge/src/ring.ts';
import { type FrozenLine, startFrozenLine } from '../../test/support/frozen-line.ts';
import { type HostsGround, openHostsGround } from './hosts-ground.harness.ts';

const silenceMs = 1_500;
const patience = { timeout: 120_000 };

describe('a line that dies without a word', () => {
  let ground: HostsGround;
  let line: FrozenLine;
  let ring: Ring;
  let link: Link;
  let said: string[];

  beforeEach(async () => {
    ground = await openHostsGround({ silence: { ms: silenceMs, checkMs: 100 } });
    line = await startFrozenLine(ground.url);
    ring = createRing(Date.now);
    said = [];
    link = createLink({
      dial: () =>
        new WebSocket(`${line.url.replace('http', 'ws')}/ws/bridge`, {
          headers: { authorization: 'Bearer shared' },
        }),
      hello: async () => ({ host: 'laptop', instance: 'i1', opencode: '1.18.33', roots: ['/work'] }),
      ring,
      run: async ({ request_id }) => ({ type: 'session.aborted', request_id }),
      snapshot: async () => ({ busy: [{ session_id: 's0', directory: '/work/a' }], waiting: [] }),
      say: (level, message) => void said.push(`${level} ${message}`),
      steady: () => performance.now(),
      backoffMs: () => 50,
      limits: { pingMs: 100, silenceMs },
    });
  });
  afterEach(async () => {
    link.close();
    await line[Symbol.asyncDispose]();
    await ground[Symbol.asyncDispose]();
  });

  /** And the service knows how things stand: from then on nothing is lost with a line, however busy the machine. */
  const isThere = () =>
    expect
      .poll(
        () => link.connected && ground.hosts.isConnected('laptop') && kinds().includes('active'),
        patience,
      )
      .toBe(true);
  const tell = (text: string) => {
    ring.push({ kind: 'agent.milestone', session_id: 's1', directory: '/work/a', text });
    link.pump();
  };
  const kinds = () => ground.events.map(([, { kind }]) => kind);
  const heard = () => ground.events.flatMap(([, event]) => (event.kind === 'milestone' ? event.text : []));

  it.each([
    ['nothing passes, as with a stopped process or a dropped network', undefined],
    ['the service hears nothing', 'up' as const],
    ['the host hears nothing', 'down' as const],
  ])(
    'BR-1: both ends notice when %s; it comes back by itself, and what happened is told once',
    async (_, way) => {
      await isThere();
      tell('before');
      await expect.poll(heard, patience).toEqual(['before']);
      line.freeze(way);
      tell('meanwhile');
      await expect.poll(() => ground.hosts.isConnected('laptop'), patience).toBe(false);
      await expect
        .poll(() => said, patience)
        .toContainEqual(expect.stringMatching(/^warn disconnected \(nothing heard/));
      expect(ground.changes.at(-1)).toEqual(['laptop', false]);
      tell('later');
      line.thaw();
      await expect.poll(heard, patience).toEqual(['before', 'meanwhile', 'later']);
      await isThere();
      expect(ground.changes.at(-1)).toEqual(['laptop', true]);
    },
  );

  it('BR-1: a request over a line that died ends, and the latency of one that lives is logged', async () => {
    await expect
      .poll(() => ground.lines.join(''), patience)
      .toMatch(/"latencyMs":\d+,.*hosts\.ping\.latency/);
    await isThere();
    line.freeze();
    const session = { host: 'laptop', sessionId: 's1', directory: '/work/a' };
    await expect(ground.hosts.abort(session)).rejects.toMatchObject({ code: 'host_unavailable' });
  });

  it('BR-1: an end that takes the call and never answers is dialled again', async () => {
    await isThere();
    line.freeze();
    await expect.poll(() => link.connected, patience).toBe(false);
    // Dialled through the frozen line, and given up.
    const tries = () => said.filter((one) => one.includes('nothing heard')).length;
    await expect.poll(tries, patience).toBeGreaterThan(1);
    line.thaw();
    await expect.poll(() => link.connected, patience).toBe(true);
  });
});
