import { describe, expect, it } from 'vitest';
import { createSilentLog } from '../../mcp-servers/kit/log.ts';
import { FrontdeskError } from '../../mcp-servers/kit/errors.ts';
import { type HostSnapshot, type WorkspaceInfo, workspaceStateSchema } from '../../mcp-servers/kit/work.ts';
import { createProbes, type ProbeParts } from './probes.ts';
import { createSigns } from './signs.ts';

const nothing: HostSnapshot = { busy: [], waiting: [], milestones: [], todos: [] };

function runningWorkspace(host: string, id: string): WorkspaceInfo {
  const state = workspaceStateSchema.parse({
    version: 1,
    workspace: id,
    project: { category: 'ai-dev', project: 'api' },
    title: 'Login',
    repositories: ['api'],
    branch: 'b',
    createdBy: 'U',
    createdAt: '2026-11-20T05:00:00Z',
    thread: null,
    routing: null,
    session: { id, host, agent: 'builder', model: 'm/x', status: 'running', startedAt: '' },
  });
  return { name: id, folder: `/w/${id}`, state };
}

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
      instanceOf: (host) => `run of ${host}`,
    },
    list: () => [],
    signs: createSigns(now),
    takers: [],
    others: [],
    stalledAfterMs: 900_000,
    log: createSilentLog(),
    now,
    steady: now,
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

  it('WA-1, WA-3: milestones of a run of OpenCode that ended unheard are read, once for each run', async () => {
    const signs = createSigns(() => 0);
    let [run, reads] = ['1', 0];
    const message = { id: 'm', role: 'assistant', text: '', at: 5 } as const;
    const { probes } = createRig(async () => nothing, {
      signs,
      list: () => [runningWorkspace('a', 'ses_1'), runningWorkspace('b', 'ses_2')],
      hosts: {
        list: () => [{ host: 'a', busy: 0, local: false }],
        isConnected: () => true,
        instanceOf: () => run,
        snapshot: async () => nothing,
        messages: async ({ sessionId }) => {
          reads += 1;
          if (sessionId !== 'ses_1') throw new Error('asked the wrong host');
          if (reads === 1) throw new FrontdeskError('host_unavailable', 'away.');
          return [message, { ...message, milestones: [{ id: `c${run}`, text: 'Login works' }] }];
        },
      },
    });
    for (const next of ['1', '1', '1', '2', '2']) {
      run = next;
      await probes.run();
    }
    expect([...signs.of('ses_1').milestones]).toEqual([
      ['c1', 'Login works'],
      ['c2', 'Login works'],
    ]);
    expect(reads).toBe(3);
  });

  it('SE-4, WA-4: what a person says in OpenCode is for the record, and a progress line where those are wanted', () => {
    const signs = createSigns(() => 0);
    const event = { sessionId: 'ses_1', kind: 'typed', text: 'use RS256\nplease' } as const;
    const told = '💬 Said in OpenCode: use RS256 please';
    expect(signs.hear(event, { folder: '/w', collects: false })).toBe(told);
    expect(signs.take('ses_1')).toBe('');
    signs.hear(event, { folder: '/w', collects: true });
    expect(signs.take('ses_1')).toBe(told);
  });
});
