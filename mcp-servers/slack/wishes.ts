import { isSaid, partId, partsSaid } from './outbox/decide.ts';
import type { ThreadOutbox, Wish } from './outbox/entry.ts';
import type { Rendered } from './render.ts';

/** What to wish for, given what is stored. All pure. */

export function wishSay({ parts, file }: Rendered, id: string): Wish[] {
  return [
    ...parts.map((content, index): Wish => ({ op: 'post', id: partId(id, index), content })),
    ...wishFile(id, file),
  ];
}

/** New content for a message that may have had more parts, or fewer. */
export function wishChange(state: ThreadOutbox, { parts, file }: Rendered, id: string): Wish[] {
  return [
    ...parts.map((content, index): Wish => ({ op: 'put', id: partId(id, index), content })),
    ...wishRemoval(state, id, parts.length),
    // A footer added to a long answer must not share its file a second time.
    ...(isSaid(state, fileId(id)) ? [] : wishFile(id, file)),
  ];
}

/** @param whole the markdown of the whole message, to which a stream of exactly its beginning need only be completed */
export function wishFinish(
  { streams }: ThreadOutbox,
  { parts, file }: Rendered,
  id: string,
  whole: string,
): Wish[] {
  const streamed = streams[id] !== undefined;
  return parts.flatMap((content, index): Wish[] => {
    if (index > 0) return [{ op: 'put', id: partId(id, index), content }];
    const footer = content.blocks.slice(1);
    const single = parts.length === 1 && file === undefined && whole !== '';
    const finish: Wish = { op: 'finish', id, content, footer, streamed, parts: parts.length };
    return [single ? { ...finish, whole } : finish, ...wishFile(id, file)];
  });
}

export function wishWithdraw(state: ThreadOutbox, id: string): Wish[] {
  return wishRemoval(state, id, 0);
}

function wishRemoval(state: ThreadOutbox, id: string, from: number): Wish[] {
  const count = Math.max(0, partsSaid(state, id) - from);
  return Array.from({ length: count }, (_, index) => ({ op: 'delete', id: partId(id, from + index) }));
}

function wishFile(id: string, file: string | undefined): Wish[] {
  return file === undefined
    ? []
    : [{ op: 'upload', id: fileId(id), name: 'answer.md', title: 'Whole answer' }];
}

function fileId(id: string): string {
  return `${id}#file`;
}
