import { describe, expect, it } from 'vitest';
import { git, writeFiles } from '../../test/support/git-ground.ts';
import {
  abQuestion,
  createLateRig,
  here,
  type LateLife,
  type LateRig,
  workspace,
} from '../../test/support/late-rig.ts';

const ben = 'U0BEN';
const question = { questions: [abQuestion] };
const branch = `frontdesk/${workspace}`;

/** Asked with half-done work, timed out, and worked on since: committed and not. */
async function assumed(rig: LateRig): Promise<{ life: LateLife; tag: string; kept: string }> {
  const life = await rig.begin();
  await writeFiles(rig.worktree, { 'before.ts': 'before' });
  const { id } = await life.hears('que_1', 'question', question);
  rig.pass(61);
  life.asks.tick();
  await rig.world.until(() => life.asks.pending().length === 0, 'the deadline');
  await writeFiles(rig.worktree, { 'postgres.ts': 'postgres' });
  await git(rig.worktree, 'add', '-A');
  await git(rig.worktree, 'commit', '-q', '-m', 'On Postgres');
  await writeFiles(rig.worktree, { 'half.ts': 'half' });
  const short = id.replace('ask_', '');
  await rig.world.until(() => buttons(rig).includes('SQLite'), 'the card');
  return { life, tag: `frontdesk/ask/${short}`, kept: `frontdesk/assumed/${short}` };
}

const card = ({ world }: LateRig) => world.cards(here).findLast(({ title }) => /^(?:❓|🔐)/u.test(title));
const buttons = (rig: LateRig) => card(rig)?.buttons?.map(({ label }) => label) ?? [];
const shows = (rig: LateRig, words: string) => rig.world.shown(here).filter((text) => text.includes(words));

async function choose(rig: LateRig, life: LateLife, label: string): Promise<void> {
  expect(await life.press('SQLite')).toEqual({
    text: 'It had gone on without you. Choose on the card what is to become of your answer.',
  });
  await rig.world.until(() => buttons(rig).includes('Tell the agent'), 'the choice');
  expect(buttons(rig)).toEqual(['Redo from there', 'Tell the agent', 'Leave it']);
  expect(await life.press(label)).toBeNull();
}

