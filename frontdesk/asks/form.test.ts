import { describe, expect, it } from 'vitest';
import { questionSchema } from '../../mcp-servers/kit/asks.ts';
import { newAsk } from './book.ts';
import { askFormId, askIdOfForm, fitsForm, parseAskForm, renderAskForm } from './form.ts';

const questions = [
  {
    question: 'Which style?',
    header: 'Style',
    options: [{ label: 'REST (Recommended)' }, { label: 'gRPC' }],
  },
  { question: 'Which parts?', options: [{ label: 'API' }, { label: 'UI' }], multiple: true },
  { question: 'Which name?' },
].map((question) => questionSchema.parse(question));

const ask = newAsk({
  id: 'ask_1',
  source: { kind: 'desk', sessionId: 'ses_1' },
  workspace: null,
  card: null,
  body: { kind: 'question', questions },
  askedAt: 0,
});

/** A submission as Slack sends it. */
function submitted(values: Record<string, object>) {
  const state = {
    values: Object.fromEntries(Object.entries(values).map(([block, field]) => [block, { field }])),
  };
  return { callback_id: askFormId, private_metadata: 'ask_1', state };
}
const one = (value: string) => ({ selected_option: { value } });
const many = (...values: string[]) => ({ selected_options: values.map((value) => ({ value })) });

describe('the form of a question', () => {
  it('AS-1: has all questions, with choices and words for each', () => {
    const view = renderAskForm(ask) as { blocks: { block_id?: string; element?: { type: string } }[] };
    expect(view.blocks.map(({ block_id: id, element }) => [id, element?.type])).toEqual([
      [undefined, undefined],
      ['choice-0', 'radio_buttons'],
      ['words-0', 'plain_text_input'],
      [undefined, undefined],
      ['choice-1', 'checkboxes'],
      ['words-1', 'plain_text_input'],
      [undefined, undefined],
      ['words-2', 'plain_text_input'],
    ]);
    expect(JSON.stringify(view)).toContain('"text":"⭐ REST"');
  });

  it('AS-1: as many questions as Slack takes: 100 blocks', () => {
    const [first] = questions;
    const of = (count: number) => {
      const all = Array.from({ length: count }, () => questionSchema.parse(first));
      return { ...ask, body: { kind: 'question' as const, questions: all } };
    };
    const most = of(33);
    expect([fitsForm(most), fitsForm(of(34))]).toEqual([true, false]);
    expect(renderAskForm(most)['blocks']).toHaveLength(99);
  });

  it('AS-1: more than ten options are a select', () => {
    const options = Array.from({ length: 11 }, (_, index) => ({ label: `${index}` }));
    const typeOf = (multiple: boolean) =>
      JSON.stringify(
        renderAskForm({
          ...ask,
          body: { kind: 'question', questions: [questionSchema.parse({ question: '?', options, multiple })] },
        }),
      );
    expect(typeOf(false)).toContain('"static_select"');
    expect(typeOf(true)).toContain('"multi_static_select"');
  });

  it('AS-1: of a permission: all that is asked, nothing chosen beforehand, and one of three answers', () => {
    const detail = `${'x'.repeat(9_999)}\n`.repeat(2);
    const request = { permission: 'edit', patterns: ['a.ts', 'b.ts'], detail, detailKind: 'diff' as const };
    const body = { kind: 'permission', request } as const;
    const view = JSON.stringify(renderAskForm({ ...ask, body }));
    expect(view).toContain('It wants to change a file: a.ts, b.ts');
    expect(view.match(/x/g)?.length).toBeGreaterThan(19_990);
    expect(view).not.toMatch(/the beginning|initial_option/);
    const longer = { ...body, request: { ...request, detail: `${detail}!` } };
    expect(JSON.stringify(renderAskForm({ ...ask, body: longer }))).toContain('This is the beginning');
    const hidden = { ...body, request: { ...request, detail: 'rm \u202ex' } };
    expect(JSON.stringify(renderAskForm({ ...ask, body: hidden }))).toMatch(/rm ⟨U\+202E⟩x.*⚠️/);
    expect(parseAskForm(submitted({ decision: one('session') }), body)).toEqual({
      ok: true,
      answer: 'session',
    });
    expect(parseAskForm(submitted({ decision: {} }), body)).toEqual({
      ok: false,
      errors: { decision: 'Choose one.' },
    });
  });

  it('AS-1: labels and words, question by question', () => {
    const view = submitted({
      'choice-0': one('1'),
      'words-0': { value: null },
      'choice-1': many('0', '1'),
      'words-1': { value: 'Docs' },
      'words-2': { value: ' Otto ' },
    });
    expect(askIdOfForm(view)).toBe('ask_1');
    expect(parseAskForm(view, ask.body)).toEqual({
      ok: true,
      answer: [['gRPC'], ['API', 'UI', 'Docs'], ['Otto']],
    });
  });

  it('AS-1: what is missing or twice is said at its field', () => {
    const view = submitted({
      'choice-0': one('0'),
      'words-0': { value: 'SOAP' },
      'choice-1': many(),
      'words-2': {},
    });
    expect(parseAskForm(view, ask.body)).toEqual({
      ok: false,
      errors: {
        'words-0': 'Choose one of the options or write an answer, not both.',
        'choice-1': 'This has no answer yet.',
        'words-2': 'This has no answer yet.',
      },
    });
  });
});
