/**
 * The stand-in as a coding agent: looks, writes a small file, tests, commits, tells of it; with the real tools it is
 * offered. What comes next follows from the messages alone, and a tool that fails ends it in words: it cannot loop.
 */
import type { Step } from '../step.ts';
import type { ModelTurn } from '../turn.ts';
import { extrasOf } from './worker-extras.ts';
import { jobOf, resumed } from './worker-job.ts';
import { firstLine, type PlanStep, shell, workPlan, wentOn } from './worker-steps.ts';

const anyQuestion = {
  question: 'Where shall I work?',
  header: 'Where',
  options: [{ label: 'Here', description: '' }],
};

/** Only coding agents have a shell. */
export function isWorker({ tools }: ModelTurn): boolean {
  return tools.includes('bash') && tools.includes('write');
}

export function workerStep(turn: ModelTurn): Step {
  const plan = planOf(turn);
  // WS-6: whatever it asks is shown as the form.
  if (turn.toolResults.at(-1)?.includes('Call the `question` tool now') === true)
    return { tools: [{ name: 'question', args: { questions: [anyQuestion] } }] };
  if (turn.toolResults.some((result) => result.includes('Held: nothing was written')))
    return { text: 'I go on when this session has its workspace.' };
  // Every step calls one tool: its result has its index.
  const failed = turn.toolResults.find(
    (result, index) => failure.test(result) && plan[index]?.mayFail !== true,
  );
  if (failed !== undefined) return { text: `I could not go on: ${firstLine(failed)}` };
  return plan[turn.step]?.step ?? { text: 'There is nothing more to do.' };
}

const failure =
  /^\W*(error|invalid|fatal)\b|permission denied|rejected permission|prevents you from using|\bfatal: |stand-in: failed/im;

function planOf(turn: ModelTurn): PlanStep[] {
  const job = jobOf(turn);
  if (resumed.test(turn.said))
    return [shell(job, 'I look at where I was.', wentOn(job).command), { step: { text: wentOn(job).text } }];
  const [look, ...rest] = workPlan(turn, job);
  if (look === undefined) return rest;
  const extras = extrasOf(turn, job);
  const answers = [...job.late, ...extras.told(turn.toolResults.slice(1, 1 + extras.steps.length))];
  return [look, ...extras.steps, ...(extras.instead ?? workPlan(turn, job, answers).slice(1))];
}
