import { describe, expect, it } from 'vitest';
import {
  abQuestion,
  createLateRig,
  here,
  type LateRig,
  there,
  workspace,
} from '../../test/support/late-rig.ts';

const question = { questions: [abQuestion] };
const shown = ({ world }: LateRig) => world.shown(there);
const buttons = ({ world }: LateRig, ref = there) =>
  world.cards(ref).flatMap((card) => (card.buttons ?? []).map(({ label }) => label));

/** Asked, and a thread opened for it. */
async function discussed(rig: LateRig) {
  const life = await rig.begin();
  await life.hears('que_1', 'question', question);
  await rig.world.until(() => buttons(rig, here).includes('Discuss'), 'the card');
  expect(await life.press('Discuss')).toBeNull();
  await rig.world.until(() => buttons(rig).includes('SQLite'), 'the discussion');
  return life;
}

describe('a discussion', () => {
  it('AS-5: a thread that names workspace and question; the card links to it; opened once', async () => {
    await using rig = await createLateRig();
    const life = await discussed(rig);
    const ask = await life.latest();
    expect(shown(rig)).toEqual([
      `💬 **${workspace}** asks: Which database? (ask/${ask?.id}/discussion)`,
      '💬 Talk it over here',
    ]);
    await rig.world.until(() => buttons(rig, here).includes('Open discussion'), 'the link');
    const link = rig.world.cards(here).flatMap(({ buttons: all = [] }) => all.filter(({ url }) => url));
    expect(link).toMatchObject([{ label: 'Open discussion', url: 'https://chat.test/7.0' }]);
    expect(
      await life.asks.click({ person: 'U0BEN', ref: here, requestId: 'x' }, 'ask.discuss', ask?.id ?? ''),
    ).toEqual({ text: 'It is discussed here: https://chat.test/7.0' });
    await life.end();
  });

  it('AS-5: words belong to the question; the last one can be used as the answer, which closes the ask', async () => {
    await using rig = await createLateRig();
    const life = await discussed(rig);
    expect(await life.writes(there, 'I would take the small one')).toBe(true);
    expect(await life.writes(there, 'sqlite')).toBe(true);
    expect(shown(rig).slice(2)).toEqual(['“sqlite”']);
    expect(await life.writes(here, 'unrelated')).toBe(false);
    expect(await life.press('Use as answer', 'U0BEN', there)).toBeNull();
    await rig.world.until(() => rig.replies.length > 0, 'the delivery');
    expect(rig.replies).toEqual(['que_1: [["SQLite"]]']);
    await rig.world.until(() => shown(rig).includes('✅ ben chose SQLite'), 'the end');
    expect(shown(rig).slice(1)).toEqual(['✅ ben chose SQLite']);
    expect(rig.messages()).toEqual([]);
    await life.end();
  });

  it('AS-5: "answer: …" answers, by name, number or words; a wrong number is told', async () => {
    await using rig = await createLateRig();
    const life = await discussed(rig);
    await life.writes(there, 'answer: 7');
    expect(shown(rig).at(-1)).toBe('❌ Nothing was taken: there is no option 7.');
    await life.writes(there, 'Answer: MySQL, as in the other project');
    await rig.world.until(() => rig.replies.length > 0, 'the delivery');
    expect(rig.replies).toEqual(['que_1: [["MySQL, as in the other project"]]']);
    await life.writes(there, 'answer: 1');
    expect(shown(rig).at(-1)).toContain('anna chose MySQL, as in the other project already');
    await life.end();
  });

  it('AS-6: after a restart it goes on, and a message written before can be used', async () => {
    await using rig = await createLateRig();
    const life = await discussed(rig);
    await life.writes(there, 'sqlite');
    await life.end();
    const next = await rig.live();
    expect(await next.press('Use as answer', 'U0BEN', there)).toBeNull();
    await rig.world.until(() => rig.replies.length > 0, 'the delivery');
    expect(rig.replies).toEqual(['que_1: [["SQLite"]]']);
    expect(shown(rig).filter((text) => text.startsWith('💬 **'))).toHaveLength(1);
    await next.end();
  });

  it('AS-3: the deadline ends it, too, and an answer written then comes late', async () => {
    await using rig = await createLateRig();
    const life = await discussed(rig);
    rig.pass(61);
    life.asks.tick();
    await rig.world.until(
      () => shown(rig).includes('⏰ Nobody decided in time: ⭐ Postgres'),
      'the deadline',
    );
    await life.writes(there, 'answer: SQLite');
    expect(shown(rig).at(-1)).toContain('It had gone on without you.');
    await life.end();
  });
});
