import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Api } from './api.ts';
import { moveSession } from './move.ts';

describe('moving a session', () => {
  let to: string;
  beforeEach(async () => {
    to = await mkdtemp(join(tmpdir(), 'frontdesk-move-'));
    await mkdir(join(to, '.git'));
  });
  afterEach(() => rm(to, { recursive: true, force: true }));

  function setUp(at = '/work/repos/web') {
    const calls: string[] = [];
    let busy = ['s1'];
    const api = {
      session: async () => ({ id: 's1', title: 'T', directory: at, projectID: 'p1' }),
      busy: async () => {
        const now = busy;
        busy = [];
        return now;
      },
      moveSession: async (_: string, id: string, folder: string) => void calls.push(`move ${id} ${folder}`),
      entitle: async (folder: string, _: string, title: string) =>
        void calls.push(`rename ${folder} ${title}`),
    } as unknown as Api;
    const run = () =>
      moveSession(
        api,
        { type: 'session.move', request_id: 'r', directory: at, session_id: 's1', to, title: 'New' },
        async () => void calls.push('abort'),
      );
    return { run, calls };
  }
  const claimed = () => readFile(join(to, '.git', 'opencode'), 'utf8');

  it('WS-6: its turn ends, the folder becomes one of its project, then it moves', async () => {
    const { run, calls } = setUp();
    await run();
    expect(calls).toEqual(['abort', `move s1 ${to}`, `rename ${to} New`]);
    expect(await claimed()).toBe('p1');
  });

  it('WS-6: moved already, it works on; a folder that OpenCode knows keeps its project', async () => {
    const there = setUp(to);
    await there.run();
    expect(there.calls).toEqual([`rename ${to} New`]);
    await writeFile(join(to, '.git', 'opencode'), 'p0');
    await setUp().run();
    expect(await claimed()).toBe('p0');
  });

  it('WS-6: a folder without repository is for OpenCode to judge, one that is not there is said', async () => {
    await rm(join(to, '.git'), { recursive: true });
    const back = setUp();
    await back.run();
    expect(back.calls).toContain(`move s1 ${to}`);
    await rm(to, { recursive: true });
    await expect(setUp().run()).rejects.toThrow('ENOENT');
  });
});
