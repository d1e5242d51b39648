import { randomBytes } from 'node:crypto';

import { z } from 'zod';

import { str, type Block, type Json } from '../store/model.ts';
import { SlackError } from '../web-api/slack-error.ts';
import {
  actionsElement,
  anyText,
  button,
  contextAction,
  image,
  inputElement,
  mrkdwn,
  plainText,
  sectionAccessory,
} from './elements.ts';

const blockId = { block_id: z.string().max(255).optional() };
const richText = z.looseObject({
  type: z.literal('rich_text'),
  ...blockId,
  elements: z.array(
    z.looseObject({
      type: z.enum(['rich_text_section', 'rich_text_list', 'rich_text_preformatted', 'rich_text_quote']),
      elements: z.array(z.looseObject({ type: z.string() })),
    }),
  ),
});
const cell = z.union([
  richText,
  z.looseObject({ type: z.literal('raw_text'), text: z.string() }),
  z.looseObject({ type: z.literal('raw_number'), value: z.number() }),
]);
const rows = z.array(z.array(cell).min(1).max(20)).min(1).max(100);
const taskCard = z.looseObject({
  type: z.literal('task_card'),
  ...blockId,
  task_id: z.string(),
  title: z.string().min(1),
  status: z.enum(['pending', 'in_progress', 'complete', 'error']),
});
const section = z
  .strictObject({
    type: z.literal('section'),
    ...blockId,
    text: anyText(3_000).optional(),
    fields: z.array(anyText(2_000)).min(1).max(10).optional(),
    accessory: sectionAccessory.optional(),
    expand: z.boolean().optional(),
  })
  .refine(({ text, fields }) => text !== undefined || fields !== undefined, 'must have text or fields');
const card = z.looseObject({
  type: z.literal('card'),
  ...blockId,
  title: mrkdwn(150).optional(),
  subtitle: mrkdwn(150).optional(),
  body: mrkdwn(3_000).optional(),
  actions: z.array(button).max(25).optional(),
});

/** Every block type @slack/types 3.2 knows. */
const blockSchemas: Record<string, z.ZodType> = {
  actions: z.strictObject({ type: z.string(), ...blockId, elements: z.array(actionsElement).min(1).max(25) }),
  alert: z.strictObject({
    type: z.string(),
    ...blockId,
    text: anyText(3_000),
    level: z.enum(['default', 'info', 'warning', 'error', 'success']).optional(),
  }),
  card,
  carousel: z.strictObject({ type: z.string(), ...blockId, elements: z.array(card).min(1) }),
  container: z.looseObject({
    type: z.string(),
    ...blockId,
    child_blocks: z.array(z.looseObject({ type: z.string() })),
  }),
  context: z.strictObject({
    type: z.string(),
    ...blockId,
    elements: z
      .array(z.union([anyText(3_000), image]))
      .min(1)
      .max(10),
  }),
  context_actions: z.strictObject({
    type: z.string(),
    ...blockId,
    elements: z.array(contextAction).min(1).max(5),
  }),
  data_table: z.looseObject({ type: z.string(), ...blockId, rows, caption: z.string() }),
  divider: z.strictObject({ type: z.string(), ...blockId }),
  file: z.strictObject({ type: z.string(), ...blockId, source: z.string(), external_id: z.string() }),
  header: z.strictObject({ type: z.string(), ...blockId, text: plainText(150) }),
  image: z.looseObject({ type: z.string(), ...blockId, alt_text: z.string().min(1).max(2_000) }),
  input: z.strictObject({
    type: z.string(),
    ...blockId,
    label: plainText(2_000),
    hint: plainText(2_000).optional(),
    optional: z.boolean().optional(),
    dispatch_action: z.boolean().optional(),
    element: inputElement,
  }),
  markdown: z.strictObject({ type: z.string(), ...blockId, text: z.string().min(1).max(12_000) }),
  plan: z.looseObject({
    type: z.string(),
    ...blockId,
    title: z.string(),
    tasks: z.array(z.looseObject({})).optional(),
  }),
  rich_text: richText,
  section,
  table: z.looseObject({ type: z.string(), ...blockId, rows }),
  task_card: taskCard,
  video: z.looseObject({ type: z.string(), ...blockId, video_url: z.string(), title: plainText(200) }),
};

