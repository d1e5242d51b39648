/**
 * The stand-in as a coding agent: looks, writes a small file, tests, commits, tells of it; with the real tools it is
 * offered. What comes next follows from the messages alone, and a tool that fails ends it in words: it cannot loop.
 */
import { textOf } from '../protocol.ts';
import type { AnswerStep, Step } from '../step.ts';
import type { ModelTurn } from '../turn.ts';

/** Only coding agents have a shell. */
export function isWorker({ tools }: ModelTurn): boolean {
  return tools.includes('bash') && tools.includes('write');
}

export function workerStep(turn: ModelTurn): Step {
  const failed = turn.toolResults.findLast((result) => failure.test(result));
  if (failed !== undefined) return { text: `I could not go on: ${firstLine(failed)}` };
  return planOf(turn)[turn.step] ?? { text: 'There is nothing more to do.' };
}

const failure =
  /^\W*(error|invalid|fatal)\b|permission denied|rejected permission|prevents you from using|\bfatal: |stand-in: failed/im;
const resumed = /^Go on where you left off/;
const commit = 'git -c user.name="Stand-in" -c user.email=stand-in@example.com commit -q';

interface Job {
  readonly title: string;
  readonly repository: string;
  readonly slow: boolean;
}

function planOf(turn: ModelTurn): Step[] {
  const job = jobOf(turn);
  if (resumed.test(turn.said))
    return [step(job, 'I look at where I was.', saveAll(job)), { text: wentOn(job) }];
  const name = slug(job.title);
  const file = `repos/${job.repository}/src/${name}.js`;
  const content = [
    `/** ${job.title.replaceAll('*/', '')}: written by the stand-in, which knows nothing about it. */`,
    `export const ${camel(name)} = { ready: true };`,
    '',
  ].join('\n');
  const milestone = turn.tools.includes('milestone')
    ? [{ tools: [{ name: 'milestone', args: { text: `${job.title}: a first version is committed` } }] }]
    : [];
  return [
    step(job, 'I look at the repository first.', `cd repos/${job.repository} && git status -sb && ls`),
    {
      ...saying(job, `I write \`src/${name}.js\`.`),
      tools: [{ name: 'write', args: { filePath: file, content } }],
    },
    step(job, 'I run its tests.', runTests(job)),
    step(job, 'They pass, so I commit.', commitFile(job, name)),
    ...milestone,
    { text: `**${job.title}**: a first version is in \`src/${name}.js\`, tested and committed.` },
  ];
}

function wentOn({ title }: Job): string {
  return `**${title}**: what I had begun is committed; nothing is left open.`;
}

/** The task is in the first message; a later one is a task of its own, with the same repositories. */
function jobOf({ history, said }: ModelTurn): Job {
  const users = history.filter(({ role }) => role === 'user').map(textOf);
  const task = users.find((text) => text.includes('The repositories are in ./repos: ')) ?? '';
  const [, repository = '.'] = /The repositories are in \.\/repos: ([\w.-]+?)[,.]? /.exec(task) ?? [];
  const now = said.includes('Task: ') || resumed.test(said) ? task : said;
  const title = /^Task: (.+)$/m.exec(now)?.[1] ?? firstLine(now);
  return { title: title.trim(), repository, slow: /\bslow(ly)?\b/i.test(now) };
}

function step(job: Job, text: string, command: string): AnswerStep {
  const nap = job.slow ? 'sleep 2; ' : '';
  return {
    ...saying(job, text),
    tools: [{ name: 'bash', args: { command: nap + command, description: text } }],
  };
}

/** Slow work takes a few seconds a step, so that it can be paused and seen. */
function saying({ slow }: Job, text: string): AnswerStep {
  return slow ? { chunks: [text, ' .', ' .', ' .'], chunkDelayMs: 500 } : { text };
}

function runTests({ repository }: Job): string {
  return `cd repos/${repository} && if [ -f package.json ]; then node --test 2>&1 | tail -n 8; else echo 'no tests'; fi`;
}

function commitFile({ repository, title }: Job, name: string): string {
  return `cd repos/${repository} && git add src/${name}.js && (git diff --cached --quiet || ${commit} -m ${quoted(title)}) && git log --oneline -1 || echo 'stand-in: failed to commit'`;
}

function saveAll({ repository, title }: Job): string {
  return `cd repos/${repository} && git add -A && (git diff --cached --quiet || ${commit} -m ${quoted(`${title}: what was begun`)}) && git status -sb`;
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

function firstLine(text: string): string {
  const line = text.trim().split('\n')[0] ?? '';
  return line.length > 120 ? `${line.slice(0, 120)}…` : line;
}
