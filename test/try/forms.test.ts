import { describe, expect, it } from 'vitest';
import type { StoredView } from '../slack/store/model.ts';
import { parseFields, renderForm, renderHome } from './forms.ts';
import { namesFor } from './slack-side.ts';

const plain = (text: string) => ({ type: 'plain_text', text });
const option = (text: string, value: string) => ({ text: plain(text), value });
const options = [option('⭐ PostgreSQL', '0'), option('SQLite', '1'), option('None', '2')];
const input = (block_id: string, label: string, element: object, optional = false) => ({
  type: 'input',
  block_id,
  label: plain(label),
  element,
  ...(optional ? { optional } : {}),
});
const view: StoredView = {
  id: 'V1',
  type: 'modal',
  user: 'U_ANNA',
  hash: '',
  rootId: 'V1',
  previousId: null,
  externalId: '',
  values: {},
  body: {
    title: plain('Your answer'),
    blocks: [
      { type: 'section', text: plain('Which database?') },
      input('one', 'Choose one', { type: 'radio_buttons', options }),
      input('some', 'Choose any', { type: 'checkboxes', options }, true),
      input('title', 'Title', { type: 'plain_text_input', initial_value: 'JWT auth' }),
    ],
  },
};

describe('try: forms in a terminal', () => {
  it('shows text and fields, with what may be typed', () => {
    expect(renderForm(view, namesFor('U_BOT'))).toMatchInlineSnapshot(`
      "┌ Your answer
      │ Which database?
      │ one: Choose one (⭐ PostgreSQL | SQLite | None)
      │ some: Choose any (⭐ PostgreSQL | SQLite | None; optional)
      │ title: Title (now: JWT auth)
      (/form one=…; other=… sends it)"
    `);
    expect(renderHome(view, namesFor('U_BOT'))).toContain('Which database?');
  });

  it('takes an option by its words, part of them, or its value; several where several may be', () => {
    expect(parseFields('one = sqlite; some=postgres, None; title=a = b', view)).toEqual({
      one: '1',
      some: ['0', '2'],
      title: 'a = b',
    });
    expect(parseFields('one=2', view)).toEqual({ one: '2' });
    expect(() => parseFields('two=1', view)).toThrow('there are: one, some, title');
  });
});
