import { describe, expect, it } from 'vitest';
import type { StoredView } from '../slack/store/model.ts';
import { openRoom } from './use-stage.ts';
import { useWork } from './use-work.ts';

const work = useWork(3);
const limitMs = 120_000;

/** A view as a person reads it: a line a block, buttons in brackets, links as their words. */
function read(view: StoredView | undefined): string {
  const blocks = (view?.body.blocks ?? []) as unknown as {
    type: string;
    text?: { text: string };
    elements?: { text: string | { text: string } }[];
  }[];
  const lines = blocks.map(({ type, text, elements = [] }) =>
    type === 'actions'
      ? elements.map(({ text: label }) => `[${typeof label === 'string' ? label : label.text}]`).join(' ')
      : (text?.text ??
        elements.map(({ text: words }) => (typeof words === 'string' ? words : words.text)).join(' ')),
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
          30_000,
        );
      const press = async (label: string) => {
        const view = anna.home();
        if (view === undefined) throw new Error('no App Home');
        expect((await anna.clickView(view.id, label)).acked).toBe(true);
      };

      await slack.as('U_STRANGER').openHome();
      await anna.openHome();
      await shows('Nothing is going on yet');
      expect(slack.as('U_STRANGER').home()).toBeUndefined();
      await expect(home()).toMatchFileSnapshot('golden/home-empty.txt');

      slack.addChannel({ id: 'C_WEB', name: 'ai-dev-web' });
      await press('Start…');
      const form = anna.modal();
      if (form === undefined) throw new Error('no form was opened');
      const typed = { category: 'ai-dev', project: 'web', repositories: ['web'] };
      expect(
        (await anna.submit(form.id, { ...typed, title: 'Implement a dark theme' })).errors,
      ).toBeUndefined();
      const { ts } = await slack.until(() => slack.messages('C_WEB')[0], 'the thread', 20_000);
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
      expect(read(anna.modal())).toContain('src/implement-a-dark-theme.js');
      await press('Run tests');
      await shows('Tests of `ai-dev-web-implement-a-dark-theme` are running');
      await sees('C_WEB', ts, 'Tests skipped');
      expect(JSON.stringify(anna.home()?.body.blocks)).toContain('/archives/C_WEB/p');
    },
    limitMs,
  );
});
