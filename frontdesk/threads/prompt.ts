import type { ChatHistoryEntry } from '../../mcp-servers/kit/chat.ts';
import type { PromptPart } from '../opencode/agent.ts';
import type { LoadedFile } from './incoming.ts';
import type { ThreadRecord, Turn } from './record.ts';

export interface PromptContext {
  readonly name: string;
  readonly channelName: string;
  /** One line; `none`. */
  readonly plugged: string;
  /** One line; `none`. */
  readonly pendingAsks: string;
  /** What was said in the thread before the bot came, and to others since. */
  readonly earlier: readonly { readonly author: string; readonly text: string }[];
  readonly files: readonly LoadedFile[];
  /** What an earlier attempt posted; undefined when this is the first. */
  readonly posted: readonly string[] | undefined;
}

const asideLength = 500;
const earlierLimit = 30;

/**
 * AG-1: each turn carries who speaks, what is plugged, pending asks, and what was written since the last one.
 * The header is the service's; the person's words follow it unchanged, as a part of their own.
 */
export function buildPrompt({ ref }: ThreadRecord, turn: Turn, context: PromptContext): PromptPart[] {
  const { message } = turn;
  const unread = context.files.filter((file) => !file.ok);
  const lines = [
    `channel: ${ref.dm ? 'dm' : `${context.channelName} (thread)`}`,
    `from: ${context.name} (${message.author})`,
    `plugged workspace: ${context.plugged}`,
    `pending asks: ${context.pendingAsks}`,
    ...(message.corrects === undefined
      ? []
      : [`correction: replaces what the person wrote before, ${quote(message.corrects)}`]),
    ...unread.map(({ name, reason }) => `attachment not readable: ${quote(name)}, because ${reason}`),
    ...context.earlier
      .slice(-earlierLimit)
      .map(({ author, text }) => `said in the thread by ${author}: ${quote(text)}`),
    ...(context.posted === undefined ? [] : resumedLines(context.posted)),
  ];
  return [header(lines), { type: 'text', text: message.text }, ...context.files.flatMap(toPart)];
}

/** After an interruption: OpenCode has the history; the agent is told what the person has already got. */
export function buildContinuation(turn: Turn, posted: readonly string[]): PromptPart[] {
  return [header(resumedLines(posted)), { type: 'text', text: turn.message.text }];
}

function resumedLines(posted: readonly string[]): string[] {
  return [
    'resumed: you were interrupted while you worked on this message; go on from there',
    'unfinished text: what you were writing, outside of tool calls, is discarded; write it whole',
    ...(posted.length === 0
      ? ['already posted: nothing']
      : posted.map((text) => `already posted: ${quote(text)}`)),
  ];
}

/** @returns what people wrote before the bot was called into the thread, without its own and without strangers. */
export function earlierOf(
  history: readonly ChatHistoryEntry[],
  messageId: string,
  allowed: readonly string[],
) {
  return history
    .filter(({ id, own, author }) => id < messageId && !own && allowed.includes(author))
    .map(({ author, text }) => ({ author, text }));
}

function header(lines: readonly string[]): PromptPart {
  return { type: 'text', synthetic: true, text: ['<turn>', ...lines, '</turn>'].join('\n') };
}

/** One line, so that nobody's words can pass for a line of the header. */
function quote(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').replaceAll('<', '‹').replaceAll('>', '›');
  return JSON.stringify(line.length > asideLength ? `${line.slice(0, asideLength)}…` : line);
}

function toPart(file: LoadedFile): PromptPart[] {
  if (!file.ok) return [];
  const url = `data:${file.mime};base64,${Buffer.from(file.content).toString('base64')}`;
  return [{ type: 'file', mime: file.mime, filename: file.name, url }];
}
