/** What the model says in the chaos of work: the front desk starts jobs, and the coding agent does each one once. */
import type { ModelServer } from '../model/server.ts';
import type { Step } from '../model/step.ts';
import type { ModelMessage } from '../model/protocol.ts';
import { textOf } from '../model/protocol.ts';
import type { ModelTurn } from '../model/turn.ts';

export const titleOf = (job: string) => `Implement job ${job}`;
export const subjectOf = (job: string) => `Do ${job}.`;
/** The coding agent's last words. */
export const wordsOf = (job: string) => `Job ${job}. is in place.`;

/**
 * What a job's agent asks a person in the middle of its work: a question, which it asks anew when OpenCode ended over it;
 * one it then only waits for; leave to run a command.
 */
export const duties = ['none', 'question', 'patient', 'permission'] as const;
export type Duty = (typeof duties)[number];

export const questionOf = (job: string) => `Which colour is job ${job} to have?`;
/** Asked before it runs (agents/builder.md); there is no such program, so nothing happens but its echo. */
const commandOf = (job: string) =>
  `helm ship ${job} 2> /dev/null || echo sent-${job}. | tee -a sent-of-${job}`;
/** How the agent ends a turn in which it could only wait. */
export const waitingOf = (job: string) => `Job ${job}. waits for an answer.`;

/** What a job's agent does before it is done; drawn by the test. */
export interface Effort {
  /** Steps that only take time. */
  readonly steps: number;
  /** Of each, seconds. */
  readonly seconds: number;
  /** Tool calls of each, at once; default 1. */
  readonly calls?: number;
  /** Each ends with a milestone; default false. */
  readonly milestones?: boolean;
  /** By job; default none. */
  readonly duties?: Readonly<Record<string, Duty>>;
  /** Whether a person can answer its question now: then a patient one need not ask anew. */
  readonly isShown?: (job: string) => boolean;
}

/** Scripts both agents. A job is known by the title in the session's first words, so nothing is remembered here. */
export function scriptWork(model: ModelServer, effort: Effort): void {
  model.script(
    (turn) => turn.tools.includes('slack_reply') && /start job \w+ in \S+/.test(turn.said),
    frontDesk,
  );
  model.script(
    (turn) => turn.tools.includes('bash') && jobOf(turn.history) !== undefined,
    (turn) => workOn(turn, effort),
  );
}

function frontDesk(turn: ModelTurn): Step {
  const [, job = '', project = ''] = /start job (\w+) in (\S+)/.exec(turn.said) ?? [];
  const told = turn.toolResults.at(-1);
  // The card says it; what is refused must be told.
  if (told !== undefined) return /\[Start\]/.test(told) ? { text: '' } : { text: told };
  const args = { project, title: titleOf(job), description: `Job ${job}`, priority: 'normal' };
  return { tools: [{ name: 'sessions_start', args }] };
}

function jobOf(history: readonly ModelMessage[]): string | undefined {
  const words = history.filter(({ role }) => role === 'user').map(textOf);
  return words.map((text) => /Task: Implement job (\w+)/.exec(text)?.[1]).find((job) => job !== undefined);
}

/** Looks at what it did so far, as an agent does that is told to go on. */
function workOn(turn: ModelTurn, effort: Effort): Step {
  const { history } = turn;
  const { steps, seconds, calls = 1, milestones = false } = effort;
  const job = jobOf(history) ?? '';
  const results = history.filter(({ role }) => role === 'tool').map(textOf);
  const done = (mark: string) => results.some((text) => text.includes(mark));
  for (let step = 1; step <= steps; step++) {
    const mark = `step-${step}-of-${job}.`;
    if (done(mark)) continue;
    const command = `touch ${mark}begun && sleep ${seconds} && echo ${mark}`;
    const work = Array.from({ length: calls }, (_, index) =>
      call(command, `Job ${job}. at step ${step}, call ${index + 1}`),
    );
    const milestone = { name: 'milestone', args: { text: `Job ${job}. has step ${step} behind it` } };
    return { tools: milestones ? [...work, milestone] : work };
  }
  const asked = askFor(turn, job, effort);
  if (asked !== undefined) return asked;
  if (!done(`did-${job}.`)) return { tools: [call(commit(job), `Job ${job}. is committed`)] };
  return { chunks: wordsOf(job).match(/\s*\S+/g) ?? [], chunkDelayMs: 60 };
}

/** @returns undefined: there is nothing to ask, or it was answered, in its place or by a message */
function askFor({ history, said }: ModelTurn, job: string, effort: Effort): Step | undefined {
  const duty = effort.duties?.[job] ?? 'none';
  const results = history.filter(({ role }) => role === 'tool').map(textOf);
  const messages = history.filter(({ role }) => role === 'user').map(textOf);
  const told = (words: string) =>
    messages.some(
      (text) => text.startsWith('OpenCode was restarted after you asked') && text.includes(words),
    );
  if (duty === 'permission') {
    if (results.some((text) => text.includes(`sent-${job}.`) || text.includes('denied this')))
      return undefined;
    return told('This is denied') ? undefined : { tools: [call(commandOf(job), `Job ${job}. is shipped`)] };
  }
  const heard = results.some((text) => text.includes(`"${questionOf(job)}"="`)) || told(questionOf(job));
  if (duty === 'none' || heard) return undefined;
  if (duty === 'patient' && effort.isShown?.(job) === true && said.startsWith('Go on where you left off'))
    return { text: waitingOf(job) };
  const options = [
    { label: 'Red (Recommended)', description: '' },
    { label: 'Blue', description: '' },
  ];
  const questions = [{ header: 'Colour', question: questionOf(job), options }];
  return { tools: [{ name: 'question', args: { questions } }] };
}

/** Its own death may have left the lock, or the commit without the answer. */
function commit(job: string): string {
  return [
    'cd repos/*/',
    'rm -f "$(git rev-parse --git-dir)/index.lock"',
    `git log --format=%s | grep -qxF '${subjectOf(job)}' || { echo ${job} > ${job}.txt; git add -A; git commit -qm '${subjectOf(job)}'; }`,
    `echo did-${job}.`,
  ].join(' && ');
}

function call(command: string, description: string) {
  return { name: 'bash', args: { command, description } };
}
