/** The steps of a coding agent's ordinary work. */
import type { AnswerStep, Step } from '../step.ts';
import type { ModelTurn } from '../turn.ts';
import type { Job } from './worker-job.ts';

/** One step of a plan; all but the last call one tool. */
export interface PlanStep {
  readonly step: Step;
  /** A refusal of its tool is an answer, and the work goes on. */
  readonly mayFail?: true;
}

const commit = 'git -c user.name="Stand-in" -c user.email=stand-in@example.com commit -q';

/** @param answers what it was told meanwhile, written down with the work */
export function workPlan(turn: ModelTurn, job: Job, answers: readonly string[] = []): PlanStep[] {
  const file = fileOf(job);
  const told = answers.length === 0 ? '' : ` Told: ${answers.join('; ')}.`;
  return [
    shell(job, 'I look at the repository first.', `cd repos/${job.repository} && git status -sb && ls`),
    write(job, file, contentOf(job, file, answers)),
    shell(job, 'I run its tests.', runTests(job)),
    shell(job, 'They pass, so I commit.', commitFiles(job, [file], job.title)),
    ...milestone(turn, `${job.title}: a first version is committed`),
    { step: { text: `**${job.title}**: a first version is in \`${file}\`, tested and committed.${told}` } },
  ];
}

/** What is done after an interruption. */
export function wentOn(job: Job): { command: string; text: string } {
  const { repository, title } = job;
  const message = quoted(`${title}: what was begun`);
  return {
    command: `cd repos/${repository} && git add -A && (git diff --cached --quiet || ${commit} -m ${message}) && git status -sb`,
    text: `**${title}**: what I had begun is committed; nothing is left open.`,
  };
}

export function shell(job: Job, text: string, command: string): PlanStep {
  const nap = job.slow ? 'sleep 2; ' : '';
  return {
    step: {
      ...saying(job, text),
      tools: [{ name: 'bash', args: { command: nap + command, description: text } }],
    },
  };
}

export function write(job: Job, file: string, content: string): PlanStep {
  const filePath = `repos/${job.repository}/${file}`;
  return {
    step: { ...saying(job, `I write \`${file}\`.`), tools: [{ name: 'write', args: { filePath, content } }] },
  };
}

/** Nothing where the host has no such tool. */
export function milestone(turn: ModelTurn, text: string): PlanStep[] {
  if (!turn.tools.includes('milestone')) return [];
  return [{ step: { tools: [{ name: 'milestone', args: { text } }] } }];
}

export function commitFiles({ repository }: Job, files: readonly string[], message: string): string {
  const paths = files.map(quoted).join(' ');
  return `cd repos/${repository} && git add ${paths} && (git diff --cached --quiet || ${commit} -m ${quoted(message)}) && git log --oneline -1 || echo 'stand-in: failed to commit'`;
}

export function firstLine(text: string): string {
  const line = text.trim().split('\n')[0] ?? '';
  return line.length > 120 ? `${line.slice(0, 120)}…` : line;
}

/** Slow work takes a few seconds a step, so that it can be paused and seen. */
function saying({ slow }: Job, text: string): AnswerStep {
  return slow ? { chunks: [text, ' .', ' .', ' .'], chunkDelayMs: 500 } : { text };
}

/** The sample in Python is the only repository that is not JavaScript or nothing at all. */
function fileOf({ subject, repository }: Job): string {
  const name = slug(subject);
  return repository === 'reports' ? `${name.replaceAll('-', '_')}.py` : `src/${name}.js`;
}

function contentOf({ title, subject }: Job, file: string, answers: readonly string[]): string {
  const about = `${title.replaceAll('*/', '')}: written by the stand-in, which knows nothing about it.`;
  if (file.endsWith('.py'))
    return [`"""${about}"""`, 'READY = True', ...answers.map((told) => `# ${told}`), ''].join('\n');
  const notes = answers.map((told) => ` ${JSON.stringify(told.replaceAll('*/', ''))},`).join('');
  return [
    `/** ${about} */`,
    `export const ${camel(slug(subject))} = { ready: true${notes === '' ? '' : `, told: [${notes.slice(1, -1)}]`} };`,
    '',
  ].join('\n');
}

function runTests({ repository }: Job): string {
  const python = "if [ -f test_app.py ]; then python3 -m unittest 2>&1 | tail -n 4; else echo 'no tests'; fi";
  return `cd repos/${repository} && if [ -f package.json ]; then node --test 2>&1 | tail -n 8; else ${python}; fi`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

function slug(text: string): string {
  const words = text.toLowerCase().match(/[a-z0-9]+/g) ?? ['work'];
  return words.slice(0, 5).join('-').slice(0, 40);
}

function camel(name: string): string {
  const joined = name.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
  return /^\d/.test(joined) ? `the${joined}` : joined;
}
