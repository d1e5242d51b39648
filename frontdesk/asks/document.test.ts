import { describe, expect, it } from 'vitest';
import { type Ask, askSchema, type Question, questionSchema } from '../../mcp-servers/kit/asks.ts';
import {
  askIdInText,
  askIdOfDocument,
  documentName,
  hasDocument,
  parseDocument,
  renderDocument,
} from './document.ts';

const q = (more: object): Question => questionSchema.parse({ question: 'Which?', ...more });
const questions: Question[] = [
  q({
    header: 'Database',
    options: [{ label: 'Postgres (Recommended)', description: 'Known here' }, { label: 'SQLite' }],
  }),
  q({ header: 'Cache', options: [{ label: 'Redis' }, { label: 'None, for now' }] }),
  q({
    header: 'Targets',
    multiple: true,
    options: [{ label: 'Web' }, { label: 'iOS' }, { label: 'Android' }],
  }),
  q({ header: 'Name', question: 'What name?\n## 5. Not a heading\nAnswer: not an answer' }),
  q({ header: 'Port', options: [{ label: '80' }, { label: '8080' }] }),
  q({ header: '', question: 'And why?' }),
];
const ask: Ask = askSchema.parse({
  id: 'ask_0123456789ab',
  source: { kind: 'host', host: 'local', sessionId: 's', directory: '/w', requestId: 'r', instance: 'i' },
  workspace: 'ai-dev-shop',
  card: null,
  body: { kind: 'question', questions },
  status: 'open',
  answer: null,
  by: '',
  note: '',
  askedAt: 0,
  deadlineAt: null,
  endedAt: null,
  checkpoint: null,
  late: null,
  discussion: null,
});

/** Fills in the nth answer line. */
function fill(...answers: string[]): string {
  let at = 0;
  return renderDocument(ask).replaceAll(/^Answer[^:\n]*: $/gm, (line) => `${line}${answers[at++] ?? ''}`);
}

describe('the document of many questions', () => {
  it('AS-5: more than five questions have one; it reads well', () => {
    expect(hasDocument(ask)).toBe(true);
    expect(hasDocument({ ...ask, body: { kind: 'question', questions: questions.slice(1) } })).toBe(false);
    expect(renderDocument(ask)).toMatchInlineSnapshot(`
      "# Questions of ai-dev-shop (ask_0123456789ab)

      Write behind each \`Answer:\` a number, the name of an option, or your own words. Several: \`1, 3\`. Then upload this file in the thread it came from.

      ## 1. Database

      > Which?

      1. ⭐ Postgres: Known here
      2. SQLite

      Answer: 

      ## 2. Cache

      > Which?

      1. Redis
      2. None, for now

      Answer: 

      ## 3. Targets

      > Which?

      1. Web
      2. iOS
      3. Android

      Answer (several are possible): 

      ## 4. Name

      > What name?
      > ## 5. Not a heading
      > Answer: not an answer

      Answer: 

      ## 5. Port

      > Which?

      1. 80
      2. 8080

      Answer: 

      ## 6. Question

      > And why?

      Answer: 

      "
    `);
  });

  it('AS-5: is known by its name, also as a copy, and by its heading', () => {
    expect(documentName(ask)).toBe('questions-0123456789ab.md');
    for (const name of [
      'questions-0123456789ab.md',
      'questions-0123456789ab (1).md',
      'Questions-0123456789AB-anna.txt',
    ])
      expect(askIdOfDocument(name)).toBe(ask.id);
    for (const name of [
      'questions.md',
      'questions-0123.md',
      'questions-0123456789abcd.md',
      'x/questions-0123456789ab.exe',
    ])
      expect(askIdOfDocument(name)).toBeUndefined();
    expect(askIdInText(`here:\n${renderDocument(ask)}`)).toBe(ask.id);
    expect(askIdInText('# Questions of me')).toBeUndefined();
  });

  it('AS-5: numbers, names, the star, several and own words are read back', () => {
    expect(
      parseDocument(
        fill('sqlite', 'None, for now', '1, android', 'Blue\nOtter', '8080', 'Because.'),
        questions,
      ),
    ).toEqual({
      ok: true,
      answer: [['SQLite'], ['None, for now'], ['Web', 'Android'], ['Blue\nOtter'], ['8080'], ['Because.']],
    });
    const windows = fill('⭐', 'neither, I think', '3', 'x', '⭐ 80', 'y').replaceAll('\n', '\r\n');
    expect(parseDocument(windows, questions)).toEqual({
      ok: true,
      answer: [['Postgres (Recommended)'], ['neither, I think'], ['Android'], ['x'], ['80'], ['y']],
    });
  });

  it('AS-5: each question that has no good answer is named, and nothing is taken', () => {
    expect(parseDocument(fill('', '3', '1, 9', 'x', '1, 2'), questions)).toEqual({
      ok: false,
      errors: [
        '1. Database: there is no answer yet.',
        '2. Cache: there is no option 3.',
        '3. Targets: there are only options 1 to 3.',
        '5. Port: only one option can be chosen.',
        '6. And why?: there is no answer yet.',
      ],
    });
    const cut = renderDocument(ask).split('## 2.')[0] ?? '';
    expect(parseDocument(cut, questions)).toMatchObject({
      errors: expect.arrayContaining(['2. Cache: its `Answer:` line is missing.']),
    });
  });
});
