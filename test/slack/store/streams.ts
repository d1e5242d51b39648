import { z } from 'zod';

import { parseBlocks } from '../limits/blocks.ts';
import { maxMarkdown, requireBlocksFit } from '../limits/content.ts';
import { SlackError } from '../web-api/slack-error.ts';
import { defined } from './wire.ts';
import { str, type Block, type Json, type StoredMessage } from './model.ts';

/** Text of plan and task chunks. */
const short = z.string().max(256);

const chunkSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('markdown_text'), text: z.string() }),
  z.object({ type: z.literal('plan_update'), title: short }),
  z.looseObject({
    type: z.literal('task_update'),
    id: z.string().min(1),
    title: short,
    status: z.enum(['pending', 'in_progress', 'complete', 'error']),
    details: short.optional(),
    output: short.optional(),
  }),
  z.object({ type: z.literal('blocks'), blocks: z.array(z.unknown()).max(50) }),
]);

type Chunk = z.infer<typeof chunkSchema>;

export interface StreamInput {
  readonly markdown_text?: string | undefined;
  readonly chunks?: unknown;
}

/**
 * @param spoken what the stream has been given so far
 * @throws msg_too_long, invalid_chunks, and for mixing text and chunks in one call or over several
 */
export function parseChunks(
  { markdown_text, chunks }: StreamInput,
  spoken?: 'text' | 'chunks',
): { chunks: Chunk[]; speaks: 'text' | 'chunks' | undefined } {
  const given = Array.isArray(chunks) && chunks.length > 0;
  if (markdown_text && given) throw new SlackError('cannot_provide_both_markdown_text_and_chunks');
  const speaks = markdown_text ? 'text' : given ? 'chunks' : undefined;
  if (spoken && speaks && spoken !== speaks) throw new SlackError('streaming_mode_mismatch');
  const parsed = z.array(chunkSchema).safeParse(chunks ?? []);
  if (!parsed.success) throw new SlackError('invalid_chunks');
  const text: Chunk[] = markdown_text ? [{ type: 'markdown_text', text: markdown_text }] : [];
  const all = [...text, ...parsed.data];
  if (all.some((chunk) => chunk.type === 'markdown_text' && chunk.text.length > maxMarkdown)) {
    throw new SlackError('msg_too_long');
  }
  return { chunks: all, speaks: speaks ?? spoken };
}

function asRichText(text: string): Json {
  return { type: 'rich_text', elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text }] }] };
}

/** Details and output of later chunks are added to those a task has. */
function addedTo(known: unknown, text: string | undefined): Json | undefined {
  if (text === undefined) return known as Json | undefined;
  const before = known === undefined ? '' : plainOf(known as Json);
  return asRichText(before + text);
}

function plainOf(richText: Json): string {
  const [section] = richText['elements'] as Json[];
  return str((section?.['elements'] as Json[] | undefined)?.[0]?.['text']);
}

function tasksOf(blocks: readonly Block[]): Json[] {
  return blocks.flatMap((block) => (block.type === 'plan' ? (block['tasks'] as Json[]) : [block]));
}

function planOf(blocks: Block[]): Block {
  const existing = blocks.find((block) => block.type === 'plan');
  if (existing) return existing;
  const plan: Block = { type: 'plan', title: '', tasks: [] };
  blocks.unshift(plan);
  return plan;
}

/** Applies chunks to a copy of the blocks; a task or plan that is there already is changed in place. */
function withChunks(before: readonly Block[], chunks: readonly Chunk[], mode: 'timeline' | 'plan'): Block[] {
  const blocks = structuredClone(before) as Block[];
  for (const chunk of chunks) {
    const last = blocks.at(-1);
    if (chunk.type === 'markdown_text') {
      if (last?.type === 'markdown') last['text'] = str(last['text']) + chunk.text;
      else blocks.push({ type: 'markdown', text: chunk.text });
    } else if (chunk.type === 'plan_update') {
      planOf(blocks)['title'] = chunk.title;
    } else if (chunk.type === 'blocks') {
      blocks.push(...parseBlocks(chunk.blocks, 'message'));
    } else {
      const { id, title, status, details, output } = chunk;
      const known = tasksOf(blocks).find((task) => task['task_id'] === id);
      const task: Block = {
        ...known,
        type: 'task_card',
        task_id: id,
        title,
        status,
        ...defined({
          details: addedTo(known?.['details'], details),
          output: addedTo(known?.['output'], output),
        }),
      };
      if (known) Object.assign(known, task);
      else if (mode === 'plan') (planOf(blocks)['tasks'] as Json[]).push(task);
      else blocks.push(task);
    }
  }
  return blocks;
}

/**
 * @returns what a streaming message would hold after these chunks and final blocks; nothing is changed
 * @throws msg_blocks_too_long, invalid_blocks
 */
export function grownContent(
  message: Pick<StoredMessage, 'blocks' | 'text'>,
  chunks: readonly Chunk[],
  mode: 'timeline' | 'plan',
  finalBlocks: readonly Block[] = [],
): { text: string; blocks: Block[] } {
  const blocks = [...withChunks(message.blocks, chunks, mode), ...finalBlocks];
  requireBlocksFit(blocks);
  const added = chunks.map((chunk) => (chunk.type === 'markdown_text' ? chunk.text : '')).join('');
  return { text: message.text + added, blocks };
}