describe('a late answer', () => {
  it('AS-4: Redo: both branches exist, the workspace is back at the tag, and the agent is told once', async () => {
    await using rig = await createLateRig();
    const { life, tag, kept } = await assumed(rig);
    await choose(rig, life, 'Redo from there');
    await rig.world.until(() => shows(rig, '↩️').length > 0, 'the redo');
    expect(shows(rig, '↩️')).toEqual([
      `↩️ anna: \`${workspace}\` is back at \`${tag}\` and goes on with **SQLite** instead of ⭐ Postgres. What was done on it is on \`${kept}\` in api.`,
    ]);
    expect(await git(rig.worktree, 'branch', '--show-current')).toBe(branch);
    expect(await git(rig.worktree, 'rev-parse', branch)).toBe(await git(rig.worktree, 'rev-parse', tag));
    expect(await git(rig.worktree, 'ls-tree', '--name-only', branch)).toBe('README.md\nbefore.ts');
    expect(await git(rig.worktree, 'ls-tree', '--name-only', kept)).toBe(
      'README.md\nbefore.ts\nhalf.ts\npostgres.ts',
    );
    expect(await git(rig.worktree, 'status', '--porcelain')).toBe('');
    expect(rig.messages()).toEqual([expect.stringContaining(`on \`${kept}\` in api.`)]);
    expect(rig.messages()[0]).toContain('The decision: SQLite');
    expect(life.workspaces.get(workspace).state.session?.status).toBe('running');
    await rig.world.until(() => card(rig)?.body?.includes('It is redone from there.') ?? false, 'the card');
    expect(buttons(rig)).toEqual([]);
    await life.end();
  });

  it('AS-4: Tell: the agent gets a message, and git stays as it is', async () => {
    await using rig = await createLateRig();
    const { life, kept } = await assumed(rig);
    await choose(rig, life, 'Tell the agent');
    await rig.world.until(() => shows(rig, '✉️').length > 0, 'the message');
    expect(rig.messages()).toEqual([
      'anna has now answered what you had asked: Which database?\nThe answer: SQLite\nYou had gone on with ⭐ Postgres. Nothing was undone: change what has to be changed, then go on.',
    ]);
    expect((await rig.subjects(branch))[0]).toBe('On Postgres');
    expect(await git(rig.worktree, 'branch', '--list', kept)).toBe('');
    await life.end();
  });

  it('AS-4: the same answer confirms; nothing else happens, and a later other one is told', async () => {
    await using rig = await createLateRig();
    const { life } = await assumed(rig);
    expect(await life.press('⭐ Postgres')).toEqual({ text: 'Confirmed: it went on with ⭐ Postgres.' });
    await rig.world.until(
      () => card(rig)?.body?.includes('✅ anna confirmed ⭐ Postgres.') ?? false,
      'the card',
    );
    expect(rig.messages()).toEqual([]);
    const ask = await life.latest();
    expect(await life.asks.respond(ben, ask?.id ?? '', [['SQLite']])).toBe(
      'This was decided already. It stays as it is.',
    );
    await life.end();
  });

  it('AS-2, AS-4: of several who choose, one wins and the others are told; a stranger does nothing', async () => {
    await using rig = await createLateRig();
    const { life } = await assumed(rig);
    await life.press('SQLite');
    await rig.world.until(() => buttons(rig).includes('Tell the agent'), 'the choice');
    expect(await life.press('Redo from there', 'X_STRANGER')).toBeNull();
    const people = Array.from({ length: 20 }, (_, at) => `U0P${at}`);
    const answers = await Promise.all(
      people.map((person, at) => life.press(at % 2 === 0 ? 'Tell the agent' : 'Redo from there', person)),
    );
    await rig.world.until(() => shows(rig, '✉️').length + shows(rig, '↩️').length > 0, 'the outcome');
    expect(answers.filter((shown) => shown === null)).toHaveLength(1);
    expect(rig.messages()).toHaveLength(1);
    expect(shows(rig, '✉️').length + shows(rig, '↩️').length).toBe(1);
    await life.end();
  });

  it('AS-4: Leave it: it stays as it is', async () => {
    await using rig = await createLateRig();
    const { life } = await assumed(rig);
    await choose(rig, life, 'Leave it');
    await rig.world.until(() => card(rig)?.body?.includes('It stays as it is.') ?? false, 'the card');
    expect(rig.messages()).toEqual([]);
    await life.end();
  });

  it('AS-4: a host that is away: told each time, nothing is touched, and a later try works', async () => {
    await using rig = await createLateRig();
    const { life, tag } = await assumed(rig);
    life.connect('local', false);
    await choose(rig, life, 'Redo from there');
    await rig.world.until(() => shows(rig, '❌').length > 0, 'the failure');
    expect(shows(rig, '❌')[0]).toContain('The host that runs this session is not connected.');
    expect((await rig.subjects(branch))[0]).toBe('On Postgres');
    const again = async () => {
      await rig.world.until(() => buttons(rig).includes('Redo from there'), 'the choice once more');
      rig.pass(1);
      expect(await life.press('Redo from there')).toBeNull();
    };
    await again();
    await rig.world.until(() => shows(rig, '❌').length > 1, 'the second failure');
    life.connect('local', true);
    await again();
    await rig.world.until(() => shows(rig, '↩️').length > 0, 'the redo');
    expect(await git(rig.worktree, 'rev-parse', branch)).toBe(await git(rig.worktree, 'rev-parse', tag));
    await life.end();
  });

  it('AS-4: what could not be stored is tried again, and told once', async () => {
    await using rig = await createLateRig();
    const { life } = await assumed(rig);
    rig.refuse('late-done', 1);
    await choose(rig, life, 'Tell the agent');
    await rig.world.until(() => {
      rig.pass(1);
      life.asks.tick();
      return shows(rig, '✉️').length > 0;
    }, 'the message');
    expect(rig.messages()).toHaveLength(1);
    await life.end();
  });

  it.each(['before going back', 'after going back', 'after the agent was told'])(
    'AS-4: killed %s, the next life does the rest once',
    async (moment) => {
      await using rig = await createLateRig();
      const { life, kept, tag } = await assumed(rig);
      await life.press('SQLite');
      const ask = await life.latest();
      if (!ask?.checkpoint) throw new Error('nothing was kept');
      const { checkpoint, id } = ask;
      const rewound = moment === 'before going back' ? null : [{ repository: 'api', branch: kept }];
      if (rewound !== null) await life.workspaces.rewind(workspace, checkpoint, kept);
      await life.jobs.update(id, () => ({
        kind: 'redo',
        by: 'U0ANNA',
        ref: here,
        rewound,
        failed: false,
        at: 1,
      }));
      if (moment === 'after the agent was told') {
        const by = { person: 'U0ANNA', ref: here, requestId: 'x' };
        await life.work.send(by, 'told', workspace, `${id}/late`);
      }
      await life.end();
      const next = await rig.live();
      await rig.world.until(() => shows(rig, '↩️').length > 0, 'the redo');
      await next.end();
      expect(rig.messages()).toHaveLength(1);
      expect(shows(rig, '↩️')).toHaveLength(1);
      expect(await git(rig.worktree, 'rev-parse', branch)).toBe(await git(rig.worktree, 'rev-parse', tag));
      expect((await rig.subjects(kept))[1]).toBe('On Postgres');
    },
  );

  it('AS-3: a permission allowed late is told to the agent, and its next request goes through, once', async () => {
    await using rig = await createLateRig();
    const life = await rig.begin();
    const bash = { permission: 'bash', patterns: ['rm -rf build'], metadata: { command: 'rm -rf build' } };
    await life.hears('per_1', 'permission', bash);
    rig.pass(61);
    life.asks.tick();
    await rig.world.until(() => life.asks.pending().length === 0, 'the deadline');
    const ask = await life.latest();
    expect(await life.asks.respond('U0ANNA', ask?.id ?? '', 'once')).toContain(
      'is told that it is allowed now',
    );
    await rig.world.until(() => rig.messages().length > 0, 'the message');
    expect(rig.messages()[0]).toContain('now it is allowed once. If it is still needed, do it again');
    for (const again of ['per_2', 'per_3']) await life.hears(again, 'permission', bash);
    await rig.world.until(() => rig.replies.length > 1, 'the rule');
    expect(rig.replies[1]).toBe('per_2: once');
    // That it arrived is stored a moment later.
    await rig.world.until(() => life.asks.pending().length === 1, 'the one that waits');
    await life.end();
  });

  it('AS-4: a permission allowed late, and killed before that was taken up: the card still offers to tell the agent', async () => {
    await using rig = await createLateRig();
    const life = await rig.begin();
    const bash = { permission: 'bash', patterns: ['make'], metadata: { command: 'make' } };
    await life.hears('per_1', 'permission', bash);
    rig.pass(61);
    life.asks.tick();
    await rig.world.until(() => life.asks.pending().length === 0, 'the deadline');
    const ask = await life.latest();
    const late = { answer: 'once' as const, by: 'U0ANNA', at: 1, choice: 'open' as const };
    await life.asks.change(ask?.id ?? '', (known) => ({ ...known, late }));
    await life.end();
    const next = await rig.live();
    await rig.world.until(() => buttons(rig).includes('Tell the agent'), 'the choice');
    expect(buttons(rig)).not.toContain('Redo from there');
    await next.press('Tell the agent');
    await rig.world.until(() => shows(rig, '✉️').length > 0, 'the message');
    expect(rig.messages()).toHaveLength(1);
    await next.end();
  });
});
