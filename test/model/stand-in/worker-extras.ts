/** What a coding agent does besides its ordinary work when the task's words ask for it: one row an extra. */
import type { ModelTurn } from '../turn.ts';
import type { Job } from './worker-job.ts';
import { features, sixThings, threeThings, type WorkerQuestion, whichOne } from './worker-questions.ts';
import { commitFiles, milestone, type PlanStep, shell, write } from './worker-steps.ts';

interface Extras {
  /** Between looking and writing. */
  readonly steps: readonly PlanStep[];
  /** In place of writing, testing and committing. */
  readonly instead?: readonly PlanStep[];
  /** @param results of the steps' tools, as far as they are there @returns what it was told, in words */
  readonly told: (results: readonly string[]) => string[];
}

interface Extra {
  readonly match: RegExp;
  /** Something to put into a task, for `help` and the README. */
  readonly example: string;
  readonly does: string;
  readonly make: (turn: ModelTurn, job: Job, groups: Readonly<Record<string, string>>) => Partial<Extras>;
}

export const extras: readonly Extra[] = [
  {
    match: /\bask (me )?(six|seven|many|a lot of) (things|questions)\b/i,
    example: 'ask six things',
    does: 'six questions at once: a document to fill in',
    make: (turn) => asking(turn, sixThings),
  },
  {
    match: /\bask (me )?(three|several|some) (things|questions)\b/i,
    example: 'ask three things',
    does: 'three at once: one of several, several of several, words',
    make: (turn) => asking(turn, threeThings),
  },
  {
    match: /\bask (me )?(for|about) (the )?features\b/i,
    example: 'ask about the features',
    does: 'a question with several answers',
    make: (turn) => asking(turn, [features]),
  },
  {
    match: /\bask (me )?for permission\b|\bpublish it\b/i,
    example: 'ask for permission',
    does: 'a command that needs it (`npm publish --dry-run`)',
    make: (_, job) => permission(job),
  },
  {
    match: /\bask (me )?(which|what) (?<what>[\w -]+?)( to use| to take)?\s*([?.!]|$)/im,
    example: 'ask me which database',
    does: 'a question with options, the first one recommended',
    make: (turn, _, { what = 'one' }) => asking(turn, [whichOne(what)]),
  },
  {
    match: /\bgo on for (long|a while|(?<amount>\d+) ?(?<unit>s|m)\w*)/i,
    example: 'go on for 5 minutes',
    does: 'a tool call every two seconds, todos, milestones',
    make: (turn, job, { amount = '60', unit = 's' }) => ({
      steps: goOn(turn, job, Math.min(Number(amount) * (unit.toLowerCase() === 'm' ? 60 : 1), 3600)),
    }),
  },
  {
    match: /\b(then )?crash on purpose\b/i,
    example: 'crash on purpose',
    does: 'the model fails in the middle of the work',
    make: () => ({ instead: [{ step: { fault: 'status', status: 400, body: crash } }] }),
  },
  {
    match: /\bbreak the tests\b/i,
    example: 'break the tests',
    does: 'commits a test that fails',
    make: (_, job) => ({ instead: change(job, 'I break the tests.', brokenTest(job), 'A test fails now') }),
  },
  {
    match: /\bbreak the app\b/i,
    example: 'break the app',
    does: 'commits an app that ends as soon as it starts; `fix the app` takes it back',
    make: (_, job) => ({
      instead: change(job, 'I break the app.', brokenApp(job), 'The app does not start now'),
    }),
  },
  {
    match: /\bfix the (app|tests?|server|deploy\w*)\b|\bdeploy(ment)? failed\b/i,
    example: 'fix the app',
    does: 'takes back what was broken',
    make: (_, job) => ({ instead: fix(job) }),
  },
];

/** @returns the first extra whose words are in the job's */
export function extrasOf(turn: ModelTurn, job: Job): Extras {
  for (const { match, make } of extras) {
    const found = match.exec(job.words);
    if (!found) continue;
    const groups = Object.entries(found.groups ?? {}).filter(([, value]) => value !== undefined);
    return { ...none, ...make(turn, job, Object.fromEntries(groups)) };
  }
  return none;
}

const none: Extras = { steps: [], told: () => [] };

function asking(turn: ModelTurn, questions: readonly WorkerQuestion[]): Partial<Extras> {
  if (!turn.tools.includes('question')) return {};
  return {
    steps: [{ step: { tools: [{ name: 'question', args: { questions } }] } }],
    // OpenCode: `"the question"="the labels, or words"`, each question in turn.
    told: ([result = '']) =>
      questions.flatMap(({ question, header }) => {
        const from = result.indexOf(`"${question}"="`);
        if (from < 0) return [];
        const rest = result.slice(from + question.length + 4);
        const to = /"(?=, "|\. You can now|$)/.exec(rest)?.index ?? rest.length;
        return [`${header}: ${rest.slice(0, to).replace(/\s*\(Recommended\)/gi, '')}`];
      }),
  };
}

