import { describe, expect, it } from 'vitest';
import { createSilentLog } from '../../mcp-servers/kit/log.ts';
import type { HostSnapshot } from '../../mcp-servers/kit/work.ts';
import { createProbes, type ProbeParts } from './probes.ts';
import { createSigns } from './signs.ts';

const nothing: HostSnapshot = { busy: [], waiting: [], milestones: [], todos: [] };

/** Probes of hosts that answer as the test lets them. */
function createRig(snapshot: (host: string) => Promise<HostSnapshot>, more: Partial<ProbeParts> = {}) {
  let time = 0;
  const connected = new Set(['a', 'b']);
  const now = () => time;
  const probes = createProbes({
    hosts: {
      list: () => [...connected].map((host) => ({ host, busy: 0, local: false })),
      isConnected: (host) => connected.has(host),
      snapshot,
      messages: async () => [],
    },
    list: () => [],
    signs: createSigns(now),
    takers: [],
    others: [],
    stalledAfterMs: 900_000,
    log: createSilentLog(),
    now,
    ...more,
  });
  return { probes, connected, pass: (ms: number) => void (time += ms) };
}

describe('looking outside', () => {
  it('WA-1: a host that does not answer is blind since it was asked, until it answers; away it is not', async () => {
    const broken = new Set(['a']);
    const { probes, connected, pass } = createRig(async (host) => {
      if (broken.has(host)) throw new Error('no answer');
      return nothing;
    });
    expect(probes.blindSince('a')).toBeUndefined();
    pass(5);
    await probes.run();
    pass(5);
    await probes.run();
    expect([probes.blindSince('a'), probes.blindSince('b')]).toEqual([5, null]);
    connected.delete('a');
    expect(probes.blindSince('a')).toBeNull();
    await probes.run();
    pass(100_000);
    connected.add('a');
    expect(probes.blindSince('a')).toBeUndefined();
    broken.clear();
    await probes.run();
    expect(probes.blindSince('a')).toBeNull();
  });

  it('WA-1: one that hangs is left alone, and keeps the others from nothing', async () => {
    const hanging = Promise.withResolvers<HostSnapshot>();
    const asked: string[] = [];
    const looked: string[] = [];
    const { probes } = createRig(
      async (host) => {
        asked.push(host);
        return host === 'a' ? await hanging.promise : nothing;
      },
      {
        takers: [
          async () => await Promise.reject(new Error('refused')),
          async (host) => void looked.push(host),
        ],
        others: [
          ['labs', async () => await Promise.reject(new Error('no lab'))],
          ['asks', async () => void looked.push('asks')],
        ],
      },
    );
    const first = probes.run();
    await expect.poll(() => looked).toEqual(['asks', 'b']);
    await probes.run();
    expect(asked).toEqual(['a', 'b', 'b']);
    hanging.resolve(nothing);
    await first;
    expect(looked.toSorted()).toEqual(['a', 'asks', 'asks', 'b', 'b']);
  });
});
