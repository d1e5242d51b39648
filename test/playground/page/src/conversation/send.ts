import type { Actions } from '../actions.ts';
import type { SlashCommand } from '../wire.ts';
import { maxUpload, readUpload } from './uploads.ts';

interface Draft {
  readonly channel: string;
  /** Root of the thread that is written to. */
  readonly thread: string | undefined;
  readonly text: string;
  readonly files: readonly File[];
  readonly commands: readonly SlashCommand[];
}

/** Sends what was typed, as a command where it is one. @returns whether the composer may be emptied */
export async function sendDraft({ act, toast }: Actions, draft: Draft): Promise<boolean> {
  const { channel, thread, text, files, commands } = draft;
  const command = files.length === 0 ? /^(\/[\w-]+)\s*([\s\S]*)$/.exec(text.trim()) : null;
  if (command) {
    const [, name = '', rest = ''] = command;
    if (!commands.some((one) => one.command === name)) {
      toast(`${name} is not a valid command.`);
      return false;
    }
    if (thread !== undefined) {
      // As Slack says it; the same verbs work as a mention.
      toast(`${name} is not supported in threads. Sorry! Mention the app with the same words instead.`);
      return false;
    }
    const result = await act({ do: 'slash', command: name, text: rest, channel });
    return result?.acked === true;
  }
  const large = files.find(({ size }) => size > maxUpload);
  if (large) {
    toast(`${large.name} is too large for the playground (50 MB).`);
    return false;
  }
  try {
    const uploads = await Promise.all(files.map(readUpload));
    const result = await act({
      do: 'post',
      channel,
      text,
      ...(thread === undefined ? {} : { threadTs: thread }),
      ...(uploads.length === 0 ? {} : { files: uploads }),
    });
    return result !== undefined;
  } catch (error) {
    toast((error as Error).message);
    return false;
  }
}