function permission({ repository }: Job): Partial<Extras> {
  const command = `cd repos/${repository} && npm publish --dry-run`;
  const description = 'I see what would be published.';
  return {
    steps: [
      {
        step: { text: description, tools: [{ name: 'bash', args: { command, description } }] },
        mayFail: true,
      },
    ],
    told: ([result]) => {
      if (result === undefined) return [];
      return [/reject|denied|prevents you/i.test(result) ? 'publishing: denied' : 'publishing: allowed'];
    },
  };
}

const parts = ['Find what there is', 'Write the plan', 'Do it', 'Look it over'];
const secondsEach = 2;

/** Every call is unlike the one before: OpenCode takes a third of the same for a loop. */
function goOn(turn: ModelTurn, { repository }: Job, seconds: number): PlanStep[] {
  const calls = Math.max(parts.length, Math.round(seconds / secondsEach));
  const steps: PlanStep[] = [...todos(turn, 0)];
  for (let call = 1; call <= calls; call += 1) {
    const description = `I am at part ${call} of ${calls}.`;
    const command = `cd repos/${repository} && sleep ${secondsEach} && echo 'part ${call} of ${calls}'`;
    steps.push({ step: { text: description, tools: [{ name: 'bash', args: { command, description } }] } });
    const done = Math.floor((call * parts.length) / calls);
    if (done === Math.floor(((call - 1) * parts.length) / calls)) continue;
    steps.push(...todos(turn, done), ...milestone(turn, `${parts[done - 1] ?? ''}: done`));
  }
  return steps;
}

function todos(turn: ModelTurn, done: number): PlanStep[] {
  if (!turn.tools.includes('todowrite')) return [];
  const list = parts.map((content, index) => ({
    id: `${index + 1}`,
    content,
    status: index < done ? 'completed' : index === done ? 'in_progress' : 'pending',
    priority: 'medium',
  }));
  return [{ step: { tools: [{ name: 'todowrite', args: { todos: list } }] } }];
}

const crash = JSON.stringify({
  error: {
    message: 'The stand-in was asked to crash.',
    type: 'invalid_request_error',
    code: 'asked_to_fail',
  },
});

interface Change {
  readonly file: string;
  readonly content: string;
}

function change(job: Job, text: string, { file, content }: Change, told: string): PlanStep[] {
  return [
    write(job, file, content),
    shell(job, text, commitFiles(job, [file], job.title)),
    { step: { text: `${told}: \`${file}\`.` } },
  ];
}

function brokenTest({ repository }: Job): Change {
  if (repository === 'reports') {
    const lines = [
      'import unittest',
      '',
      '',
      'class BrokenTest(unittest.TestCase):',
      '    def test_sum(self):',
    ];
    return {
      file: 'test_broken.py',
      content: [...lines, '        self.assertEqual(1 + 1, 3)', ''].join('\n'),
    };
  }
  const content = [
    "import assert from 'node:assert/strict';",
    "import { test } from 'node:test';",
    '',
    "test('one and one is three', () => assert.equal(1 + 1, 3));",
    '',
  ].join('\n');
  return { file: 'src/broken.test.js', content };
}

function brokenApp({ repository }: Job): Change {
  if (repository === 'reports') return { file: 'app.py', content: 'raise SystemExit("asked to break")\n' };
  // A static page cannot fail to start; a package with a start script is run instead.
  if (repository === 'web')
    return { file: 'package.json', content: '{ "scripts": { "start": "echo asked to break && exit 1" } }\n' };
  return { file: 'src/server.js', content: "throw new Error('asked to break');\n" };
}

function fix(job: Job): PlanStep[] {
  const files = [brokenApp(job).file, brokenTest(job).file];
  const back = files.map(
    (file) => `(git checkout -q main -- ${file} 2>/dev/null || git rm -qf --ignore-unmatch ${file})`,
  );
  return [
    shell(job, 'I look at what was changed.', `cd repos/${job.repository} && git log --oneline -3`),
    shell(job, 'I take it back.', `cd repos/${job.repository} && ${back.join(' && ')} && ls`),
    shell(job, 'I commit.', commitFiles(job, ['.'], 'Take back what was broken')),
    { step: { text: 'What was broken is taken back and committed.' } },
  ];
}
