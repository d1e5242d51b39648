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
  /** Further text parts of the last user message: files as OpenCode inlines them, and its remarks on them. */
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

type UserMessage = Pick<ModelTurn, 'userText' | 'header' | 'said' | 'attachments'>;

/**
 * Splits what the service writes, `<turn>\nkey: value\n…\n</turn>\nwords`, into header and words.
 * Without such a block the whole text is the person's. Only the first closing line counts, so a person
 * who types `</turn>` keeps it. OpenCode inlines files as further parts after the one with the words.
 */
export function readUserMessage(message: ModelMessage): UserMessage {
  const userText = textOf(message);
  const [first = '', ...others] = Array.isArray(message.content)
    ? message.content.flatMap((part) => part.text ?? [])
    : [userText];
  const { header, said } = splitHeader(first);
  if (said !== '') return { userText, header, said, attachments: others };
  return { userText, header, said: others[0]?.trim() ?? '', attachments: others.slice(1) };
}

function splitHeader(text: string): Pick<ModelTurn, 'header' | 'said'> {
  const block = /(?:^|\n)<turn>\n(?<lines>[\s\S]*?)\n<\/turn>(?:\n|$)/.exec(text);
  if (!block) return { header: {}, said: text.trim() };
  const pairs = (block.groups?.['lines'] ?? '').split('\n').flatMap((line) => {
    const colon = line.indexOf(': ');
    return colon > 0 ? [[line.slice(0, colon), line.slice(colon + 2).trim()] as const] : [];
  });
  return { header: Object.fromEntries(pairs), said: text.slice(block.index + block[0].length).trim() };
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
    dm: /^dm\b/i.test(user.header['channel'] ?? ''),
    tools: (request.tools ?? []).map((tool) => tool.function.name),
    history: messages,
    step: since.filter((message) => message.role === 'assistant').length,
    toolResults: since.filter((message) => message.role === 'tool').map(textOf),
  };
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
