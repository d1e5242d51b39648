import { type ModelMessage, textOf } from '../protocol.ts';
import type { Brain, Step } from '../step.ts';
import { type ModelTurn, readUserMessage } from '../turn.ts';
import { type Rule, rules } from './rules.ts';
import { earlierUserMessages, say, wordsOf } from './speak.ts';

const introduction =
  'I am the stand-in model: a handful of rules, not an AI. I am here so that you can try the front desk ' +
  'without a key; `FRONTDESK_MODEL=anthropic/…` puts a real model in my place.';

/** What the service says to go on with a turn that a crash cut off is not the person's wish; theirs came before. */
const resumption = /^\W*(please )?(continue|go on|carry on|resume)\b/i;

/** Answers from {@link rules}; stateless, works with whatever tools are offered. */
export const standIn: Brain = (turn) => stepsFor(turn)[turn.step] ?? { text: 'Answered in the thread.' };

function stepsFor(turn: ModelTurn): Step[] {
  const words = wordsOf(turn.said);
  if (resumption.test(words)) return resume(turn);
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
  return ['Say one of these:', ...lines, '- `what did I say?`: what this thread remembers'].join('\n');
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
  const remarks = turn.attachments.filter((text) => text.startsWith('ERROR: '));
  return [...(names.length > 0 ? [`Files that came with it: ${names.join(', ')}`] : []), ...remarks];
}

function recall(turn: ModelTurn): string {
  const said = earlierUserMessages(turn).map((message) => wordsOf(readUserMessage(message).said));
  if (said.length === 0) return 'This is the first thing you say in this thread.';
  return ['In this thread you said:', ...said.slice(-20).map((text, index) => `${index + 1}. ${text}`)].join(
    '\n',
  );
}

/** Does what was asked before the interruption, unless its reply was already made. */
function resume(turn: ModelTurn): Step[] {
  const { history } = turn;
  const current = history.findLastIndex((message) => message.role === 'user');
  const asked = history.findLastIndex((message, index) => {
    return index < current && message.role === 'user' && !resumption.test(readUserMessage(message).said);
  });
  const message = history[asked];
  if (!message) return say(turn, 'There is nothing to go on with.');
  if (turn.step === 0 && replied(history.slice(asked + 1, current)))
    return [{ text: 'Answered in the thread.' }];
  const { header, said } = readUserMessage(message);
  return stepsFor({ ...turn, header: { ...header, ...turn.header }, said });
}

/** A reply counts when its tool answered; OpenCode reports one that a crash cut off as interrupted. */
function replied(messages: readonly ModelMessage[]): boolean {
  const called = messages.some((message) =>
    message.tool_calls?.some((call) => call.function.name === 'slack_reply'),
  );
  return (
    called && !messages.some((message) => message.role === 'tool' && /interrupted/i.test(textOf(message)))
  );
}
