/** The stand-in and what waits for people: one rule for each thing people say about it. */
import type { ModelTurn } from '../turn.ts';
import { passOn } from './pass-on.ts';
import type { Rule } from './rule.ts';
import { say } from './speak.ts';

export const askRules: readonly Rule[] = [
  {
    match: /\bwhat (is waiting|waits|needs?) (for )?me\b|\bwhat do you (need|want to know)\b/i,
    example: 'what waits for me?',
    does: 'reads out the questions and permissions of this thread',
    steps: (turn) => say(turn, renderWaiting(waitingIn(turn))),
  },
  {
    match: /^answer\b:?\s*(?<words>[\s\S]+)/i,
    example: 'answer: SQLite',
    does: 'calls `sessions_respond_to_question`; several answers with `;` between',
    steps: (turn, { words = '' }) => {
      const ask = waitingIn(turn).find(({ kind }) => kind === 'question');
      if (ask === undefined) return say(turn, 'No question waits here.');
      const answers = words.split(';').map((answer) => [answer.trim()]);
      return passOn(turn, 'sessions_respond_to_question', { ask: ask.id, answers });
    },
  },
  {
    match: /^(?<verb>allow|deny)\b( it| that)?[\s:,.]*(?<reason>[\s\S]*)/i,
    example: 'deny it: not today',
    does: 'calls `sessions_respond_to_permission`; `allow it` shows the card again, for your click',
    steps: (turn, { verb = '', reason = '' }) => {
      const ask = waitingIn(turn).find(({ kind }) => kind === 'permission');
      if (ask === undefined) return say(turn, 'No permission request waits here.');
      const decision = verb.toLowerCase();
      const why = decision === 'deny' && reason.trim() !== '' ? { reason: reason.trim() } : {};
      return passOn(turn, 'sessions_respond_to_permission', { ask: ask.id, decision, ...why });
    },
  },
  {
    match: /^ask me (something|a question)\b/i,
    example: 'ask me something',
    does: 'calls `slack_ask`: a question of the front desk itself, with buttons',
    steps: (turn) =>
      passOn(turn, 'slack_ask', { question: 'Tea or coffee?', options: drinks }, () => 'I have asked.'),
  },
];

const drinks = [
  { label: 'Tea', recommended: true },
  { label: 'Coffee', description: 'Strong.' },
];

interface Waiting {
  readonly id: string;
  readonly kind: string;
  readonly about: string;
}

/** Of the header's `pending asks: ask_1 (question of w): "…" options: a | b; ask_2 (permission of w): "…"`. */
function waitingIn({ header }: ModelTurn): Waiting[] {
  const line = header['pending asks'] ?? 'none';
  return [...line.matchAll(/(?<id>ask_\w+) \((?<kind>\w+)[^)]*\): (?<about>.*?)(?=; ask_\w+ \(|$)/g)].map(
    ({ groups }) => ({
      id: groups?.['id'] ?? '',
      kind: groups?.['kind'] ?? '',
      about: groups?.['about'] ?? '',
    }),
  );
}

function renderWaiting(waiting: readonly Waiting[]): string {
  if (waiting.length === 0) return 'Nothing waits for you in this thread.';
  return waiting.map(({ kind, about }) => `- ${kind}: ${about}`).join('\n');
}
