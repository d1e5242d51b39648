/** What people say in the chaos tests, and what the model answers: every message has marks of its own. */
import type { AnswerStep, Brain, Step } from '../model/step.ts';
import type { ModelTurn } from '../model/turn.ts';

/** How the agent goes about a message. */
export type Kind =
  /** One reply; repeats it word for word when the turn is taken up again. */
  | 'reply'
  /** The same, but no two attempts use the same words; says nothing more once it was posted. */
  | 'reword'
  /** One reply of several messages. */
  | 'long'
  | 'file'
  /** An interim word, then the answer. */
  | 'two'
  /** Uses no tool: it writes, slowly. */
  | 'text'
  /** Writes before it replies; cut off, it goes straight to the reply. In a DM what it wrote must not be left hanging. */
  | 'mixed'
  /** Ends without a word. */
  | 'silent'
  /** Replies when its gate is opened. */
  | 'hold';

/** The name of a file the agent uploads for a message. */
export const fileOf = (id: string) => `${id}.log`;

/** The marks that must each be seen exactly once when the message is answered. */
export function marksOf(id: string, kind: Kind): string[] {
  const count = { reply: 1, reword: 1, long: 30, file: 1, two: 2, text: 8, silent: 0, hold: 1, mixed: 1 }[
    kind
  ];
  return Array.from({ length: count }, (_, index) => `A-${id}.${index + 1}.`);
}

export function wordsOf(id: string, kind: Kind): string {
  return `please do ${id} by ${kind}`;
}

/** @returns a model that answers what {@link wordsOf} asks for */
export function createAgent(): Brain {
  let wordings = 0;
  return (turn) => {
    const [, id = '', kind = ''] = /please do (\w+) by (\w+)/.exec(turn.said) ?? [];
    if (id === '') return undefined;
    return stepsFor(turn, id, kind as Kind, () => ++wordings)[turn.step] ?? {};
  };
}

function stepsFor(turn: ModelTurn, id: string, kind: Kind, fresh: () => number): Step[] {
  const marks = marksOf(id, kind);
  const [first = '', second = ''] = marks;
  const isPosted = (mark: string) => turn.posted.some((text) => text.includes(mark));
  switch (kind) {
    case 'reply':
      return [reply(`${first} is the answer`), { text: 'Done.' }];
    case 'reword':
      return isPosted(first) ? [] : [reply(`${first} in wording ${fresh()}`)];
    case 'long':
      return [reply(marks.map((mark) => `${mark} ${'word '.repeat(150)}`).join('\n\n')), { text: 'Done.' }];
    case 'file': {
      const args = { name: fileOf(id), content: `content of ${id}` };
      return [{ tools: [{ name: 'slack_upload', args }] }, reply(`${first} has a file`)];
    }
    case 'two':
      return [
        ...(isPosted(first) ? [] : [reply(`${first} in a moment, ${fresh()}`)]),
        ...(isPosted(second) ? [] : [reply(`${second} is the answer, ${fresh()}`)]),
      ];
    case 'text':
      return [{ chunks: marks.map((mark) => `${mark} and on `), chunkDelayMs: 120 }];
    case 'mixed': {
      const tools = reply(`${first} is the answer`).tools ?? [];
      const chunks = Array.from({ length: 8 }, () => 'let me see ');
      return [turn.resumed ? { tools } : { chunks, chunkDelayMs: 150, tools }];
    }
    case 'silent':
      return [];
    case 'hold':
      return [{ gate: id, next: reply(`${first} after all`) }];
  }
}

function reply(text: string): AnswerStep {
  return { tools: [{ name: 'slack_reply', args: { text } }] };
}
