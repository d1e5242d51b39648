/** AS-3: how long an ask waits, and what becomes of it then. Pure. */
import { type Ask, type AskAnswer, recommendedOf } from '../../mcp-servers/kit/asks.ts';
import { addWorkingMinutes } from '../../mcp-servers/kit/hours.ts';
import type { DeadlineRule, Hours, Policy } from '../../mcp-servers/kit/policy.ts';
import { optionName } from './words.ts';

/** The answer to a question without a recommended option. */
export const ownJudgement =
  'Nobody answered. Decide yourself, the sensible way, and say at the end what you decided and why.';

/**
 * @param from Unix ms
 * @returns Unix ms, `from` itself when nobody is waited for; null when the calendar has no working time in the next year
 */
export function deadlineOf(rule: DeadlineRule, hours: Hours, from: number): number | null {
  if (rule === 'continue-immediately') return from;
  return 'wallMinutes' in rule
    ? from + rule.wallMinutes * 60_000
    : addWorkingMinutes(hours, from, rule.businessMinutes);
}

/**
 * What goes to the asker when nobody answered. A permission is denied, whatever was recommended.
 * @returns `note`: why, in words
 */
export function decideExpiry(ask: Ask, policy: Policy): { answer: AskAnswer; note: string } {
  if (ask.body.kind === 'permission') return { answer: 'deny', note: whyOf(ask, policy) };
  const answer = ask.body.questions.map((question) => {
    const index = recommendedOf(question);
    const option = index === undefined ? undefined : question.options[index];
    return [option?.label ?? ownJudgement];
  });
  return { answer, note: '' };
}

/** What it goes on with, for people: `⭐ A`; several by their headers. */
export function showAssumed(ask: Ask): string {
  if (ask.body.kind === 'permission') return 'denied';
  const { questions } = ask.body;
  const parts = questions.map((question, at) => {
    const index = recommendedOf(question);
    const name = index === undefined ? 'the agent’s own judgement' : optionName(question, index);
    return questions.length === 1 ? name : `${question.header || at + 1}: ${name}`;
  });
  return parts.join('; ');
}

function whyOf({ source, askedAt, deadlineAt }: Ask, { deadline }: Policy): string {
  if (source.kind !== 'host')
    return `Nobody answered within ${Math.round(((deadlineAt ?? askedAt) - askedAt) / 1000)} s.`;
  if (deadline === 'continue-immediately') return 'Nobody is waited for in this project.';
  return 'wallMinutes' in deadline
    ? `Nobody answered within ${span(deadline.wallMinutes, '')}.`
    : `Nobody answered within ${span(deadline.businessMinutes, 'business ')}.`;
}

function span(minutes: number, kind: string): string {
  const [count, unit] = minutes % 60 === 0 ? [minutes / 60, 'hour'] : [minutes, 'minute'];
  return `${count} ${kind}${unit}${count === 1 ? '' : 's'}`;
}
