import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { createSilentLog } from '../../mcp-servers/kit/log.ts';
import { openStore } from '../../mcp-servers/kit/store/store.ts';
import { createGround, git } from '../../test/support/git-ground.ts';
import { anna, clickButton, createWorkWorld, thread } from '../../test/support/work-world.ts';
import { activitySchema, confirmationSchema, proposalSchema } from './record.ts';

const ref = thread('1.0');
let requests = 0;
const by = (at = ref) => ({ person: anna, ref: at, requestId: `r${(requests += 1)}` });

async function createRig() {
  const stack = new AsyncDisposableStack();
  const ground = stack.use(await createGround());
  const dir = await mkdtemp(path.join(tmpdir(), 'work-'));
  stack.defer(() => rm(dir, { recursive: true, force: true }));
  await ground.addRepository('api');
  const world = createWorkWorld();
  const project = { name: 'ai-dev/domain-apis', repositories: ['api'] };
  /** One life on real git and a real store; hosts and chat are in memory. */
  const live = async () => {
    const store = await openStore({ dir, log: createSilentLog() });
    const workspaces = await ground.open({ projects: [project] });
    const collections = {
      proposals: store.collection({ name: 'proposals', schema: proposalSchema, version: 1 }),
      confirmations: store.collection({ name: 'confirmations', schema: confirmationSchema, version: 1 }),
      activity: store.collection({ name: 'activity', schema: activitySchema, version: 1 }),
    };
    const life = world.live({ ports: { workspaces, ...collections } });
    await life.work.resumeAll();
    const end = async () => {
      await life.work[Symbol.asyncDispose]();
      await store[Symbol.asyncDispose]();
    };
    return { ...life, workspaces, end };
  };
  return { ground, world, live, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}

describe('on real git and a real store', () => {
  it('WS-1…WS-5, SE-6: start, diff, pause, restart, resume, plug, promote, clean up', async () => {
    await using rig = await createRig();
    const { world, ground } = rig;
    const name = 'ai-dev-domain-apis-implement-login';
    let life = await rig.live();
    await life.work.propose(by(), {
      project: 'api',
      title: 'Implement login',
      description: '',
      priority: 'normal',
    });
    await clickButton(world, life.work, { ref, label: 'Start' });
    await world.until(() => life.work.busy === 0, 'the start');
    const { folder, state } = life.workspaces.get(name);
    expect(state).toMatchObject({ thread: ref, session: { status: 'running' }, branch: `frontdesk/${name}` });

    const worktree = path.join(folder, 'repos', 'api');
    await writeFile(path.join(worktree, 'login.ts'), 'export const login = 1;\n');
    await git(worktree, 'add', '-A');
    await git(worktree, 'commit', '-q', '-m', 'Add login');
    expect((await life.work.diff(by())).text).toContain('login.ts');
    await life.work.pause(by());
    await life.end();

    life = await rig.live();
    expect(life.workspaces.get(name).state.session?.status).toBe('paused');
    await life.work.resume(by());
    const there = thread('2.0');
    await life.work.plug(by(there), 'login');
    expect(life.workspaces.get(name).state.thread).toEqual(there);
    await life.end();

    life = await rig.live();
    expect(life.work.pluggedSummary(there)).toContain(name);
    await life.work.promote(by(there));
    await clickButton(world, life.work, { ref: there, label: 'Confirm' });
    await world.until(() => life.work.busy === 0, 'the promotion');
    expect(await git(ground.root, `--git-dir=${ground.remoteOf('api')}`, 'branch', '--list')).toContain(
      `frontdesk/${name}`,
    );
    expect(world.shown(there).at(-1)).toMatch(/Promoted[\s\S]*pushed/);

    await life.work.cleanup(by(there));
    await clickButton(world, life.work, { ref: there, label: 'Confirm' });
    await world.until(() => life.work.busy === 0, 'the clean-up');
    expect(life.workspaces.find(name)).toBeUndefined();
    expect(world.shown(there).at(-1)).toContain('cleaned up');
    await life.end();
  });

  it('WS-2: a start without a host leaves neither worktree nor branch', async () => {
    await using rig = await createRig();
    const life = await rig.live();
    life.connect('local', false);
    rig.world.pass(60_000);
    await life.work.propose(by(), {
      project: 'api',
      title: 'Implement login',
      description: '',
      priority: 'low',
    });
    await clickButton(rig.world, life.work, { ref, label: 'Start' });
    await rig.world.until(() => life.work.busy === 0, 'the failure');
    expect(life.workspaces.list()).toEqual([]);
    const repository = path.join(rig.ground.root, 'repos', 'api');
    expect((await git(repository, 'worktree', 'list')).split('\n')).toHaveLength(1);
    expect(await git(repository, 'branch', '--list', 'frontdesk/*')).toBe('');
    await life.end();
  });
});
