/** How the stand-in speaks: plain text in a DM, the reply tool in a channel, whatever tools there are. */
import type { Step } from '../step.ts';
import type { ModelTurn } from '../turn.ts';
import type { ModelMessage } from '../protocol.ts';

/** Slow enough to see a DM's text grow, quick enough not to wait for it. */
const wordDelayMs = 25;
const mostPieces = 50;

/** Steps that tell the person something and end the turn. */
export function say(turn: ModelTurn, text: string): Step[] {
  if (turn.dm || !turn.tools.includes('slack_reply')) return [plain(text)];
  return [{ tools: [{ name: 'slack_reply', args: { text } }] }, { text: 'Answered in the thread.' }];
}

/** Steps that call a tool, then say `done`; or say what is missing, or what the tool refused. */
export function useTool(turn: ModelTurn, name: string, args: Record<string, unknown>, done: string): Step[] {
  if (!turn.tools.includes(name)) {
    return say(turn, `I would call \`${name}\` for this, but it is not among the tools I was given.`);
  }
  const [result = ''] = turn.toolResults;
  const refused = /^\W*(mcp )?error|refused|invalid arguments/i.test(result);
  return [{ tools: [{ name, args }] }, ...say(turn, refused ? `\`${name}\` did not work: ${result}` : done)];
}

/** One streamed answer, word by word; long ones in bigger pieces so that none takes much more than a second. */
export function plain(text: string): Step {
  const words = text.match(/\s*\S+\s*/g) ?? [];
  const size = Math.ceil(words.length / mostPieces);
  const pieces = Array.from({ length: Math.ceil(words.length / Math.max(size, 1)) }, (_, index) =>
    words.slice(index * size, (index + 1) * size).join(''),
  );
  return { chunks: pieces, chunkDelayMs: wordDelayMs };
}

/** @returns what was said without the mention of the bot. */
export function wordsOf(said: string): string {
  return said.replace(/^(\s*<@[A-Z0-9_]+(\|[^>]*)?>|\s*@(front-?desk|bot)\b)[\s,:]*/i, '').trim();
}

/** @returns the user messages before the last one, oldest first. */
export function earlierUserMessages(turn: ModelTurn): ModelMessage[] {
  return turn.history.filter((message) => message.role === 'user').slice(0, -1);
}
