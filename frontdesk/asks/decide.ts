/** What becomes of asks: by a snapshot of their host, by an answer. Pure. */
import { withoutMark } from '../../mcp-servers/kit/recommended.ts';
import { isDeepStrictEqual } from 'node:util';
import type { Ask, AskAnswer, Question } from '../../mcp-servers/kit/asks.ts';
import type { HostSnapshot } from '../../mcp-servers/kit/work.ts';

export type Waiting = HostSnapshot['waiting'][number];
export type HostAsk = Ask & { readonly source: Extract<Ask['source'], { kind: 'host' }> };

export function isHostAsk(ask: Ask): ask is HostAsk {
  return ask.source.kind === 'host';
}

export type Verdict =
  | 'keep'
  /** Waits there, and its answer has not arrived. */
  | 'deliver'
  /** OpenCode ended and forgot it: the card stays, the answer goes as a message. */
  | 'forgotten'
  /** Answered or ended where it was asked. */
  | 'elsewhere'
  /** Our answer arrived, and the service ended before that was stored. */
  | 'arrived';

/**
 * @param o.waiting whether the host's snapshot has it
 * @param o.instance of the run of OpenCode the snapshot is of
 * @param o.refused the host said that it does not know the request, when our answer came
 */
export function decideFound(
  { status, source }: HostAsk,
  o: { waiting: boolean; instance: string | undefined; refused: boolean },
): Verdict {
  if (o.waiting) return status === 'answered' ? 'deliver' : 'keep';
  if (source.instance === null) return status === 'answered' ? 'deliver' : 'keep';
  if (o.instance === undefined) return 'keep';
  if (source.instance !== o.instance) return 'forgotten';
  if (status === 'open') return 'elsewhere';
  return o.refused ? 'elsewhere' : 'arrived';
}

/** An ask that OpenCode forgot and its agent asks anew: the same card serves. */
export function findForgotten(
  asks: readonly Ask[],
  sessionId: string,
  body: Ask['body'],
  instance: string | undefined,
): HostAsk | undefined {
  return asks
    .filter(isHostAsk)
    .find(
      ({ source, body: asked }) =>
        source.sessionId === sessionId &&
        source.instance !== (instance ?? '') &&
        isDeepStrictEqual(asked, body),
    );
}

/** An answer that was taken and lost with its OpenCode is given again when it is asked for within this time. */
export const lostForMs = 10 * 60_000;

/** Delivered, and nobody knows yet whether its turn went on with it. */
export function isRecent({ status, wentOn, endedAt, source }: Ask, now: number): boolean {
  return source.kind === 'host' && status === 'delivered' && !wentOn && now - (endedAt ?? 0) < lostForMs;
}

/**
 * A question that a person answered, asked anew by the same session word for word, in another run of OpenCode: the run before
 * ended before it had stored the answer. A permission is none: it was for once, and the command may have run.
 */
export function findLost(
  recent: readonly Ask[],
  o: {
    body: Ask['body'];
    source: HostAsk['source'];
    now: number;
    isAllowed: (person: string) => boolean;
  },
): HostAsk | undefined {
  const { body, source: again } = o;
  if (body.kind !== 'question') return undefined;
  return recent
    .filter(isHostAsk)
    .filter((ask) => isRecent(ask, o.now) && ask.late === null && o.isAllowed(ask.by))
    .findLast(
      ({ source, body: asked }) =>
        source.sessionId === again.sessionId &&
        source.instance !== null &&
        source.instance !== again.instance &&
        isDeepStrictEqual(asked, body),
    );
}

/** What a person reads of an answer that OpenCode tells; null: it was rejected, or OpenCode does not say. */
export function answerElsewhere(
  body: Ask['body'],
  answer: readonly (readonly string[])[] | string | null,
): AskAnswer | null {
  if (body.kind === 'permission') {
    if (answer === 'reject') return 'deny';
    if (answer === 'always') return 'session';
    return answer === 'once' ? 'once' : null;
  }
  return Array.isArray(answer) ? answer.map((labels: readonly string[]) => [...labels]) : null;
}

/** “why PostgreSQL?” asks back; “GraphQL?” may be an answer. */
const asksBack =
  /^(what|why|how|which|who|when|where|is|are|do|does|did|has|have|can|could|should|would|will)\b[^]*\?\s*$/i;

/**
 * Whether words that were not meant for a question may be its answer; an order to the front desk, or a question, only where
 * it is an option.
 */
export function canAnswer(body: Ask['body'], text: string, isOrder: boolean): boolean {
  if (body.kind !== 'question' || text.trim() === '') return false;
  return (
    !(isOrder || asksBack.test(text.trim())) ||
    body.questions.some((question) => optionNamed(question, text) !== undefined)
  );
}

/** The label of the option a person wrote, in their spelling and without OpenCode's mark. */
export function optionNamed({ options }: Question, text: string): string | undefined {
  const bare = (words: string) =>
    withoutMark(words)
      .replace(/(?<![\s.!])[\s.!]+$/, '')
      .trimStart()
      .toLowerCase();
  return options.find(({ label }) => bare(label) === bare(text))?.label;
}

/** @returns why it is no answer to what was asked; '' when it is one */
export function checkAnswer(body: Ask['body'], answer: AskAnswer): string {
  if (body.kind === 'permission')
    return typeof answer === 'string' ? '' : 'A permission is answered with once, session or deny.';
  if (typeof answer === 'string')
    return 'A question is answered with options or words, question by question.';
  const { questions } = body;
  if (answer.length !== questions.length)
    return `There ${questions.length === 1 ? 'is 1 question' : `are ${questions.length} questions`}, and ${answer.length} answers.`;
  for (const [index, { question, multiple, options }] of questions.entries()) {
    const given = (answer[index] ?? []).filter((text) => text.trim() !== '');
    const name = questions.length === 1 ? 'The question' : `“${question.slice(0, 80)}”`;
    if (given.length === 0) return `${name} has no answer.`;
    if (!multiple && given.length > 1) return `${name} takes one answer.`;
    const words = given.filter((text) => !options.some(({ label }) => label === text));
    if (words.length > 1) return `${name} takes options and one answer in words.`;
  }
  return '';
}
