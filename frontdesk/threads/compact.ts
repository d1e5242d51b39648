import type { Tidy } from '../../mcp-servers/kit/store/collection.ts';
import type { ThreadRecord } from './record.ts';

/** What a catch-up reads once more of a thread that was silent for so long is the last minute of it. */
const keptIds = 40;

/** Of what was taken: ids of events have letters before them. */
export function isMessageId(id: string): boolean {
  return /^\d/.test(id);
}

/**
 * A thread that was silent for long keeps its session, so that whoever writes in it again goes on there (AG-1), and nothing of
 * the messages: what was taken long ago is neither delivered again nor corrected. From some 50 kB to one.
 */
export const compactThread: Tidy<ThreadRecord> = (record, _, { before }) => {
  const { seen, delivered, turn, queue, owed = [], activeAt } = record;
  if (activeAt >= before || turn !== null || queue.length > 0 || owed.length > 0) return record;
  const messages = seen.filter(isMessageId);
  const kept = messages.slice(-keptIds);
  if (kept.length === seen.length && delivered.length === 0) return record;
  return {
    ...record,
    seen: kept,
    delivered: [],
    ...(kept.length < messages.length ? { seenCut: true } : {}),
  };
};