export type Surface = 'message' | 'modal' | 'home';
const maxBlocks = { message: 50, modal: 100, home: 100 } as const;
/** Characters of all tables of one message. */
const maxTableText = 10_000;

const newId = () => randomBytes(4).toString('base64url');

/**
 * Checks blocks and fills in the ids Slack would.
 * @returns [] for undefined or ''
 * @throws invalid_blocks_format when it is no list, invalid_blocks with `errors` naming path and rule
 */
export function parseBlocks(value: unknown, surface: Surface): Block[] {
  if (value === undefined || value === null || value === '') return [];
  if (!Array.isArray(value)) throw new SlackError('invalid_blocks_format');
  const problems =
    value.length > maxBlocks[surface] ? [`no more than ${maxBlocks[surface]} items allowed`] : [];
  for (const [at, block] of value.entries()) problems.push(...problemsOf(block, `/blocks/${at}`));
  problems.push(...duplicateIds(value as Block[]));
  if (tableText(value) > maxTableText) problems.push(`tables hold more than ${maxTableText} characters`);
  if (problems.length > 0) {
    const errors = problems.slice(0, 10);
    const messages = errors.map((problem) => `[ERROR] ${problem}`);
    throw new SlackError('invalid_blocks', { errors, response_metadata: { messages } });
  }
  return (value as Block[]).map(withIds);
}

function problemsOf(block: unknown, path: string): string[] {
  const type = (block as { type?: unknown } | null)?.type;
  const schema = typeof type === 'string' ? blockSchemas[type] : undefined;
  if (!schema) return [`unsupported type: ${String(type)} [json-pointer:${path}/type]`];
  const parsed = schema.safeParse(block);
  const nested =
    type === 'container' ? ((block as Json)['child_blocks'] as unknown[] | undefined) : undefined;
  const inner = (nested ?? []).flatMap((child, at) => problemsOf(child, `${path}/child_blocks/${at}`));
  if (parsed.success) return inner;
  return parsed.error.issues.map(
    (issue) => `${issue.message} [json-pointer:${[path, ...issue.path.map(String)].join('/')}]`,
  );
}

function duplicateIds(blocks: readonly Block[]): string[] {
  const seen = new Set<unknown>();
  const problems: string[] = [];
  for (const block of blocks) {
    const id = block?.['block_id'];
    if (id !== undefined && seen.has(id)) problems.push(`block_id \`${str(id)}\` already exists`);
    seen.add(id);
    const elements = Array.isArray(block?.['elements']) ? (block['elements'] as Json[]) : [];
    const actions = elements.map((element) => element?.['action_id']).filter((id) => id !== undefined);
    if (new Set(actions).size < actions.length) problems.push('`action_id` already exists in this block');
  }
  return problems;
}

function tableText(blocks: readonly unknown[]): number {
  const tables = blocks.filter((block) =>
    ['table', 'data_table'].includes(String((block as Json)?.['type'])),
  );
  const lengths = (value: unknown): number => {
    if (Array.isArray(value)) return value.reduce((sum: number, item) => sum + lengths(item), 0);
    if (typeof value !== 'object' || value === null) return 0;
    const { text, ...rest } = value as Json;
    return (typeof text === 'string' ? text.length : lengths(text)) + lengths(Object.values(rest));
  };
  return lengths(tables);
}

const actionTypes = /button|select|checkboxes|overflow|picker|input/;

function withIds(block: Block): Block {
  const named: Block = { ...block, block_id: block['block_id'] ?? newId() };
  const fill = (element: unknown): unknown => {
    const node = element as Json;
    const interactive = typeof node?.['type'] === 'string' && actionTypes.test(node['type']);
    return interactive && node['action_id'] === undefined ? { ...node, action_id: newId() } : element;
  };
  if (Array.isArray(block['elements']) && block.type !== 'rich_text')
    named['elements'] = block['elements'].map(fill);
  if (block['accessory'] !== undefined) named['accessory'] = fill(block['accessory']);
  if (block['element'] !== undefined) named['element'] = fill(block['element']);
  return named;
}
