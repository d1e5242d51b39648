import { describe, expect, it } from 'vitest';
import { renderHome } from './render-home.ts';
import type { HomeItem, HomeSnapshot } from './snapshot.ts';

const at = '2026-11-20T05:00:00.000Z';

function item(name: string, more: Partial<HomeItem> = {}): HomeItem {
  return {
    name,
    title: `Title of ${name}`,
    project: 'ai-dev/api',
    status: 'running',
    agent: 'builder',
    link: `https://slack.test/archives/C1/p${name.length}`,
    plugged: true,
    asks: [],
    lab: null,
    tests: null,
    ...more,
  };
}

function snapshot(o: Partial<HomeSnapshot> = {}): HomeSnapshot {
  return { items: [], waiting: [], places: { taken: 1, max: 10 }, ...o };
}

function button(action: string, label: string) {
  return { action, label, value: 'ask_1' };
}

interface Button {
  action_id: string;
  text: { text: string };
  value: string;
  url?: string;
}
interface Block {
  type: string;
  text?: { text: string };
  elements?: (Button & { text: string & { text: string } })[];
}

function blocksOf(o: HomeSnapshot, note = ''): Block[] {
  return (renderHome(o, note) as { blocks: Block[] }).blocks;
}

/** One line a block: text, or labels of buttons. */
function shown(o: HomeSnapshot, note = ''): string[] {
  return blocksOf(o, note).map(({ type, text, elements = [] }) =>
    type === 'actions'
      ? elements.map((element) => `[${element.text.text}]`).join(' ')
      : (text?.text ?? elements.map((element) => element.text).join(' ')),
  );
}

describe('App Home', () => {
  it('IN-10: nothing there: it says how to start', () => {
    const lines = shown(snapshot());
    expect(lines.slice(0, 2)).toEqual(['Work sessions', '[Start…] [Refresh]']);
    expect(lines[2]).toContain('@frontdesk start JWT auth in domain-apis');
  });

  it('IN-10: what needs me, what runs, what waits, what is done; status, thread, lab, asks, buttons', () => {
    const lab = { id: 'd', status: 'ready', url: 'http://127.0.0.1:4000', cause: '', at } as const;
    const tests = { id: 't', suite: 'unit', text: '🎉 All tests passing (45/45)', green: true, at };
    const lines = shown(
      snapshot({
        items: [
          item('done', { status: 'complete', plugged: false, link: null }),
          item('idle', { status: 'paused' }),
          item('bare', { status: null, agent: '' }),
          item('busy', { lab, tests }),
          item('asks', {
            asks: [
              {
                text: '❓ Which <database>?',
                link: 'https://slack.test/a',
                buttons: [button('ask.choose.0', 'SQL')],
              },
            ],
          }),
        ],
        waiting: [{ text: '🗂️ JWT → ai-dev/api: waits for [Start]', link: null, buttons: [] }],
      }),
    );
    expect(lines).toEqual([
      'Work sessions',
      '[Start…] [Refresh]',
      '1 of 10 places taken',
      '🙋 NEEDS YOU',
      '🗂️ JWT → ai-dev/api: waits for [Start]',
      '*<https://slack.test/archives/C1/p4|Title of asks>*  ai-dev/api · asks\n🟢 running · builder',
      '❓ Which &lt;database&gt;?  <https://slack.test/a|open>',
      '[SQL]',
      '[Open thread] [Pause] [Stop] [Status] [Diff] [Deploy] [Run tests]',
      '🏃 RUNS',
      '*<https://slack.test/archives/C1/p4|Title of busy>*  ai-dev/api · busy\n🟢 running · builder\n✅ lab at <http://127.0.0.1:4000>\n🎉 All tests passing (45/45)',
      '[Open thread] [Pause] [Stop] [Status] [Diff] [Open lab] [Deploy] [Run tests]',
      '💤 WAITS',
      '*<https://slack.test/archives/C1/p4|Title of idle>*  ai-dev/api · idle\n⏸️ paused · builder',
      '[Open thread] [Resume] [Stop] [Status] [Diff] [Deploy] [Run tests]',
      '*<https://slack.test/archives/C1/p4|Title of bare>*  ai-dev/api · bare\nno session',
      '[Open thread] [Status] [Diff] [Deploy] [Run tests]',
      '✅ DONE',
      '*Title of done*  ai-dev/api · done\n✅ complete · builder · not plugged into a thread',
      '[Resume] [Status] [Diff]',
    ]);
  });

  it('IN-10: what waits is answered here by the buttons of its card; three a workspace, the others are counted', () => {
    const ask = (text: string) => ({ text, link: null, buttons: [button('ask.once', 'Allow once')] });
    const asks = ['1', '2', '3', '4', '5'].map((n) => ask(`🔐 ask ${n}`));
    const waiting = [ask('🔐 a tool asks'), { ...ask('🗂️ waits for [Start]'), buttons: [] }];
    const o = snapshot({ items: [item('asks', { asks })], waiting });
    expect(shown(o).slice(4, -1)).toEqual([
      '🗂️ waits for [Start]',
      '🔐 a tool asks',
      '[Allow once]',
      expect.stringContaining('Title of asks'),
      ...['1', '2', '3'].flatMap((n) => [`🔐 ask ${n}`, '[Allow once]']),
      'and 2 more in its thread',
    ]);
    const [first] = blocksOf(o).filter(({ type }) => type === 'actions')[1]?.elements ?? [];
    expect(first).toMatchObject({ action_id: 'home.ask.once', value: 'ask_1' });
  });

  it('OUT-2: titles, questions and causes format, link and ping nothing', () => {
    const lab = { id: 'd', status: 'failed', url: null, cause: '<!here> *boom*', at } as const;
    const text = shown(
      snapshot({ items: [item('x', { title: '<!channel> *bold*|`c`', asks: [], lab })] }),
      '<@U1> said',
    ).join('\n');
    expect(text).not.toMatch(/<[!@]|(?<!\u200B)\*(bold|boom)/);
    expect(text).toContain('&lt;!channel&gt;');
  });

  it('IN-10: Slack takes 100 blocks: what is left out is said, and what needs me is in', () => {
    const many = Array.from({ length: 60 }, (_, index) => item(`w${index}`));
    const o = snapshot({
      items: [...many, item('asks', { asks: [{ text: 'Now?', link: null, buttons: [] }] })],
    });
    const blocks = blocksOf(o);
    expect(blocks.length).toBeLessThanOrEqual(100);
    const lines = shown(o);
    expect(lines.join('\n')).toContain('Now?');
    const left = 61 - lines.filter((line) => line.startsWith('*')).length;
    expect(lines.at(-1)).toBe(`and ${left} more: \`/opencode list\` names them all`);
  });

  it('IN-10: no heading without something below it, however full', () => {
    for (let count = 40; count < 52; count += 1) {
      const running = Array.from({ length: count }, (_, index) => item(`w${index}`));
      const types = blocksOf(snapshot({ items: [...running, item('z', { status: 'stopped' })] })).map(
        ({ type }) => type,
      );
      expect(types.length).toBeLessThanOrEqual(100);
      expect(types.join(' ')).not.toMatch(/header (context|header)/);
    }
  });

  it('IN-10: a note of the last click is on top', () => {
    expect(shown(snapshot(), 'api is paused.')[1]).toBe('api is paused.');
  });
});
