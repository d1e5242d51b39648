import type { Step } from '../step.ts';
import { type ModelTurn, readUserMessage } from '../turn.ts';
import { askRules } from './ask-rules.ts';
import { labRules } from './lab-rules.ts';
import type { Rule } from './rule.ts';
import { fakeToken, longAnswer, table } from './samples.ts';
import { earlierUserMessages, plain, say, useTool, wordsOf } from './speak.ts';
import { workRules } from './work-rules.ts';

const chatRules: readonly Rule[] = [
  {
    match: /\b(upload|send|make)\b.*\bfile\b(.*\babout (?<topic>.+))?/i,
    example: 'upload a file about otters',
    does: 'calls `slack_upload`',
    steps: (turn, { topic = 'nothing in particular' }) => {
      const name = `${
        topic
          .toLowerCase()
          .replace(/[^a-z0-9]+/g, '-')
          .replace(/^-|-$/g, '') || 'file'
      }.md`;
      const content = `# About ${topic}\n\nWritten by the stand-in model, which knows nothing about it.\n`;
      return useTool(
        turn,
        'slack_upload',
        { name, content, title: `About ${topic}` },
        `Uploaded \`${name}\`.`,
      );
    },
  },
  {
    match: /\breact\b(.*\bwith :?(?<emoji>[a-z0-9_+-]+))?/i,
    example: 'react with tada',
    does: 'calls `slack_react`',
    steps: (turn, { emoji = 'tada' }) => useTool(turn, 'slack_react', { emoji }, `Reacted with :${emoji}:.`),
  },
  {
    match: /\bshow\b.*\bblocks\b/i,
    example: 'show me blocks',
    does: 'calls `slack_reply_blocks`',
    steps: (turn) => {
      const text = { type: 'mrkdwn', text: '*A section* made by the stand-in' };
      const blocks = [
        { type: 'header', text: { type: 'plain_text', text: 'Blocks' } },
        { type: 'section', text },
      ];
      return useTool(turn, 'slack_reply_blocks', { blocks, text: 'Blocks' }, 'Those were blocks.');
    },
  },
  {
    match: /\btable\b/i,
    example: 'show me a table',
    does: 'a table, a link and code in Markdown',
    steps: (turn) => say(turn, table),
  },
  {
    match: /\blong (answer|text|reply)\b/i,
    example: 'show a long answer with code',
    does: 'more than Slack takes in one message',
    steps: (turn) => say(turn, longAnswer()),
  },
  {
    match: /\b(take (?<seconds>\d+) ?s(ec(ond)?s?)?|work slowly|slowly)\b/i,
    example: 'take 20 seconds',
    does: 'works visibly: try the queue, Stop and the card meanwhile',
    steps: (turn, { seconds = '20' }) => workSlowly(turn, Math.min(Math.max(Number(seconds), 1), 300)),
  },
  {
    match: /\bsay nothing\b/i,
    example: 'say nothing',
    does: 'ends without a reply',
    steps: () => [{}],
  },
  {
    match: /\bstumble\b/i,
    example: 'stumble',
    does: 'is overloaded twice (503), then answers',
    steps: (turn) => {
      const [first = {}, ...rest] = say(turn, 'I stumbled twice, and here I am.');
      return [{ fault: 'status', status: 503, times: 2, next: first }, ...rest];
    },
  },
  {
    match: /\bfail\b/i,
    example: 'fail',
    does: 'a model error that is not retried',
    steps: () => [{ fault: 'status', status: 400, body: modelError }],
  },
  {
    match: /\bwhat did i (say|ask|write)\b/i,
    example: 'what did I say?',
    does: 'what this thread remembers',
    steps: (turn) => say(turn, recall(turn)),
  },
  {
    match: /\bping (everyone|everybody|all|the channel)\b/i,
    example: 'ping everyone',
    does: 'tries to; nobody must be pinged',
    steps: (turn) => say(turn, 'Attention <!channel> <!here> <!everyone> @channel @here <@U_ANNA>: lunch!'),
  },
  {
    match: /\bleak\b|\btoken\b/i,
    example: 'leak a token',
    does: 'prints a made-up bot token, which must arrive masked',
    steps: (turn) => say(turn, `The token is ${fakeToken} and I should not have said so.`),
  },
];

/** As `help` lists them. Adding a tool to the front desk means adding a rule here. */
export const chapters: readonly { readonly title: string; readonly rules: readonly Rule[] }[] = [
  { title: 'Coding agents', rules: workRules },
  { title: 'Labs and tests', rules: labRules },
  { title: 'What waits for you', rules: askRules },
  { title: 'This conversation', rules: chatRules },
];

/** In the order they are tried. */
export const rules: readonly Rule[] = [...askRules, ...labRules, ...workRules, ...chatRules];

function recall(turn: ModelTurn): string {
  const said = earlierUserMessages(turn).map((message) => wordsOf(readUserMessage(message).said));
  if (said.length === 0) return 'This is the first thing you say in this thread.';
  return ['In this thread you said:', ...said.slice(-20).map((text, index) => `${index + 1}. ${text}`)].join(
    '\n',
  );
}

const modelError = JSON.stringify({
  error: {
    message: 'The stand-in model was asked to fail.',
    type: 'invalid_request_error',
    code: 'asked_to_fail',
  },
});

/** In a channel two stretches with a tool call between them, so that the card has something to show. */
function workSlowly(turn: ModelTurn, seconds: number): Step[] {
  const done = `That took ${seconds} seconds.`;
  const chunkDelayMs = 1_000;
  if (turn.dm || !turn.tools.includes('slack_reply')) {
    return [{ chunks: [...ticks(0, seconds), done], chunkDelayMs }];
  }
  const tools = [{ name: 'slack_reply', args: { text: done } }];
  const answered = plain('Answered in the thread.');
  if (!turn.tools.includes('slack_react'))
    return [{ chunks: ticks(0, seconds + 1), chunkDelayMs, tools }, answered];
  const half = Math.ceil(seconds / 2);
  const react = [{ name: 'slack_react', args: { emoji: 'turtle' } }];
  return [
    { chunks: ticks(0, half + 1), chunkDelayMs, tools: react },
    { chunks: ticks(half, seconds + 1), chunkDelayMs, tools },
    answered,
  ];
}

function ticks(from: number, to: number): string[] {
  return Array.from({ length: to - from }, (_, second) => `${from + second}… `);
}
