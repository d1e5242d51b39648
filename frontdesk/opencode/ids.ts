import { randomInt } from 'node:crypto';

const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** Where OpenCode's ids have four random characters, ours carry this: it tells our prompts from its own messages. */
const mark = 'Desk';

const promptIdShape = /^msg_[0-9a-f]{12}Desk[0-9A-Za-z]{10}$/;

/**
 * Prompt ids in OpenCode's own shape: `msg_`, 48 bits of time × 4096 + counter in hex, 14 characters.
 * OpenCode orders messages by creation time and, within a millisecond, by id; so ids must ascend.
 */
export function createPromptIds(now: () => number = Date.now): () => string {
  let last = 0;
  let counter = 0;
  return () => {
    // A clock that steps back must not make ids descend.
    const ms = Math.max(now(), last);
    counter = ms === last ? counter + 1 : 1;
    last = ms;
    const time = (BigInt(ms) * 0x1000n + BigInt(counter)) & 0xffff_ffff_ffffn;
    const tail = Array.from({ length: 10 }, () => digits[randomInt(digits.length)]).join('');
    return `msg_${time.toString(16).padStart(12, '0')}${mark}${tail}`;
  };
}

/** True for an id made by {@link createPromptIds}; OpenCode's own user messages (compaction) have others. */
export function isPromptId(id: string): boolean {
  return promptIdShape.test(id);
}

/**
 * The id of a prompt's nth part. Derived, so that a prompt sent twice stores its parts once: OpenCode
 * doubles the text of a repeated message whose parts come without ids (notes/opencode.md §4).
 */
export function partIdOf(promptId: string, index: number): string {
  return `prt_${promptId.slice(4, 16)}${String(index).padStart(4, '0')}${promptId.slice(20)}`;
}
