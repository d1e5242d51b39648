import type { Brain, Step } from '../step.ts';
import { type ModelTurn, readUserMessage } from '../turn.ts';
import type { Rule } from './rule.ts';
import { rules } from './rules.ts';
import { earlierUserMessages, say, wordsOf } from './speak.ts';
import { isWorker, workerStep } from './worker.ts';
import { extras } from './worker-extras.ts';

const introduction =
  'I am the stand-in model: a handful of rules, not an AI. I am here so that you can try the front desk ' +
  'without a key; `FRONTDESK_MODEL=anthropic/…` puts a real model in my place.';

/** Answers from {@link rules}; stateless, works with whatever tools are offered. */
export const standIn: Brain = (turn) =>
  isWorker(turn) ? workerStep(turn) : (stepsFor(turn)[turn.step] ?? { text: 'Answered in the thread.' });

function stepsFor(turn: ModelTurn): Step[] {
  const words = wordsOf(turn.said);
  // The thread already has the reply that a crash kept the turn from ending with.
  if (turn.resumed && turn.posted.length > 0) return [{ text: 'Answered in the thread.' }];
  if (/^\W*(hello|hi|hey|help|what can you do)\b|^\W*$/i.test(words))
    return say(turn, `${introduction}\n\n${help()}`);
  if (/\bwhat did i (say|ask|write)\b/i.test(words)) return say(turn, recall(turn));
  const found = findRule(words);
  return found ? found.rule.steps(turn, found.groups) : say(turn, echo(turn, words));
}

function findRule(words: string): { rule: Rule; groups: Record<string, string> } | undefined {
  for (const rule of rules) {
    const match = rule.match.exec(words);
    if (!match) continue;
    const named = Object.entries(match.groups ?? {}).filter(([, value]) => value !== undefined);
    return { rule, groups: Object.fromEntries(named) };
  }
  return undefined;
}

function help(): string {
  const lines = rules.map((rule) => `- \`${rule.example}\`: ${rule.does}`);
  return [
    'Say one of these:',
    ...lines,
    '- `what did I say?`: what this thread remembers',
    '',
    'In the title of a task, or told to its coding agent later (`start JWT auth, ask me which database in domain-apis`):',
    ...extras.map(({ example, does }) => `- \`${example}\`: ${does}`),
  ].join('\n');
}

function echo(turn: ModelTurn, words: string): string {
  const first = earlierUserMessages(turn).length === 0;
  const heard = words.length > 300 ? `${words.slice(0, 300)}…` : words;
  const lines = [
    `You said: “${heard}”`,
    ...filesOf(turn),
    'A real model would now act on it; `help` lists what I can show.',
  ];
  return (first ? [introduction, ...lines] : lines).join('\n\n');
}

/** OpenCode inlines a text file after a line that names it, and remarks on what the model cannot read. */
function filesOf(turn: ModelTurn): string[] {
  const names = turn.attachments.flatMap((text) => {
    const inlined = /^Called the Read tool with the following input: (?<input>\{.*\})/.exec(text);
    return /"filePath":"(?<name>[^"]+)"/.exec(inlined?.groups?.['input'] ?? '')?.[1] ?? [];
  });
  const images = turn.attachments.filter((text) => /^\[(image|file)/.test(text)).length;
  const remarks = turn.attachments.filter((text) => text.startsWith('ERROR: '));
  return [
    ...(names.length > 0 ? [`Files that came with it: ${names.join(', ')}`] : []),
    ...(images > 0 ? [`Images that came with it: ${images}`] : []),
    ...remarks,
  ];
}

function recall(turn: ModelTurn): string {
  const said = earlierUserMessages(turn).map((message) => wordsOf(readUserMessage(message).said));
  if (said.length === 0) return 'This is the first thing you say in this thread.';
  return ['In this thread you said:', ...said.slice(-20).map((text, index) => `${index + 1}. ${text}`)].join(
    '\n',
  );
}
