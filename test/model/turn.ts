import { type CompletionRequest, type ModelMessage, textOf } from './protocol.ts';

/** One request, seen the way a script or a brain wants to see it. */
export interface ModelTurn {
  /** OpenCode also asks for session titles and for summaries; scripts and brains see only `turn`. */
  readonly kind: 'turn' | 'title' | 'compaction';
  /** OpenCode's session (`x-session-id`), '' when the client sends none. */
  readonly sessionId: string;
  readonly model: string;
  /** The last user message, whole. */
  readonly userText: string;
  /** The `key: value` lines of its `<turn>` block, e.g. `channel`, `from`. */
  readonly header: Readonly<Record<string, string>>;
  /** What the person said: the last user message without its `<turn>` block. */
  readonly said: string;
  /** True when the service goes on with a turn that was cut off; `said` is then the same again. */
  readonly resumed: boolean;
  /** What the header says was already posted in a resumed turn; white space and brackets normalised. */
  readonly posted: readonly string[];
  /** Further parts of the last user message: files as OpenCode inlines them, and its remarks on them. */
  readonly attachments: readonly string[];
  /** True when the `<turn>` block says `channel: dm`: plain text is then streamed to the person. */
  readonly dm: boolean;
  /** Names of the tools offered. */
  readonly tools: readonly string[];
  readonly history: readonly ModelMessage[];
  /** Assistant messages after the last user message: 0 on the first call of a turn. */
  readonly step: number;
  /** Results of the tools called since the last user message, oldest first. */
  readonly toolResults: readonly string[];
}

type UserMessage = Pick<ModelTurn, 'userText' | 'header' | 'said' | 'attachments' | 'resumed' | 'posted'>;

/**
 * Splits what the service writes, `<turn>\nkey: value\n…\n</turn>\nwords`, into header and words.
 * Without such a block the whole text is the person's. Only the first closing line counts, so a person
 * who types `</turn>` keeps it. OpenCode inlines files as further parts after the one with the words.
 */
export function readUserMessage(message: ModelMessage): UserMessage {
  const userText = textOf(message);
  const [first = '', ...others] = Array.isArray(message.content)
    ? message.content.map((part) => part.text ?? `[${part.type}]`)
    : [userText];
  const { lines, said } = splitHeader(first);
  const header = Object.fromEntries(lines);
  const posted = lines.flatMap(([key, value]) => (key.startsWith('already posted') ? unquote(value) : []));
  const seen = { userText, header, resumed: 'resumed' in header, posted };
  if (said !== '') return { ...seen, said, attachments: others };
  const [words = '', ...files] = others;
  // A file sent without words.
  if (/^(\[\w+\]$|Called the Read tool with|ERROR: )/.test(words))
    return { ...seen, said, attachments: others };
  return { ...seen, said: words.trim(), attachments: files };
}

function splitHeader(text: string): { lines: (readonly [string, string])[]; said: string } {
  const block = /(?:^|\n)<turn>\n(?<lines>[\s\S]*?)\n<\/turn>(?:\n|$)/.exec(text);
  if (!block) return { lines: [], said: text.trim() };
  const lines = (block.groups?.['lines'] ?? '').split('\n').flatMap((line) => {
    const colon = line.indexOf(': ');
    return colon > 0 ? [[line.slice(0, colon), line.slice(colon + 2).trim()] as const] : [];
  });
  return { lines, said: text.slice(block.index + block[0].length).trim() };
}

/** The service quotes posts as JSON strings; `nothing` is not one. */
function unquote(value: string): string[] {
  try {
    return [String(JSON.parse(value))];
  } catch {
    return [];
  }
}

const noMessage: ModelMessage = { role: 'user', content: '' };

/** @returns the turn a request stands for; a function of the request alone, so that retries see the same. */
export function parseTurn(request: CompletionRequest, sessionId: string): ModelTurn {
  const { messages } = request;
  const lastUser = messages.findLastIndex((message) => message.role === 'user');
  const since = messages.slice(lastUser + 1);
  const user = readUserMessage(messages[lastUser] ?? noMessage);
  return {
    kind: kindOf(messages, user.userText),
    sessionId,
    model: request.model,
    ...user,
    dm: /^dm\b/i.test(channelOf(messages)),
    tools: (request.tools ?? []).map((tool) => tool.function.name),
    history: messages,
    step: since.filter((message) => message.role === 'assistant').length,
    toolResults: since.filter((message) => message.role === 'tool').map(textOf),
  };
}

/** A resumed turn does not repeat the channel: the last header that names it counts. */
function channelOf(messages: readonly ModelMessage[]): string {
  const channels = messages
    .filter((message) => message.role === 'user')
    .map((message) => readUserMessage(message).header['channel']);
  return channels.findLast((channel) => channel !== undefined) ?? '';
}

/** OpenCode 1.18.33 marks these calls by their prompts only (notes/opencode.md §4). */
function kindOf(messages: readonly ModelMessage[], userText: string): ModelTurn['kind'] {
  const system = messages
    .filter((message) => message.role === 'system')
    .map(textOf)
    .join('\n');
  if (/title generator/i.test(system)) return 'title';
  if (/Here is the conversation so far/.test(userText)) return 'compaction';
  return 'turn';
}
