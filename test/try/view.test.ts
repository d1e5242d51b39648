import { describe, expect, it } from 'vitest';
import type { Shown, ShownMessage, ShownPlace } from './shown.ts';
import { decideLines, numberButtons, renderPlace } from './view.ts';

const message = (id: string, text: string, rest: Partial<ShownMessage> = {}): ShownMessage => ({
  id,
  author: rest.own ? 'Frontdesk' : 'Anna',
  own: false,
  text,
  buttons: [],
  reactions: [],
  growing: false,
  reply: false,
  ...rest,
});
const place = (messages: ShownMessage[], rest: Partial<ShownPlace> = {}): ShownPlace => ({
  key: 'dev',
  title: '#dev › hello',
  status: '',
  messages,
  ...rest,
});
const stop = { key: '2 stop', label: 'Stop' };
const own = { own: true } as const;

/** The lines printed from one view to the next; passing ones marked. */
function printed(before: Shown, after: Shown, last = 'dev'): string[] {
  const { lines } = decideLines(before, after, numberButtons([], after), last);
  return lines.map(({ text, passing }) => (passing ? `(passing) ${text}` : text));
}

describe('try: the view', () => {
  it('prints new messages with their place, and nothing twice', () => {
    const shown = [
      place([message('1', 'hello'), message('2', 'Hi.\nHow are you?', { ...own, buttons: [stop] })]),
    ];
    expect(printed([], shown, '')).toEqual([
      '\n── #dev › hello ──',
      'Anna: hello',
      'Frontdesk: Hi.',
      '    How are you?',
      '    [1: Stop]',
    ]);
    expect(printed(shown, shown)).toEqual([]);
  });

  it('names the place only when it is another than the last', () => {
    const dm = place([message('9', 'psst')], { key: 'dm', title: 'DM' });
    const first = [place([message('1', 'a')])];
    expect(printed(first, [place([message('1', 'a'), message('2', 'b')])])).toEqual(['Anna: b']);
    expect(printed(first, [...first, dm])).toEqual(['\n── DM ──', 'Anna: psst']);
  });

  it('a card that only counts is passing; one that says something else is news', () => {
    const card = (text: string, buttons = [stop]) => [place([message('2', text, { ...own, buttons })])];
    expect(printed(card('Working… 3 s'), card('Working… 12 s'))).toEqual([
      '(passing) ~ Frontdesk (edited): Working… 12 s [1: Stop]',
    ]);
    expect(printed(card('Working… 3 s'), card('Stopped by Anna', []))).toEqual([
      '~ Frontdesk (edited): Stopped by Anna',
    ]);
    expect(printed(card('x'), card(`one\n${'two'.repeat(40)}`))).toEqual([
      '~ (edited) Frontdesk: one',
      `    ${'two'.repeat(40)}`,
      '    [1: Stop]',
    ]);
  });

  it('an edit that adds lines, such as a footer, prints only these', () => {
    const before = [place([message('2', 'long\ntext', own)])];
    expect(printed(before, [place([message('2', 'long\ntext\n⌊ 3 s', own)])])).toEqual(['~ (added) ⌊ 3 s']);
  });

  it('a streamed text passes while it grows and is printed whole at its end', () => {
    const text = (text: string, growing: boolean) => [place([message('2', text, { ...own, growing })])];
    const long = `${'word '.repeat(30)}end`;
    expect(printed(text('a', true), text(long, true))[0]).toMatch(
      /^\(passing\) ~ Frontdesk writes: ….{56} end$/,
    );
    expect(printed(text(long, true), text(long, true))).toEqual([]);
    expect(printed(text(long, true), text(long, false))).toEqual([`Frontdesk: ${long}`]);
  });

  it('shows reactions coming and going, status, and what was removed', () => {
    const before = [place([message('1', 'hello'), message('2', 'Queued', own)])];
    const working = [
      place([message('1', 'hello', { reactions: ['👀 Frontdesk'] })], { status: 'is thinking…' }),
    ];
    expect(printed(before, working)).toEqual([
      '~ (removed) Queued',
      '    👀 Frontdesk',
      '(passing)     … is thinking…',
    ]);
    expect(printed(working, [place([message('1', 'hello')])])).toEqual([
      '    (👀 Frontdesk, taken away)',
      '(passing)     … (status cleared)',
    ]);
  });

  it('numbers stay with their buttons', () => {
    const buttons = (...keys: string[]) => [
      place([message('2', 'x', { buttons: keys.map((key) => ({ key, label: key })) })]),
    ];
    const first = numberButtons([], buttons('a', 'b'));
    expect(numberButtons(first, buttons('c', 'b'))).toEqual(['a', 'b', 'c']);
  });

  it('renders a whole place', () => {
    const messages = [
      message('1', 'hello', { reactions: ['🎉 Frontdesk'] }),
      message('2', 'Hi.', { ...own, reply: true, buttons: [stop] }),
    ];
    expect(renderPlace(place(messages, { status: 'is thinking…' }), ['2 stop'])).toBe(
      [
        '── #dev › hello ──',
        'Anna: hello',
        '    🎉 Frontdesk',
        '  ↳ Frontdesk: Hi.',
        '    [1: Stop]',
        '    … is thinking…',
      ].join('\n'),
    );
  });
});
