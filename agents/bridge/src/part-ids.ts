/** Ids of the parts of prompts: by them the service's own are known from those a person typed. */
import { createHash } from 'node:crypto';

/** Derived from the sender's id, so that a message sent twice is recognised also after a restart. */
export function partIdOf(messageId: string): string {
  return `prt_${createHash('sha256').update(messageId).digest('hex').slice(0, 26)}`;
}

/** OpenCode's own ids end in 14 letters and digits of any kind: one in 10⁸ looks like ours. */
export function isOfService(partId: string): boolean {
  return /^prt_[0-9a-f]{26}$/.test(partId);
}
