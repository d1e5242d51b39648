/** An ask in one line, with the buttons that may stand beside it: for lists of what waits, as App Home's. Pure. */
import type { Ask } from '../../mcp-servers/kit/asks.ts';
import type { CardButton } from '../../mcp-servers/kit/chat.ts';
import { buttonsOf } from './card.ts';
import { askTitle, wish } from './words.ts';

export interface AskBrief {
  readonly text: string;
  /** As on its card where the line says all of it; else one that opens the form, which does: nobody decides unseen. */
  readonly buttons: readonly CardButton[];
}

export function briefOf(ask: Ask): AskBrief {
  const { body, id } = ask;
  const icon = body.kind === 'permission' ? '🔐' : '❓';
  const label = body.kind === 'permission' ? 'Look and decide…' : 'Answer…';
  const form: CardButton = { action: 'ask.form', label, value: id, style: 'primary' };
  return { text: `${icon} ${askTitle(ask)}`, buttons: isWhole(ask) ? buttonsOf(ask) : [form] };
}

/** Whether its title is all there is to read. */
function isWhole(ask: Ask): boolean {
  const { body } = ask;
  if (body.kind === 'question')
    return body.questions.length === 1 && askTitle(ask) === body.questions[0]?.question;
  const { permission, patterns, detail } = body.request;
  // The card shows these beside it.
  const hasMore = permission === 'external_directory' && patterns.join('\n') !== detail;
  return !hasMore && askTitle(ask) === `${wish(body.request)}: ${detail}`;
}
