import type { Block, Json } from '../store/model.ts';
import { SlackError } from '../web-api/slack-error.ts';
import { parseBlocks } from './blocks.ts';

/** chat.postMessage cuts text here; chat.update refuses it from 4,000 on (notes/slack.md §3). */
const maxPostText = 40_000;
const maxUpdateText = 4_000;
/** `markdown_text` and the markdown block. */
export const maxMarkdown = 12_000;
/** All text of a message's blocks together (bolt-js #2509, #2867). */
const maxBlocksText = 13_200;

export interface Content {
  readonly text: string;
  readonly blocks: Block[];
  readonly attachments: Json[];
}

/** @returns how many characters of text all blocks hold together. */
function textLength(value: unknown): number {
  if (Array.isArray(value)) return value.reduce((sum: number, item) => sum + textLength(item), 0);
  if (typeof value !== 'object' || value === null) return 0;
  return Object.entries(value).reduce(
    (sum, [key, item]) =>
      sum +
      (typeof item === 'string' ? (key === 'text' || key === 'title' ? item.length : 0) : textLength(item)),
    0,
  );
}

/** @throws msg_blocks_too_long */
export function requireBlocksFit(blocks: readonly Block[]): void {
  if (textLength(blocks) > maxBlocksText) throw new SlackError('msg_blocks_too_long');
}

export interface ContentArgs {
  readonly text?: string | undefined;
  readonly markdown_text?: string | undefined;
  readonly blocks?: unknown;
  readonly attachments?: unknown;
}

/**
 * Checks a message's content against Slack's limits.
 * @param mode `post` cuts long text, `update` refuses it
 * @throws no_text, markdown_text_conflict, msg_too_long, msg_blocks_too_long, invalid_blocks(_format)
 */
export function parseContent(args: ContentArgs, mode: 'post' | 'update'): Content {
  const blocks = parseBlocks(args.blocks, 'message');
  const attachments = Array.isArray(args.attachments) ? (args.attachments as Json[]) : [];
  if (args.markdown_text !== undefined) {
    if (args.text || blocks.length > 0) throw new SlackError('markdown_text_conflict');
    if (args.markdown_text.length > maxMarkdown) throw new SlackError('msg_too_long');
    if (args.markdown_text === '') throw new SlackError('no_text');
    const block = { type: 'markdown', text: args.markdown_text };
    return { text: args.markdown_text, blocks: [block], attachments };
  }
  const text = args.text ?? '';
  if (text === '' && blocks.length === 0 && attachments.length === 0) throw new SlackError('no_text');
  if (mode === 'update' && text.length > maxUpdateText) throw new SlackError('msg_too_long');
  requireBlocksFit(blocks);
  return { text: text.slice(0, maxPostText), blocks, attachments };
}
