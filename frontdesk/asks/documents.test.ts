import { describe, expect, it } from 'vitest';
import { abQuestion, createLateRig, here, type LateLife, type LateRig } from '../../test/support/late-rig.ts';
import { documentName } from './document.ts';

const six = {
  questions: Array.from({ length: 6 }, (_, at) => ({ ...abQuestion, header: `Part ${at + 1}` })),
};
const shown = ({ world }: LateRig, words: string) => world.shown(here).filter((text) => text.includes(words));

async function asked(rig: LateRig): Promise<{ life: LateLife; name: string; text: string }> {
  const life = await rig.begin();
  const ask = await life.hears('que_1', 'question', six);
  await rig.world.until(() => rig.files.size > 0, 'the document');
  const file = [...rig.files.values()].find(({ name }) => name === documentName(ask));
  return { life, name: documentName(ask), text: Buffer.from(file?.content ?? []).toString() };
}

const filled = (text: string, answer: string) => text.replaceAll(/^Answer: $/gm, `Answer: ${answer}`);
const upload = (name: string, text: string) =>
  ({ ok: true, name, mime: 'text/markdown', content: Buffer.from(text) }) as const;

describe('the document of many questions', () => {
  it('AS-5: is attached, and its answers are read back from the uploaded file', async () => {
    await using rig = await createLateRig();
    const { life, name, text } = await asked(rig);
    expect(
      rig.world
        .cards(here)
        .at(-1)
        ?.buttons?.map(({ label }) => label),
    ).toContain('Answer…');
    expect(
      await life.writes(here, 'here you are', upload(name.replace('.md', ' (1).md'), filled(text, '2'))),
    ).toBe(true);
    await rig.world.until(() => rig.replies.length > 0, 'the delivery');
    expect(rig.replies).toEqual([`que_1: ${JSON.stringify(six.questions.map(() => ['SQLite']))}`]);
    expect(shown(rig, '📝')).toEqual(['📝 The answers are read from it.']);
    await life.end();
  });

  it('AS-5: more questions than a form takes are answered in the document, and its button says so', async () => {
    await using rig = await createLateRig();
    const life = await rig.begin();
    const part = (_: unknown, at: number) => ({ ...abQuestion, header: `Part ${at + 1}` });
    await life.hears('que_1', 'question', { questions: Array.from({ length: 34 }, part) });
    await rig.world.until(() => rig.files.size > 0, 'the document');
    expect(await life.press('Answer…')).toEqual({
      text: expect.stringMatching(/too many questions for a form.*`questions-\w+\.md`/),
    });
    await life.end();
  });

  it('AS-5: with errors each is told and nothing is taken; pasted as text it is read, too', async () => {
    await using rig = await createLateRig();
    const { life, name, text } = await asked(rig);
    const half = filled(text, '1').replace('Answer: 1', 'Answer: ').replace('Answer: 1', 'Answer: 9');
    await life.writes(here, '', upload(name, half));
    expect(shown(rig, '❌')).toEqual([
      '❌ Nothing was taken from it yet:\n- 1. Part 1: there is no answer yet.\n- 2. Part 2: there is no option 9.\n\nCorrect it and send it again.',
    ]);
    expect(rig.replies).toEqual([]);
    expect(await life.writes(here, filled(text, 'SQLite'))).toBe(true);
    await rig.world.until(() => rig.replies.length > 0, 'the delivery');
    await life.end();
  });

  it('AS-5: a file that cannot be loaded is told; in another thread it is nothing of ours', async () => {
    await using rig = await createLateRig();
    const { life, name, text } = await asked(rig);
    await life.writes(here, '', { ok: false, name, reason: 'Slack answered 500' });
    expect(shown(rig, '❌')).toEqual([`❌ \`${name}\` could not be read: Slack answered 500.`]);
    const elsewhere = { ...here, thread: '99.0' };
    expect(await life.writes(elsewhere, '', upload(name, filled(text, '1')))).toBe(false);
    expect(rig.replies).toEqual([]);
    await life.end();
  });
});
