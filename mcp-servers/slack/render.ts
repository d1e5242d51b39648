import type { ChatMessage } from '../kit/chat.ts';
import { agentBlocksSchema, blocksBudget, buildCard, buildContext, clip } from './blocks.ts';
import type { Content } from './outbox/entry.ts';
import { plainFallback } from './text/plain-fallback.ts';
import { numberParts, splitMarkdown } from './text/split-markdown.ts';

/** A message as Slack takes it: one content per Slack message, and the whole as a file when it is too long. */
export interface Rendered {
  /** At least one. */
  readonly parts: readonly Content[];
  /** The whole markdown, to be uploaded after the first part. */
  readonly file?: string;
}

/** More parts than this are a file. */
const maxParts = 3;

/** Room for "(1/3)" and the footer within the budget of one message. */
const markdownBudget = blocksBudget - 600;

/** Slack refuses updates whose `text` has 4,000 characters or more. */
const fallbackBudget = 3000;

/** @param message sanitised. Pure. */
export function renderMessage(message: ChatMessage): Rendered {
  switch (message.kind) {
    case 'text':
      return renderText(message.markdown, message.footer ?? '');
    case 'card': {
      const { title, body, facts = [] } = message.card;
      const text = plainFallback(
        [title, ...(body === undefined ? [] : [body]), ...facts].join(' ⋅ '),
        fallbackBudget,
      );
      return { parts: [{ text, blocks: buildCard(message.card) }] };
    }
    case 'blocks': {
      const blocks = agentBlocksSchema.safeParse(message.blocks);
      // The tool has checked them already; what is wrong here is said in words rather than lost.
      if (!blocks.success) return renderText(message.text, '');
      return { parts: [{ text: plainFallback(message.text, fallbackBudget), blocks: blocks.data }] };
    }
  }
}

function renderText(markdown: string, footer: string): Rendered {
  const whole = markdown.trim() === '' ? '…' : markdown;
  const split = splitMarkdown(whole, markdownBudget);
  if (split.length > maxParts) {
    const [start = ''] = splitMarkdown(whole, markdownBudget - 100);
    return {
      parts: [renderPart(`${start}\n\n_The whole answer is in the file below._`, footer)],
      file: whole,
    };
  }
  const parts = numberParts(split);
  return { parts: parts.map((part, index) => renderPart(part, index === parts.length - 1 ? footer : '')) };
}

function renderPart(markdown: string, footer: string): Content {
  const text = plainFallback(markdown, fallbackBudget);
  return { text, blocks: [{ type: 'markdown', text: markdown }, ...buildContext(clip(footer, 400))] };
}
