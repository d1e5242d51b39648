/** An answer of a command in a window of its own: App Home has no thread to say it in. Pure. */
import { toMrkdwn } from '../../mcp-servers/slack/text/to-mrkdwn.ts';
import { plainText } from '../../mcp-servers/slack/blocks.ts';
import { section } from './blocks.ts';

/** A section takes 3,000 characters, and escaping makes them more. */
const sectionSize = 2000;
const sectionsShown = 10;

/** @param markdown as the commands answer @returns the view for `views.open` */
export function renderWords(title: string, markdown: string): Record<string, unknown> {
  const pieces = cutLines(markdown);
  const left = pieces.length - sectionsShown;
  const shown = pieces.slice(0, sectionsShown).map((piece) => section(toMrkdwn(piece)));
  return {
    type: 'modal',
    callback_id: 'home.words',
    // 24 characters are what Slack takes.
    title: plainText(title, 24),
    close: plainText('Close', 24),
    blocks: left > 0 ? [...shown, section('…and more: ask for it in its thread.')] : shown,
  };
}

/** At lines where it can be; a fence that is cut goes on in the next piece. */
function cutLines(text: string): string[] {
  const pieces: string[] = [];
  let piece = '';
  let isOpen = false;
  const end = () => {
    if (piece.trim() !== '') pieces.push(isOpen ? `${piece}\n\`\`\`` : piece);
    piece = isOpen ? '```' : '';
  };
  for (const line of text.split('\n').flatMap((each) => each.match(/.{1,1500}/gu) ?? [''])) {
    if (piece.length + line.length > sectionSize) end();
    piece = piece === '' ? line : `${piece}\n${line}`;
    if (line.startsWith('```')) isOpen = !isOpen;
  }
  end();
  return pieces.length === 0 ? ['…'] : pieces;
}
