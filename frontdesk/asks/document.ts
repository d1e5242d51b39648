/** AS-5: many questions as one document that people fill in, and back. Pure. */
import { withoutMark } from '../../mcp-servers/kit/recommended.ts';
import type { Ask, AskAnswer, Question } from '../../mcp-servers/kit/asks.ts';
import { recommendedOf } from '../../mcp-servers/kit/asks.ts';
import { shortId } from './expiry.ts';
import { optionName } from './words.ts';

/** With more questions than this a form is long on a phone. */
const mostInForm = 5;

export function hasDocument({ body }: Ask): boolean {
  return body.kind === 'question' && body.questions.length > mostInForm;
}

export function documentName(ask: Pick<Ask, 'id'>): string {
  return `questions-${shortId(ask)}.md`;
}

/** Of a file as it comes back, also under a copy's name such as `questions-k3 (1).md`; undefined: it is none of these. */
export function askIdOfDocument(name: string): string | undefined {
  const short = /^questions-([0-9a-f]{12})\b[^/]*\.(md|txt|markdown)$/i.exec(name)?.[1];
  return short === undefined ? undefined : `ask_${short.toLowerCase()}`;
}

/** Of words that contain a filled-in document. */
export function askIdInText(text: string): string | undefined {
  return /^# Questions of .*\((ask_[0-9a-f]{12})\)\s*$/m.exec(text)?.[1];
}

export function renderDocument(ask: Ask): string {
  if (ask.body.kind !== 'question') return '';
  const sections = ask.body.questions.map((question, index) =>
    [
      `## ${index + 1}. ${oneLine(question.header) || 'Question'}`,
      // Quoted, so that no line of theirs passes for one of ours.
      quote(question.question),
      ...(question.options.length === 0 ? [] : [options(question)]),
      question.multiple ? 'Answer (several are possible): ' : 'Answer: ',
    ].join('\n\n'),
  );
  return [
    `# Questions of ${ask.workspace ?? 'a tool'} (${ask.id})`,
    'Write behind each `Answer:` a number, the name of an option, or your own words. Several: `1, 3`. Then upload this file in the thread it came from.',
    ...sections,
    '',
  ].join('\n\n');
}

export type DocumentAnswers =
  | { readonly ok: true; readonly answer: AskAnswer }
  /** One line a question, in Markdown. */
  | { readonly ok: false; readonly errors: readonly string[] };

/** All of them or none: a question without a good answer is an error, and nothing is taken. */
export function parseDocument(text: string, questions: readonly Question[]): DocumentAnswers {
  const sections = sectionsOf(text.replaceAll(/\r\n?/g, '\n'));
  const errors: string[] = [];
  const answer = questions.map((question, index) => {
    const given = sections.get(index + 1);
    const read = given === undefined ? 'its `Answer:` line is missing' : parseAnswer(given, question);
    if (typeof read !== 'string') return read;
    errors.push(`${index + 1}. ${oneLine(question.header || question.question).slice(0, 80)}: ${read}.`);
    return [];
  });
  return errors.length > 0 ? { ok: false, errors } : { ok: true, answer };
}

/** @returns the labels and words of an answer; a string: why it is none */
export function parseAnswer(given: string, question: Question): string[] | string {
  const words = given.trim();
  if (words === '') return 'there is no answer yet';
  const whole = optionFor(words, question);
  if (whole !== undefined) return [whole];
  const unknown = /^\d+$/.test(words) && question.options.length > 0;
  if (unknown) return `there is no option ${words}`;
  const parts = words
    .split(/[,;\n]+/)
    .map((part) => part.trim().replace(/^- /, ''))
    .filter(Boolean);
  const labels = parts.map((part) => optionFor(part, question));
  const found = labels.filter((label) => label !== undefined);
  if (parts.length < 2 || found.length < parts.length) {
    if (parts.every((part) => /^\d+$/.test(part)) && question.options.length > 0)
      return `there are only options 1 to ${question.options.length}`;
    return [words];
  }
  return question.multiple ? [...new Set(found)] : 'only one option can be chosen';
}

/** By name with or without the star, the star alone, or by number. */
function optionFor(words: string, question: Question): string | undefined {
  const { options } = question;
  const wanted = words.toLowerCase();
  const bare = (text: string) => withoutMark(text.replace(/^⭐\s*/u, '')).toLowerCase();
  const named = options.find(({ label }) => bare(label) === bare(wanted))?.label;
  if (named !== undefined) return named;
  const recommended = recommendedOf(question);
  if (wanted === '⭐' && recommended !== undefined) return options[recommended]?.label;
  return /^\d{1,3}$/.test(words) ? options[Number(words) - 1]?.label : undefined;
}

/** What stands behind `Answer:`, by number of the question. */
function sectionsOf(text: string): Map<number, string> {
  const found = new Map<number, string>();
  const headings = [...text.matchAll(/^## (\d+)\..*$/gm)];
  for (const [at, heading] of headings.entries()) {
    const body = text.slice(heading.index + heading[0].length, headings[at + 1]?.index);
    const answer = /^answer[^:\n]*:/im.exec(body);
    if (answer !== null) found.set(Number(heading[1]), body.slice(answer.index + answer[0].length).trim());
  }
  return found;
}

function options(question: Question): string {
  return question.options
    .map(({ description }, index) => {
      const about = description === '' ? '' : `: ${oneLine(description)}`;
      return `${index + 1}. ${oneLine(optionName(question, index))}${about}`;
    })
    .join('\n');
}

function quote(text: string): string {
  return text
    .split('\n')
    .map((line) => `> ${line}`)
    .join('\n');
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}
