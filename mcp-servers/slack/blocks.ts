import { z } from 'zod';
import { type Card, type CardButton, cardBodyLimit } from '../kit/chat.ts';

/** A Slack block, ready to be sent. */
export type Block = Record<string, unknown>;

/** Clicks on an agent's own buttons arrive under this prefix and can never be taken for one of ours. */
const agentActionPrefix = 'agent.';

const plain = (max: number) =>
  z.object({
    type: z.literal('plain_text'),
    text: z.string().min(1).max(max),
    emoji: z.boolean().optional(),
  });
const text = (max: number) =>
  z.discriminatedUnion('type', [
    plain(max),
    z.object({
      type: z.literal('mrkdwn'),
      text: z.string().min(1).max(max),
      verbatim: z.boolean().optional(),
    }),
  ]);

const button = z.object({
  type: z.literal('button'),
  text: plain(75),
  action_id: z
    .string()
    .max(200)
    .default('button')
    .transform((id) => (id.startsWith(agentActionPrefix) ? id : agentActionPrefix + id)),
  value: z.string().max(2000).optional(),
  url: z
    .url({ protocol: /^https?$/ })
    .max(3000)
    .optional(),
  style: z.enum(['primary', 'danger']).optional(),
});

/** No `user`, `usergroup` or `broadcast`: an agent pings nobody. */
const richInline = z.union([
  z.object({
    type: z.literal('text'),
    text: z.string(),
    style: z.record(z.string(), z.boolean()).optional(),
  }),
  z.object({ type: z.literal('link'), url: z.url({ protocol: /^https?$/ }), text: z.string().optional() }),
  z.object({ type: z.literal('emoji'), name: z.string() }),
]);
const richPart = z.object({ elements: z.array(richInline) });
const richSection = richPart.extend({ type: z.literal('rich_text_section') });

const agentBlock = z.discriminatedUnion('type', [
  z.object({ type: z.literal('markdown'), text: z.string().min(1).max(11_500) }),
  z.object({ type: z.literal('header'), text: plain(150) }),
  z.object({ type: z.literal('divider') }),
  z
    .object({
      type: z.literal('section'),
      text: text(3000).optional(),
      fields: z.array(text(2000)).min(1).max(10).optional(),
      accessory: button.optional(),
    })
    .refine(({ text, fields }) => text !== undefined || fields !== undefined, 'needs text or fields'),
  z.object({ type: z.literal('context'), elements: z.array(text(2000)).min(1).max(10) }),
  z.object({ type: z.literal('actions'), elements: z.array(button).min(1).max(25) }),
  z.object({
    type: z.literal('rich_text'),
    elements: z
      .array(
        z.discriminatedUnion('type', [
          richSection,
          richPart.extend({ type: z.literal('rich_text_quote') }),
          richPart.extend({ type: z.literal('rich_text_preformatted') }),
          z.object({
            type: z.literal('rich_text_list'),
            style: z.enum(['bullet', 'ordered']),
            indent: z.number().int().min(0).max(8).optional(),
            elements: z.array(richSection).min(1),
          }),
        ]),
      )
      .min(1),
  }),
]);

/** Bytes of text in all blocks of one message that Slack takes without `msg_blocks_too_long`. */
export const blocksBudget = 11_500;

/** Blocks as an agent may give them: known kinds, Slack's limits, no pings, no buttons of ours. */
export const agentBlocksSchema = z
  .array(agentBlock)
  .min(1)
  .max(50)
  .refine((blocks) => textLength(blocks) <= blocksBudget, {
    message: `hold more than ${blocksBudget} characters of text together; send less, or upload a file`,
  })
  .transform(withUniqueActions);

/** Slack refuses two elements with one action_id in a block. */
function withUniqueActions(blocks: z.infer<typeof agentBlock>[]): Block[] {
  let count = 0;
  return blocks.map((block) => {
    if (block.type !== 'actions') return block;
    const seen = new Set<string>();
    const elements = block.elements.map((element) => {
      if (!seen.has(element.action_id)) {
        seen.add(element.action_id);
        return element;
      }
      count += 1;
      return { ...element, action_id: `${element.action_id}.${count}` };
    });
    return { ...block, elements };
  });
}

function textLength(value: unknown): number {
  if (Array.isArray(value)) return value.reduce<number>((sum, item) => sum + textLength(item), 0);
  if (typeof value !== 'object' || value === null) return 0;
  return Object.entries(value).reduce(
    (sum, [key, item]) => sum + (key === 'text' && typeof item === 'string' ? item.length : textLength(item)),
    0,
  );
}

/** Small grey text. `plain_text`: nothing in it is parsed. */
export function buildContext(line: string): Block[] {
  if (line === '') return [];
  return [{ type: 'context', elements: [plainText(line, 2000)] }];
}

/** @returns the blocks of a card: title, body, facts, buttons */
export function buildCard({ title, body = '', facts = [], buttons = [] }: Card): Block[] {
  return [
    { type: 'section', text: plainText(title || '…', 3000) },
    ...(body.trim() === '' ? [] : [{ type: 'markdown', text: clip(body, cardBodyLimit) }]),
    ...buildContext(facts.join(' ⋅ ')),
    ...groupButtons(buttons).map((group) => ({ type: 'actions', elements: group.map(buildButton) })),
  ];
}

/** At most 25 buttons a block, and no action twice in one. */
function groupButtons(buttons: readonly CardButton[]): CardButton[][] {
  const groups: CardButton[][] = [];
  for (const button of buttons) {
    const fits = (group: CardButton[]) =>
      group.length < 25 && group.every(({ action }) => action !== button.action);
    const group = groups.findLast(fits);
    // Only into the last one, so that the order stays.
    if (group !== undefined && group === groups.at(-1)) group.push(button);
    else groups.push([button]);
  }
  return groups;
}

/** Nothing in it is parsed but emoji. */
export function plainText(text: string, max: number): Block {
  return { type: 'plain_text', text: clip(text, max), emoji: true };
}

export function buildButton({ action, label, value, style, confirm, url }: CardButton): Block {
  return {
    type: 'button',
    action_id: action,
    text: plainText(label, 75),
    value,
    ...(url === undefined ? {} : { url }),
    ...(style === undefined ? {} : { style }),
    ...(confirm === undefined
      ? {}
      : {
          confirm: {
            title: plainText('Are you sure?', 100),
            text: plainText(confirm, 300),
            confirm: plainText(label, 30),
            deny: plainText('Cancel', 30),
          },
        }),
  };
}

/** Cuts to `max` UTF-16 units, with an ellipsis, never through a surrogate pair. */
export function clip(text: string, max: number): string {
  if (text.length <= max) return text;
  return `${text.slice(0, max - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}
