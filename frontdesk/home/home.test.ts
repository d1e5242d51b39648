import { describe, expect, it } from 'vitest';
import { FrontdeskError } from '../../mcp-servers/kit/errors.ts';
import { createSilentLog } from '../../mcp-servers/kit/log.ts';
import type { WorkspaceInfo } from '../../mcp-servers/kit/work.ts';
import { workspaceInfo } from '../../test/support/workspace-info.ts';
import { createHome, type HomePorts, type HomeViewer } from './home.ts';
import { createLinks } from './links.ts';

const anna = 'U_ANNA';
const thread = { team: 'T', channel: 'C1', thread: '1.0', dm: false };
const by = { person: anna, ref: { team: 'T', channel: anna, thread: '', dm: true }, requestId: 'r' };

function info(name: string, status: 'running' | 'paused'): WorkspaceInfo {
  const session = { id: 's', host: 'h', agent: 'builder', model: 'm/x', status, startedAt: '' } as const;
  return workspaceInfo(name, thread, { session });
}

function createRig(o: { fail?: boolean } = {}) {
  const clock = { now: 1_000_000 };
  const calls: { method: string; user: unknown; text: string }[] = [];
  const worked: string[] = [];
  const infos: WorkspaceInfo[] = [info('api', 'running')];
  const viewers = new Map<string, HomeViewer>();
  const broken = { fail: o.fail ?? false };
  const web = {
    async call(method: string, args: Record<string, unknown> = {}) {
      calls.push({ method, user: args['user_id'], text: JSON.stringify(args['view'] ?? '') });
      if (broken.fail) throw new Error('ratelimited');
      return method === 'chat.getPermalink' ? { permalink: 'https://slack.test/archives/C1/p10' } : {};
    },
  };
  const log = createSilentLog();
  const now = () => clock.now;
  const ports: HomePorts = {
    web,
    viewers: {
      get: async (id) => viewers.get(id),
      async update(id, change) {
        const next = change(viewers.get(id));
        if (next === undefined) viewers.delete(id);
        else viewers.set(id, next);
        return next;
      },
      ids: async () => [...viewers.keys()],
      async *entries() {
        yield* viewers;
      },
    },
    work: {
      async click({ ref }, action, value) {
        worked.push(`${action} ${value} in ${ref.channel}`);
        if (value === 'api') infos.splice(0, 1, info('api', 'paused'));
        return null;
      },
      status: async () => ({ row: null, text: '**Status** with hunter2' }),
      diff: async () => ({ text: 'diff', shown: false }),
    },
    labDesk: {
      deploy: async () => {
        throw new FrontdeskError('lab_unsupported', 'No start.');
      },
      test: async ({ ref }) => ({ text: `testing, card in ${ref.channel}`, shown: true }),
    },
    async answer(_, action, value) {
      if (action === 'ask.form') return { type: 'modal', blocks: [value] };
      worked.push(`${action} ${value}`);
      return `✅ ${value}`;
    },
    startForm: async () => ({ type: 'modal', blocks: [] }),
    workspaces: () => infos,
    asks: () => [],
    waiting: async () => [],
    linkTo: createLinks({ web, log, now }),
    maxSessions: 10,
    openDm: async () => ({ team: 'T', channel: 'D1', thread: '', dm: true }),
    isAllowed: (person) => person === anna,
    redact: (text) => text.replaceAll('hunter2', '***'),
    log,
    now,
  };
  const published = () => calls.filter(({ method }) => method === 'views.publish');
  /** Waits for what a tick began. */
  const tick = async (home: ReturnType<typeof createHome>, ms: number) => {
    clock.now += ms;
    home.tick();
    for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  };
  return { ports, clock, infos, calls, worked, viewers, published, tick, broken };
}

