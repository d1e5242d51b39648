/**
 * What people see, as a file: another server reads it and goes on. Not in it: what a real Slack forgets, too (forms, what
 * only one person saw), what an app draws anew (App Home, statuses), and events that nobody took.
 */
import { existsSync, readFileSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import { z } from 'zod';
import type { StoredFile, StoredMessage, StreamState } from './model.ts';
import { directMessage, directMessageId, type World } from './world.ts';

type KeptMessage = Omit<StoredMessage, 'files' | 'stream'> & {
  readonly files: readonly string[];
  readonly stream?: Omit<StreamState, 'cancelTimer'> | undefined;
};
type KeptFile = Omit<StoredFile, 'content' | 'channels'> & {
  readonly content: string;
  readonly channels: readonly string[];
};

/** We wrote it: that it is whole is looked at, not each block. */
const keptSchema = z.object({
  version: z.literal(1),
  counters: z.array(z.tuple([z.string(), z.number()])),
  direct: z.array(z.string()),
  titles: z.array(z.tuple([z.string(), z.string()])),
  files: z.array(
    z.custom<KeptFile>((file) => z.object({ id: z.string(), content: z.string() }).safeParse(file).success),
  ),
  messages: z.array(
    z.custom<KeptMessage>(
      (message) => z.object({ channel: z.string(), ts: z.string() }).safeParse(message).success,
    ),
  ),
});

/** Writes it beside and moves it there, so that it is the old one or the new one. */
export async function keepWorld(world: World, path: string): Promise<void> {
  const kept: z.input<typeof keptSchema> = {
    version: 1,
    counters: [...world.counters],
    direct: [...world.channels.values()].filter(({ kind }) => kind === 'im').map(({ id }) => id),
    titles: [...world.titles],
    files: [...world.files.values()].map((file) => ({
      ...file,
      content: file.content.toString('base64'),
      channels: [...file.channels],
    })),
    messages: [...world.messages.all()]
      .filter(({ ephemeralTo }) => ephemeralTo === undefined)
      .map(({ files, stream, ...message }) => ({
        ...message,
        files: files.map(({ id }) => id),
        stream: stream && { ...stream, state: stream.state === 'open' ? 'closed' : stream.state },
      })),
  };
  await writeFile(`${path}.new`, JSON.stringify(kept), { mode: 0o600 });
  await rename(`${path}.new`, path);
}

/** Where there is none yet, nothing. @throws with words when it cannot be read */
export function recallWorld(world: World, path: string): void {
  if (!existsSync(path)) return;
  let kept: z.output<typeof keptSchema>;
  try {
    kept = keptSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    throw new Error(`${path} is not what an earlier run has kept there; move it away to begin anew.`);
  }
  for (const [prefix, count] of kept.counters) world.counters.set(prefix, count);
  for (const [thread, title] of kept.titles) world.titles.set(thread, title);
  const people = [...world.users.values()].filter(({ isBot }) => !isBot);
  for (const { id } of people) if (kept.direct.includes(directMessageId(id))) directMessage(world, id);
  for (const file of kept.files)
    world.files.set(file.id, {
      ...file,
      content: Buffer.from(file.content, 'base64'),
      channels: new Set(file.channels),
    });
  const inOrder = kept.messages.toSorted((a, b) => (a.ts < b.ts ? -1 : 1));
  for (const { files, stream, ...message } of inOrder)
    world.messages.add({
      ...message,
      files: files.flatMap((id) => world.files.get(id) ?? []),
      stream: stream && { ...stream, cancelTimer: () => {} },
    });
}
