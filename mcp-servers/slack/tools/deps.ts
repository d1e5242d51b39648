import { z } from 'zod';
import type { Question } from '../../kit/asks.ts';
import type { ChatFile, ChatMessage } from '../../kit/chat.ts';
import type { ToolCall } from '../../kit/tool.ts';

/** What became of a post. `note` tells the model why nothing was posted, or what else to know. */
export interface Posted {
  readonly posted: boolean;
  readonly note?: string;
}

/**
 * What the tools need of the service. It knows the running turn: it names the posts, drops what a resumed turn
 * repeats, and refuses after a stop.
 */
export interface SlackToolDeps {
  /** @throws FrontdeskError which the model reads */
  say(call: ToolCall, message: ChatMessage): Promise<Posted>;
  /** @throws FrontdeskError which the model reads */
  attach(call: ToolCall, file: ChatFile): Promise<Posted>;
  /** Asks in the thread; the answer comes as a message of the person who gives it. */
  ask(call: ToolCall, question: Question): Promise<Posted>;
  /** Reacts to the person's message of this turn. `emoji` without colons. */
  mark(call: ToolCall, emoji: string): Promise<void>;
}

export const postedSchema = z.object({
  posted: z.boolean().describe('False when nothing new was posted; see note.'),
  note: z.string().optional(),
});

/** @param done what the model reads when it worked */
export function describePosted(done: string) {
  return ({ posted, note }: z.infer<typeof postedSchema>): string =>
    [posted ? done : '', note ?? ''].join(' ').trim();
}
