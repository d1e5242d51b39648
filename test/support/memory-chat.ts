import { type Chat, type ChatMessage, type ThreadRef, threadKey } from '../../mcp-servers/kit/chat.ts';

export interface MemoryPost {
  readonly ref: ThreadRef;
  readonly id: string;
  message: ChatMessage;
  gone: boolean;
}

/** A {@link Chat} that keeps what is posted in `said`, and files as `id name bytes`. For tests. */
export function createMemoryChat(o: {
  said: MemoryPost[];
  files: string[];
  step: <T>(act: () => T | Promise<T>) => Promise<T>;
}): Chat {
  const { said, files, step } = o;
  const place = (ref: ThreadRef, id: string) =>
    said.find((each) => each.id === id && threadKey(each.ref) === threadKey(ref));
  return {
    say: (ref, id, message) =>
      step(() => void (place(ref, id) ?? said.push({ ref, id, message, gone: false }))),
    change: (ref, id, message) =>
      step(() => {
        const found = place(ref, id);
        // As in Slack: what was never said is, and what was withdrawn is there again.
        if (found) Object.assign(found, { message, gone: false });
        else said.push({ ref, id, message, gone: false });
      }),
    withdraw: (ref, id) =>
      step(() => {
        const found = place(ref, id);
        if (found) found.gone = true;
      }),
    attach: (_, id, { name, content }) =>
      step(() => void files.push(`${id} ${name} ${Buffer.from(content).length}`)),
    nameOf: async (person) => person.replace(/^U0/, '').toLowerCase(),
  } satisfies Partial<Chat> as unknown as Chat;
}
