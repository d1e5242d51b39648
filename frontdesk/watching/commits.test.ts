import { rm } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { WorkspaceInfo } from '../../mcp-servers/kit/work.ts';
import { createSilentLog } from '../../mcp-servers/kit/log.ts';
import type { RepositoryHistory } from '../../mcp-servers/workspaces/history/shapes.ts';
import { createGround, git, writeFiles } from '../../test/support/git-ground.ts';
import { anna, clickButton, createWorkWorld, thread } from '../../test/support/work-world.ts';
import { createCommits } from './commits.ts';

const ref = thread('1.0');
const name = 'ai-dev-domain-apis-implement-login';

/** A session at work on real git; clock, hosts and chat are in memory. */
async function createRig() {
  const stack = new AsyncDisposableStack();
  const ground = stack.use(await createGround());
  await ground.addRepository('api');
  const world = createWorkWorld();
  const project = { name: 'ai-dev/domain-apis', repositories: ['api'] };
  const live = async () => {
    const workspaces = stack.use(await ground.open({ projects: [project] }));
    const life = world.live({ ports: { workspaces } });
    await life.work.resumeAll();
    return { ...life, workspaces };
  };
  const first = await live();
  const by = { person: anna, ref, requestId: 'r1' };
  await first.work.propose(by, {
    project: 'api',
    title: 'Implement login',
    description: '',
    priority: 'low',
  });
  await clickButton(world, first.work, { ref, label: 'Start' });
  await world.until(() => first.work.busy === 0, 'the start');
  const { folder, state } = first.workspaces.get(name);
  const api = path.join(folder, 'repos/api');
  /** By an agent, which nobody hears of; at the world's time. */
  const commit = async (subject: string, at = first.ports.now()) => {
    await writeFiles(api, { [`${subject}.txt`]: 'one\ntwo\n' });
    await git(api, 'add', '-A');
    await git(api, 'commit', '-q', '-m', subject, `--date=${new Date(at).toISOString()}`);
  };
  const looks = async ({ watcher }: Pick<typeof first, 'watcher'>, seconds = 10) => {
    for (let passed = 0; passed < seconds; passed += 2) {
      world.pass(2000);
      await watcher.runOnce();
    }
  };
  const milestones = () => world.shown(ref).filter((text) => text.includes('Milestone'));
  return {
    world,
    first,
    live,
    commit,
    looks,
    milestones,
    api,
    folder,
    sessionId: state.session?.id ?? '',
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

describe('commits on real git', () => {
  it('WA-3, WA-1: told within 10 s though nobody hears of them, once over a restart; not those of before, and none of ours', async () => {
    await using rig = await createRig();
    const { first, live, commit, looks, milestones, world } = rig;
    await commit('Old', first.ports.now() - 86_400_000);
    await looks(first);
    expect(milestones()).toEqual([]);
    await commit('Add JWT middleware');
    await commit('Add tests');
    await looks(first);
    expect(milestones()).toEqual([
      `✅ Milestone: 2 commits in api: Add JWT middleware, Add tests (+4 −0) (\`${name}\`)`,
    ]);
    first.crash();
    await commit('While it was down');
    world.pass(60_000);
    const second = await live();
    await looks(second);
    await writeFiles(rig.api, { 'half.txt': 'half' });
    await second.workspaces.checkpoint(name, 'frontdesk/ask/k3f9');
    await looks(second, 60);
    expect(milestones().slice(1)).toEqual([
      `✅ Milestone: 1 commit in api: While it was down (+2 −0) (\`${name}\`)`,
    ]);
  });

  it('WA-3: what a shell committed is seen with the next look, and before the end of the turn is told', async () => {
    await using rig = await createRig();
    const { first, commit, looks, milestones, sessionId, world } = rig;
    await looks(first);
    await commit('Add login');
    first.hear({ kind: 'tool', sessionId, tool: 'bash', title: 'git commit', status: 'completed' });
    await looks(first, 2);
    expect(milestones()).toHaveLength(1);
    world.pass(60_000);
    await commit('Add logout');
    first.hear({ kind: 'idle', sessionId });
    await world.until(() => first.workspaces.get(name).state.session?.status === 'idle', 'the end');
    await first.watcher.runOnce();
    expect(world.shown(ref).slice(-2)).toEqual([
      `✅ Milestone: 1 commit in api: Add logout (+2 −0) (\`${name}\`)`,
      `💬 \`${name}\` has finished its turn and waits.`,
    ]);
  });

  it('WA-3: with the milestone that the agent tells of it, it is told once', async () => {
    await using rig = await createRig();
    const { first, commit, looks, milestones, sessionId } = rig;
    await looks(first);
    await commit('Add login');
    first.hear({ kind: 'milestone', sessionId, id: 'call-1', text: 'Login works' });
    await looks(first, 60);
    expect(milestones()).toEqual([`✅ Milestone: Login works (\`${name}\`)`]);
  });

  it('WA-1: a repository that cannot be read keeps nothing else from being told', async () => {
    await using rig = await createRig();
    const { first, looks, milestones, sessionId } = rig;
    await rm(path.join(rig.api, '.git'));
    await writeFiles(rig.api, { '.git': 'gitdir: /nowhere\n' });
    first.hear({ kind: 'milestone', sessionId, id: 'call-1', text: 'Login works' });
    await looks(first);
    expect(milestones()).toHaveLength(1);
  });
});

describe('how often it is looked', () => {
  function createEye(status: 'running' | 'idle', count = 1) {
    let time = 0;
    const asked: string[] = [];
    const infos = Array.from({ length: count }, (_, index) => ({
      name: `w${index}`,
      folder: `/w/${index}`,
      state: { createdAt: '2026-11-20T05:00:00Z', session: { id: `ses_${index}`, status } },
    })) as unknown as WorkspaceInfo[];
    const held: { until: Promise<void> } = { until: Promise.resolve() };
    const eye = createCommits({
      workspaces: {
        list: () => infos,
        find: (wanted) => infos.find((info) => info.name === wanted),
        async history(wanted): Promise<readonly RepositoryHistory[]> {
          asked.push(wanted);
          await held.until;
          return [];
        },
      },
      log: createSilentLog(),
      steady: () => time,
    });
    const look = async (seconds: number) => {
      for (let passed = 0; passed < seconds; passed += 2) {
        time += 2000;
        await eye.look();
      }
      return asked.splice(0).length;
    };
    return { eye, look, asked, held };
  }

  it('WA-1: one at work every 10 s, another every 2 min; all of them once at the start; with a hint at once', async () => {
    const working = createEye('running');
    expect([await working.look(2), await working.look(60)]).toEqual([1, 6]);
    const resting = createEye('idle', 50);
    expect([await resting.look(2), await resting.look(118), await resting.look(2)]).toEqual([50, 0, 50]);
    resting.eye.hint('w7');
    expect([await resting.look(2), await resting.look(2)]).toEqual([1, 0]);
  });

  it('WA-1: what is asked for while one reads is read once more, for all who asked', async () => {
    const { eye, asked, held } = createEye('running');
    const { promise, resolve } = Promise.withResolvers<void>();
    held.until = promise;
    const first = eye.lookAt('w0');
    await expect.poll(() => asked).toHaveLength(1);
    const all = [first, eye.lookAt('w0'), eye.lookAt('w0')];
    resolve();
    await Promise.all(all);
    expect(asked).toHaveLength(2);
  });
});
