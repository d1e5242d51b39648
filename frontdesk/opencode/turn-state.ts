import type { PromptState, Usage } from './agent.ts';
import { describeTurnError } from './error-text.ts';
import { isPromptId } from './ids.ts';
import type { AssistantInfo, SessionMessage } from './messages.ts';

export interface TurnInput {
  readonly promptId: string;
  /** The session's newest messages, oldest first, reaching back to the prompt at least. */
  readonly messages: readonly SessionMessage[];
  readonly busy: boolean;
  /** This process asked OpenCode to abort the session's current turn. */
  readonly abortRequested: boolean;
  /** The session's last `session.error`, when it left no message behind (unknown model or agent). */
  readonly lastError?: string | undefined;
  /** `provider/model` and its context window, for turns without any answer. */
  readonly model: string;
  readonly contextLimit: number;
}

interface AssistantMessage extends SessionMessage {
  readonly info: AssistantInfo;
}

const isAssistant = (message: SessionMessage): message is AssistantMessage =>
  message.info.role === 'assistant';

/**
 * The prompt's message and all that follows until the next prompt of ours. Not by `parentID`: a compaction
 * puts user messages of OpenCode's own between, and the answers after it hang on those.
 * @returns undefined when the prompt is not among `messages`
 */
export function selectTurn(
  messages: readonly SessionMessage[],
  promptId: string,
): readonly SessionMessage[] | undefined {
  const start = messages.findIndex((m) => m.info.role === 'user' && m.info.id === promptId);
  if (start < 0) return undefined;
  const next = messages.findIndex((m, at) => at > start && m.info.role === 'user' && isPromptId(m.info.id));
  return messages.slice(start, next < 0 ? undefined : next);
}

function textOf(message: SessionMessage): string {
  return message.parts
    .filter((part) => part.type === 'text' && !part.synthetic && !part.ignored)
    .map((part) => part.text ?? '')
    .join('')
    .trim();
}

function contextTokens({ tokens }: AssistantInfo): number {
  if (tokens.total) return tokens.total;
  return tokens.input + tokens.output + tokens.reasoning + tokens.cache.read + tokens.cache.write;
}

function sumUsage(answers: readonly AssistantMessage[], input: TurnInput): Usage {
  const last = answers.at(-1)?.info;
  const counted = answers.findLast((m) => contextTokens(m.info) > 0)?.info;
  return {
    model: last ? `${last.providerID}/${last.modelID}` : input.model,
    cost: answers.reduce((sum, m) => sum + m.info.cost, 0),
    contextTokens: counted ? contextTokens(counted) : 0,
    contextLimit: input.contextLimit,
  };
}

/** A refused permission or question ends a turn after its tool call: finished, though the model would go on. */
function endedByRefusal(message: AssistantMessage): boolean {
  return message.parts.some(
    (part) =>
      part.state?.status === 'error' &&
      /rejected permission|dismissed this question/i.test(part.state.error ?? ''),
  );
}

/** Whether OpenCode's loop would have stopped after this message by itself. */
function isFinal(message: AssistantMessage): boolean {
  const { time, finish, summary } = message.info;
  if (!time.completed || summary) return false;
  if (finish === 'tool-calls' || finish === 'unknown' || !finish) return endedByRefusal(message);
  return true;
}

/** Whether the last tool call failed. */
function hasFailedCall(answers: readonly AssistantMessage[]): boolean {
  const calls = answers.flatMap(({ parts }) => parts.filter(({ type }) => type === 'tool'));
  return calls.at(-1)?.state?.status === 'error';
}

/** How a prompt stands, from what OpenCode holds. Pure. */
export function decidePromptState(input: TurnInput): PromptState {
  const turn = selectTurn(input.messages, input.promptId);
  if (!turn) return { kind: 'unknown' };
  const isLatest = turn.at(-1) === input.messages.at(-1);
  if (input.busy && isLatest) return { kind: 'running' };

  const answers = turn.filter(isAssistant);
  const last = answers.at(-1);
  const text =
    answers
      .filter((m) => !m.info.summary)
      .map(textOf)
      .findLast((t) => t !== '') ?? '';
  const usage = sumUsage(answers, input);
  if (last?.info.error) {
    if (last.info.error.name === 'MessageAbortedError') return { kind: 'aborted', text, usage };
    return { kind: 'failed', error: describeTurnError(last.info.error), text, usage };
  }
  if (last && isFinal(last)) return { kind: 'done', text, usage, callFailed: hasFailedCall(answers) };
  if (isLatest && input.abortRequested) return { kind: 'aborted', text, usage };
  if (isLatest && input.lastError !== undefined) {
    return { kind: 'failed', error: input.lastError, text, usage };
  }
  return { kind: 'interrupted' };
}
