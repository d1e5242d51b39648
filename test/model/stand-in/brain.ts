import type { Brain, Step } from '../step.ts';
import type { ModelTurn } from '../turn.ts';
import type { Rule } from './rule.ts';
import { chapters, rules } from './rules.ts';
import { earlierUserMessages, say, wordsOf } from './speak.ts';
import { nearest } from '../../../frontdesk/work/nearest.ts';
import { isWorker, workerStep } from './worker.ts';
import { extras } from './worker-extras.ts';

const introduction =
  'I am the stand-in model: a handful of rules, not an AI. I am here so that you can try the front desk ' +
  'without a key; `FRONTDESK_MODEL=anthropic/…` puts a real model in my place.';

/** One screen of a phone. */
const firstSteps = [
  'Try this, in this order:',
  '1. `start JWT auth, ask me which database in domain-apis`: press **Start** on the card, and answer its question with a tap',
  '2. `deploy it`: what it made runs, and has an address',
  '3. `run the tests`: all of them, on one card',
  '4. `what did it change?`, then `promote it`: its branch is pushed after your click',
  '',
  '`help` lists everything I know; `/opencode help` what the service does without any model.',
].join('\n');

/** Answers from {@link rules}; stateless, works with whatever tools are offered. */
export const standIn: Brain = (turn) =>
  isWorker(turn) ? workerStep(turn) : (stepsFor(turn)[turn.step] ?? { text: 'Answered in the thread.' });

function stepsFor(turn: ModelTurn): Step[] {
  const words = wordsOf(turn.said);
  // The thread already has the reply that a crash kept the turn from ending with.
  if (turn.resumed && turn.posted.length > 0) return [{ text: 'Answered in the thread.' }];
  if (words === '' || /^\W*(hello|hi|hey)\b/i.test(words))
    return say(turn, `${introduction}\n\n${firstSteps}`);
  if (/^\W*(help|what can you do)\b/i.test(words)) return say(turn, help());
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
  const line = ({ example, does }: Pick<Rule, 'example' | 'does'>) => `- \`${example}\`: ${does}`;
  return [
    ...chapters.flatMap((chapter) => [`**${chapter.title}**`, ...chapter.rules.map(line), '']),
    '**In the title of a task, or told to its agent later** (`start JWT auth, ask me which database in domain-apis`)',
    ...extras.map(line),
  ].join('\n');
}

/** What a mistyped word was meant to be. */
function hint(words: string): string {
  const [first = ''] = words.toLowerCase().split(/\s/);
  const known = rules.map(({ example }) => ({ example, verb: example.split(' ')[0] ?? '' }));
  const meant = nearest(
    first,
    known.map(({ verb }) => verb).filter((verb) => verb.length > 3),
  );
  const rule = known.find(({ verb }) => verb === meant);
  return rule === undefined || meant === first ? '' : `Did you mean \`${rule.example}\`? `;
}

function echo(turn: ModelTurn, words: string): string {
  const first = earlierUserMessages(turn).length === 0;
  const heard = words.length > 300 ? `${words.slice(0, 300)}…` : words;
  const lines = [
    `You said: “${heard}”`,
    ...filesOf(turn),
    `${hint(words)}A real model would now act on it; \`help\` lists what I can show.`,
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
