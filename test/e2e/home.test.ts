import { describe, expect, it } from 'vitest';
import { isWorker } from '../model/stand-in/worker.ts';
import type { AnswerStep, Brain } from '../model/step.ts';
import type { StoredView } from '../slack/store/model.ts';
import { openRoom } from './use-stage.ts';
import { askBeforeShip, useWork } from './use-work.ts';

/** A coding agent that asks, then wants to ship with a command that no line can hold. */
const asks: AnswerStep[] = [
  {
    tools: [
      {
        name: 'question',
        args: {
          questions: [
            {
              header: 'Colour',
              question: 'Which colour?',
              options: [
                { label: 'Black (Recommended)', description: 'calm' },
                { label: 'Grey', description: '' },
              ],
            },
          ],
        },
      },
    ],
  },
  {
    tools: [{ name: 'bash', args: { command: 'ship first\nship second', description: 'ships' } }],
  },
];
const brain: Brain = (turn) =>
  isWorker(turn) && JSON.stringify(turn.history).includes('Task: Implement a coat of paint')
    ? (asks[turn.step] ?? {})
    : undefined;

const work = useWork(3, {
  brain,
  agents: askBeforeShip,
});
const limitMs = 600_000;

/** A view as a person reads it: a line a block, buttons in brackets, links as their words. */
function read(view: StoredView | undefined): string {
  const blocks = (view?.body.blocks ?? []) as unknown as {
    type: string;
    text?: { text: string };
    elements?: { text?: string | { text: string } }[];
  }[];
  const lines = blocks.map(({ type, text, elements = [] }) =>
    type === 'actions'
      ? elements.map(({ text: label }) => `[${typeof label === 'string' ? label : label?.text}]`).join(' ')
      : (text?.text ??
        elements.map(({ text: words }) => (typeof words === 'string' ? words : words?.text)).join(' ')),
  );
  return `${lines
    .join('\n')
    .replaceAll('\u200B', '')
    .replaceAll(/<http[^|>]*\|([^>]*)>/g, '$1')}\n`;
}

describe('App Home', () => {
  it(
    'IN-10: empty, then a start from it, work that runs and waits, and what each button does',
    async () => {
      const { slack, sees, settled } = work();
      const anna = slack.as('U_ANNA');
      const home = () => read(anna.home());
      const shows = async (words: string) =>
        await slack.until(
          () => (home().includes(words) ? true : undefined),
          `"${words}" in App Home`,
          120_000,
        );
      const press = async (label: string) => {
        const view = anna.home();
        if (view === undefined) throw new Error('no App Home');
        expect((await anna.clickView(view.id, label)).acked).toBe(true);
      };
      // On a busy machine it comes after the click was acknowledged.
      const opened = async (words: string) => {
        const form = () =>
          JSON.stringify(anna.modal()?.body ?? '').includes(words) ? anna.modal() : undefined;
        return await slack.until(form, `a form with "${words}"`);
      };

      await slack.as('U_STRANGER').openHome();
      await anna.openHome();
      await shows('Nothing is going on yet');
      expect(slack.as('U_STRANGER').home()).toBeUndefined();
      await expect(home()).toMatchFileSnapshot('golden/home-empty.txt');

      slack.addChannel({ id: 'C_WEB', name: 'ai-dev-web' });
      await press('Start…');
      const form = await opened('Title');
      const typed = { category: 'ai-dev', project: 'web', repositories: ['web'] };
      expect(
        (await anna.submit(form.id, { ...typed, title: 'Implement a dark theme' })).errors,
      ).toBeUndefined();
      const { ts } = await slack.until(() => slack.messages('C_WEB')[0], 'the thread');
      await sees('C_WEB', ts, 'has finished its turn');
      await settled('C_WEB', ts);
      await shows('💤 idle');

      const room = openRoom(work());
      await anna.post(room, '@frontdesk start JWT auth in domain-apis');
      await shows('waits for [Start]');
      await expect(home()).toMatchFileSnapshot('golden/home-work.txt');

      await press('Pause');
      await shows('⏸️ paused');
      await sees('C_WEB', ts, 'is paused');
      await press('Diff');
      await opened('src/implement-a-dark-theme.js');
      await press('Run tests');
      await shows('Tests of `ai-dev-web-implement-a-dark-theme` are running');
      await sees('C_WEB', ts, 'Tests skipped');
      expect(JSON.stringify(anna.home()?.body.blocks)).toContain('/archives/C_WEB/p');

      await press('Start…');
      const second = await opened('Title');
      expect(
        (await anna.submit(second.id, { ...typed, title: 'Implement a coat of paint' })).errors,
      ).toBeUndefined();
      await shows('Which colour?');
      await expect(home().slice(home().indexOf('🙋'))).toMatchFileSnapshot('golden/home-asks.txt');
      const thread = () => slack.messages('C_WEB').at(-1)?.ts ?? '';
      await press('Grey');
      await shows('✅ *Grey* (Which colour?)');
      await sees('C_WEB', thread(), 'Anna chose **Grey**');
      await shows('[Look and decide…]');
      await press('Look and decide…');
      const decision = await opened('It wants to run a command');
      expect(JSON.stringify(decision)).toContain(JSON.stringify('ship first\nship second'));
      const { errors } = await anna.submit(decision.id, { decision: 'deny' });
      expect(errors).toBeUndefined();
      await sees('C_WEB', thread(), '🚫 Anna: denied.');
      await slack.until(() => (home().includes('Look and decide') ? undefined : true), 'it is gone');
    },
    limitMs,
  );
});
