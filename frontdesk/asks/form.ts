/**
 * The form that answers a question in words, or several at once, or decides a permission that is too long for a list; as
 * Block Kit JSON in and out. Pure.
 */
import { z } from 'zod';
import type { Ask, AskAnswer, PermissionRequest, Question } from '../../mcp-servers/kit/asks.ts';
import { plain } from '../work/start-form.ts';
import { showUnseen, unseenNote } from './visible.ts';
import { optionName, wish } from './words.ts';

export const askFormId = 'ask.form';

/** Slack's limits: options of radio buttons and checkboxes, of a select, and the length of their texts. */
const mostRadios = 10;
const mostOptions = 100;
const optionLength = 75;
/** Questions: a view has 100 blocks at most, and each question up to three. */
const mostQuestions = 33;
/** Characters of a permission in its form, and of one block of it. */
const detailShown = 20_000;
const detailBlock = 2800;

/** Whether Slack takes it as a form; what is longer has a document (AS-5). */
export function fitsForm({ body }: Ask): boolean {
  return body.kind === 'permission' || body.questions.length <= mostQuestions;
}

/** @returns the view for `views.open`, of one that fits */
export function renderAskForm({ id, body }: Ask): Record<string, unknown> {
  const [title, submit] =
    body.kind === 'permission' ? ['Your decision', 'Decide'] : ['Your answer', 'Answer'];
  return {
    type: 'modal',
    callback_id: askFormId,
    private_metadata: id,
    title: plain(title),
    submit: plain(submit),
    close: plain('Cancel'),
    blocks:
      body.kind === 'permission'
        ? permissionBlocks(body.request)
        : body.questions.flatMap((question, index) => questionBlocks(question, index, body.questions.length)),
  };
}

const decisions = { once: 'Allow once', session: 'Allow for session', deny: 'Deny' } as const;

/** What is asked as it is, and nothing chosen beforehand. */
function permissionBlocks(request: PermissionRequest): Record<string, unknown>[] {
  const { patterns } = request;
  const { text: detail, any } = showUnseen(request.detail);
  const named = patterns.length === 0 || patterns.join('\n') === request.detail;
  const said = named ? '' : `: ${showUnseen(patterns.join(', ')).text}`;
  const shown = detail.slice(0, detailShown);
  const pieces = shown.match(new RegExp(`[^]{1,${detailBlock}}`, 'gu')) ?? [];
  const left =
    detail.length > shown.length
      ? [section(`This is the beginning; the whole is in the file in its thread.`)]
      : [];
  return [
    section(`It wants to ${wish(request)}${said}`),
    ...pieces.map((text) => ({
      type: 'rich_text',
      elements: [{ type: 'rich_text_preformatted', elements: [{ type: 'text', text }] }],
    })),
    ...left,
    ...(any ? [section(unseenNote)] : []),
    {
      type: 'input',
      block_id: 'decision',
      label: plain('Your decision'),
      element: {
        type: 'radio_buttons',
        action_id: 'choice',
        options: Object.entries(decisions).map(([value, label]) => ({ text: plain(label), value })),
      },
    },
  ];
}

function section(text: string): Record<string, unknown> {
  return { type: 'section', text: plain(text.length > 2900 ? `${text.slice(0, 2900)}…` : text) };
}

function questionBlocks(question: Question, index: number, count: number): Record<string, unknown>[] {
  const { header, options, multiple } = question;
  const heading = count > 1 ? `${index + 1}. ${header}`.trim() : '';
  const said = `${heading === '' ? '' : `${heading}\n`}${question.question}`;
  const words = {
    type: 'input',
    block_id: `words-${index}`,
    optional: true,
    label: plain(
      options.length === 0 ? 'Your answer' : multiple ? 'Something else, too' : 'Or in your own words',
    ),
    element: { type: 'plain_text_input', action_id: 'words', multiline: true, max_length: 3000 },
  };
  if (options.length === 0) return [section(said), words];
  const many = options.length > mostRadios;
  const type = multiple
    ? many
      ? 'multi_static_select'
      : 'checkboxes'
    : many
      ? 'static_select'
      : 'radio_buttons';
  const choice = {
    type: 'input',
    block_id: `choice-${index}`,
    optional: true,
    label: plain(multiple ? 'Choose any' : 'Choose one'),
    element: {
      type,
      action_id: 'choice',
      options: options.slice(0, mostOptions).map(({ description }, at) => ({
        text: plain(clip(optionName(question, at))),
        value: String(at),
        ...(description === '' ? {} : { description: plain(clip(description)) }),
      })),
    },
  };
  return [section(said), choice, words];
}

function clip(text: string): string {
  return text.length > optionLength ? `${text.slice(0, optionLength - 1)}…` : text;
}

const chosen = z.object({ value: z.string() });
const field = z.looseObject({
  value: z.string().nullish(),
  selected_option: chosen.nullish(),
  selected_options: z.array(chosen).nullish(),
});
const viewSchema = z.object({
  private_metadata: z.string(),
  state: z.object({ values: z.record(z.string(), z.record(z.string(), field)) }),
});

/** Whose form it is. @throws ZodError when it is none of these forms */
export function askIdOfForm(view: unknown): string {
  return viewSchema.parse(view).private_metadata;
}

export type AskForm =
  | { readonly ok: true; readonly answer: AskAnswer }
  /** By block_id: Slack keeps what was typed. */
  | { readonly ok: false; readonly errors: Record<string, string> };

const decisionSchema = z.enum(['once', 'session', 'deny']);

/** @throws ZodError when it is no submission of this form */
export function parseAskForm(view: unknown, body: Ask['body']): AskForm {
  const { values } = viewSchema.parse(view).state;
  const fieldOf = (block: string) => Object.values(values[block] ?? {})[0];
  if (body.kind === 'permission') {
    const decision = decisionSchema.safeParse(fieldOf('decision')?.selected_option?.value);
    return decision.success
      ? { ok: true, answer: decision.data }
      : { ok: false, errors: { decision: 'Choose one.' } };
  }
  const { questions } = body;
  const errors: Record<string, string> = {};
  const answer = questions.map((question, index) => {
    const choice = fieldOf(`choice-${index}`);
    const picked = choice?.selected_options ?? (choice?.selected_option ? [choice.selected_option] : []);
    const labels = picked.flatMap(({ value }) => question.options[Number(value)]?.label ?? []);
    const words = (fieldOf(`words-${index}`)?.value ?? '').trim();
    if (!question.multiple && labels.length > 0 && words !== '')
      errors[`words-${index}`] = 'Choose one of the options or write an answer, not both.';
    if (labels.length === 0 && words === '')
      errors[question.options.length === 0 ? `words-${index}` : `choice-${index}`] =
        'This has no answer yet.';
    return [...labels, ...(words === '' ? [] : [words])];
  });
  return Object.keys(errors).length > 0 ? { ok: false, errors } : { ok: true, answer };
}
