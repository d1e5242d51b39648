import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
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
import { ownJudgement } from './deadline.ts';

const question = { questions: [abQuestion] };
const bash = { permission: 'bash', patterns: ['rm -rf build'], metadata: { command: 'rm -rf build' } };

async function untilDelivered({ world }: LateRig, life: LateLife): Promise<void> {
  await world.until(() => life.asks.pending().length === 0 && life.asks.busy === 0, 'the delivery');
}

const said = ({ world }: LateRig, words: string) => world.shown(here).filter((text) => text.includes(words));
const askCard = ({ world }: LateRig) =>
  world.cards(here).findLast(({ title }) => title.startsWith('❓') || title.startsWith('🔐'));

describe('a question nobody answers', () => {
  it('AS-3, AS-4: what there is is committed and tagged, then it goes on with ⭐, told in thread and on the card', async () => {
    await using rig = await createLateRig();
    const life = await rig.begin();
    await writeFiles(rig.worktree, { 'half.ts': 'half' });
    const { id, deadlineAt, askedAt } = await life.hears('que_1', 'question', question);
    expect(deadlineAt).toBe(askedAt + 3_600_000);
    rig.pass(59);
    life.asks.tick();
    await rig.world.until(() => life.asks.busy === 0, 'nothing');
    expect(rig.replies).toEqual([]);
    rig.pass(1);
    life.asks.tick();
    await untilDelivered(rig, life);
    expect(rig.replies).toEqual(['que_1: [["Postgres (Recommended)"]]']);
    const tag = `frontdesk/ask/${id.replace('ask_', '')}`;
    expect(await git(rig.worktree, 'status', '--porcelain')).toBe('');
    expect(await git(rig.worktree, 'show', `${tag}:half.ts`)).toBe('half');
    expect((await life.asks.get(id))?.checkpoint).toMatchObject({ tag, commits: [{ repository: 'api' }] });
    await rig.world.until(() => said(rig, '⏰').length > 0, 'the notice');
    expect(said(rig, '⏰')).toEqual([
      `⏰ Nobody answered; \`${workspace}\` goes on with ⭐ Postgres. What there was is tagged \`${tag}\`. The card above still takes an answer.`,
    ]);
    await rig.world.until(() => askCard(rig)?.body?.includes('⏰') ?? false, 'the card');
    expect(askCard(rig)?.buttons?.map(({ label }) => label)).toEqual([
      '⭐ Postgres',
      'SQLite',
      'Other answer…',
    ]);
    await life.end();
  });

  it('AS-3: the service was down over the deadline: handled once, and not again', async () => {
    await using rig = await createLateRig();
    await (async (life) => {
      await life.hears('que_1', 'question', question);
      await life.end();
    })(await rig.begin());
    rig.pass(3 * 24 * 60);
    for (let lives = 0; lives < 3; lives += 1) {
      const life = await rig.live();
      life.asks.tick();
      await rig.world.until(() => life.asks.pending().every(({ status }) => status !== 'open'), 'the expiry');
      life.asks.tick();
      await life.end();
    }
    expect(said(rig, '⏰')).toHaveLength(1);
    expect((await rig.subjects('HEAD')).length).toBe(1);
  });

  it('AS-3: a person who was faster wins, and the deadline says nothing', async () => {
    await using rig = await createLateRig();
    const life = await rig.begin();
    await life.hears('que_1', 'question', question);
    await rig.world.until(() => askCard(rig) !== undefined, 'the card');
    await life.press('SQLite');
    rig.pass(600);
    life.asks.tick();
    await untilDelivered(rig, life);
    expect(rig.replies).toEqual(['que_1: [["SQLite"]]']);
    expect(said(rig, '⏰')).toEqual([]);
    await life.end();
  });

  it('AS-3: continue-immediately goes on at once, and the card takes an answer all the same', async () => {
    await using rig = await createLateRig({ deadline: 'continue-immediately' });
    const life = await rig.begin();
    await life.hears('que_1', 'question', question);
    await untilDelivered(rig, life);
    expect(rig.replies).toEqual(['que_1: [["Postgres (Recommended)"]]']);
    await rig.world.until(() => (askCard(rig)?.buttons?.length ?? 0) > 0, 'the buttons');
    expect(await life.press('⭐ Postgres')).toEqual({ text: 'Confirmed: it went on with ⭐ Postgres.' });
    await life.end();
  });

  it('AS-3: without a recommended option the agent decides itself and says so', async () => {
    await using rig = await createLateRig();
    const life = await rig.begin();
    const open = { ...abQuestion, header: 'Name', question: 'What name?', options: [] };
    await life.hears('que_1', 'question', { questions: [abQuestion, open] });
    rig.pass(61);
    life.asks.tick();
    await untilDelivered(rig, life);
    expect(rig.replies).toEqual([`que_1: ${JSON.stringify([['Postgres (Recommended)'], [ownJudgement]])}`]);
    await rig.world.until(() => said(rig, '⏰').length > 0, 'the notice');
    expect(said(rig, '⏰')[0]).toContain('Database: ⭐ Postgres; Name: the agent’s own judgement');
    await life.end();
  });

  it('AS-4: git that does not work is tried again; then it goes on without, and says so', async () => {
    await using rig = await createLateRig();
    const life = await rig.begin();
    await life.hears('que_1', 'question', question);
    await writeFiles(rig.worktree, { 'half.ts': 'half' });
    const lock = path.resolve(rig.worktree, await git(rig.worktree, 'rev-parse', '--git-path', 'index.lock'));
    await writeFile(lock, '');
    rig.pass(61);
    await rig.world.until(() => {
      life.asks.tick();
      rig.pass(1);
      return rig.replies.length > 0;
    }, 'an answer');
    expect(rig.checkpoints).toBe(3);
    await untilDelivered(rig, life);
    expect((await life.latest())?.note).toContain('could not be kept');
    expect((await life.latest())?.checkpoint).toBeNull();
    await rm(lock);
    await life.end();
  });
});

describe('a permission nobody gives', () => {
  it('AS-3: is denied with the reason, never allowed, and nothing is committed for it', async () => {
    await using rig = await createLateRig({
      deadline: { businessMinutes: 120 },
      hours: { days: [1, 2, 3, 4, 5, 6, 7] },
    });
    const life = await rig.begin();
    await writeFiles(rig.worktree, { 'half.ts': 'half' });
    await life.hears('per_1', 'permission', bash);
    rig.pass(24 * 60);
    life.asks.tick();
    await untilDelivered(rig, life);
    expect(rig.replies).toEqual([
      'per_1: reject Nobody answered within 2 business hours. Do without it, or ask what to do instead.',
    ]);
    expect(await git(rig.worktree, 'status', '--porcelain')).toBe('?? half.ts');
    await rig.world.until(() => said(rig, '⏰').length > 0, 'the notice');
    expect(said(rig, '⏰')).toEqual([
      `⏰ Nobody answered; denied: \`${workspace}\` wanted to run a command: rm -rf build. The card above still takes an answer.`,
    ]);
    await life.end();
  });
});