describe('App Home, served', () => {
  it('IN-10: opened: published; again only when something has changed, for those who look', async () => {
    const { ports, published, tick, infos, calls } = createRig();
    const home = createHome(ports);
    await tick(home, 5000);
    expect(published()).toHaveLength(0);
    await home.opened(anna);
    expect(published()).toMatchObject([{ user: anna, text: expect.stringContaining('running') }]);
    await tick(home, 5000);
    await tick(home, 5000);
    expect(published()).toHaveLength(1);
    infos.push(info('web', 'running'));
    await tick(home, 1000);
    expect(published()).toHaveLength(1);
    await tick(home, 5000);
    expect(published()).toHaveLength(2);
    await tick(home, 16 * 60_000);
    infos.push(info('third', 'running'));
    await tick(home, 5000);
    expect(published()).toHaveLength(2);
    expect(calls.filter(({ method }) => method === 'chat.getPermalink')).toHaveLength(1);
  });

  it('IN-10: a click acts in the workspace’s thread, and the tab shows it at once', async () => {
    const { ports, published, worked } = createRig();
    const home = createHome(ports);
    await home.opened(anna);
    expect(await home.click(by, 'home.pause', 'api')).toBeNull();
    expect(worked).toEqual(['work.pause api in C1']);
    expect(published().at(-1)?.text).toContain('paused');
  });

  it('IN-10: what a click came to is told on top for a while', async () => {
    const { ports, published, tick, infos } = createRig();
    const home = createHome(ports);
    await home.click(by, 'home.deploy', 'api');
    expect(published().at(-1)?.text).toContain('Add a .frontdesk.yaml');
    await home.click(by, 'home.tests', 'api');
    expect(published().at(-1)?.text).toContain('testing, card in C1');
    infos.push({ ...info('lone', 'running'), state: { ...info('lone', 'running').state, thread: null } });
    await home.click(by, 'home.tests', 'lone');
    expect(published().at(-1)?.text).toContain('testing, card in D1');
    await home.click(by, 'home.pause', 'gone');
    expect(published().at(-1)?.text).toContain('gone is not there any more');
    await home.click(by, 'home.dance', 'api');
    expect(published().at(-1)?.text).toContain('too old');
    await tick(home, 30_000);
    expect(published().at(-1)?.text).not.toContain('too old');
  });

  it('IN-10: an ask is answered by its own room, and what came of it told; its end is shown by the next tick', async () => {
    const { ports, published, worked, tick, infos } = createRig();
    const home = createHome(ports);
    await home.opened(anna);
    expect(await home.click(by, 'home.ask.choose.1', 'ask_1')).toBeNull();
    expect(worked).toEqual(['ask.choose.1 ask_1']);
    expect(published().at(-1)?.text).toContain('✅ ask');
    expect(await home.click(by, 'home.ask.form', 'ask_1')).toEqual({
      view: { type: 'modal', blocks: ['ask_1'] },
    });
    await tick(home, 5000);
    const before = published().length;
    infos.push(info('web', 'running'));
    await tick(home, 1000);
    expect(published()).toHaveLength(before);
    home.changed();
    await tick(home, 1000);
    expect(published()).toHaveLength(before + 1);
  });

  it('IN-9, OUT-3: start opens the form; status and diff open a window', async () => {
    const { ports } = createRig();
    const home = createHome(ports);
    expect(await home.click(by, 'home.start', 'start')).toEqual({ view: { type: 'modal', blocks: [] } });
    const shown = JSON.stringify(await home.click(by, 'home.status', 'api'));
    expect(shown).toContain('*Status* with');
    expect(JSON.stringify(await home.click(by, 'home.diff', 'api'))).toContain('diff');
  });

  it('IN-2: nothing for strangers', async () => {
    const { ports, published, worked } = createRig();
    const home = createHome(ports);
    await home.opened('U_STRANGER');
    expect(await home.click({ ...by, person: 'U_STRANGER' }, 'home.pause', 'api')).toBeNull();
    expect([published(), worked]).toEqual([[], []]);
  });

  it('IN-10: Slack is left alone for a while after it refused; then it goes on', async () => {
    const { ports, published, tick, broken } = createRig({ fail: true });
    const home = createHome(ports);
    await home.opened(anna);
    await tick(home, 5000);
    expect(published()).toHaveLength(1);
    broken.fail = false;
    await tick(home, 40_000);
    expect(published()).toHaveLength(2);
  });

  it('IN-10: who looked before a restart goes on looking; who did not is forgotten', async () => {
    const { ports, published, tick, viewers, clock } = createRig();
    viewers.set(anna, { openedAt: clock.now - 1000 });
    viewers.set('U_OLD', { openedAt: clock.now - 3_600_000 });
    const home = createHome(ports);
    await home.resumeAll();
    await tick(home, 5000);
    expect(published()).toMatchObject([{ user: anna }]);
    expect([...viewers.keys()]).toEqual([anna]);
  });
});
