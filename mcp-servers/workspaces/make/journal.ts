import { readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { createDocumentFile, makeFolder, readIfThere } from '../../kit/store/document-file.ts';
import { readProcessStart } from '../../kit/store/process-start.ts';

const journalSchema = z.object({
  workspace: z.string(),
  /** Of the making; also the mark of its processes. */
  id: z.string(),
  /** Who makes it: a process that still lives is left to it. */
  pid: z.number(),
  start: z.string(),
  /** Folders that are removed when it fails, absolute. */
  folders: z.array(z.string()),
  repositories: z.array(
    z.object({
      name: z.string(),
      /** The repository worktrees are added to. */
      folder: z.string(),
      /** Branches it had before. */
      branches: z.array(z.string()),
    }),
  ),
});
/** What is being made and must not stay when it is not finished. Written before anything else is. */
export type Journal = z.infer<typeof journalSchema>;

const prefix = '.making-';
const fileOf = (builders: string, workspace: string) => path.join(builders, `${prefix}${workspace}.json`);

export async function writeJournal(builders: string, journal: Journal): Promise<void> {
  await makeFolder(builders);
  await createDocumentFile(fileOf(builders, journal.workspace), builders).write(JSON.stringify(journal));
}

export async function removeJournal(builders: string, workspace: string): Promise<void> {
  await rm(fileOf(builders, workspace), { force: true });
}

/** Journals of makings whose process is gone. One that cannot be read was never followed by any work: it is removed. */
export async function readLeftJournals(builders: string): Promise<Journal[]> {
  const names = (await readdir(builders).catch(() => [])).filter((name) => name.startsWith(prefix));
  const journals = await Promise.all(
    names.map(async (name): Promise<Journal | null> => {
      const file = path.join(builders, name);
      const parsed = parse((await readIfThere(file)) ?? '');
      if (parsed === null) {
        await rm(file, { force: true });
        return null;
      }
      const running = await readProcessStart(parsed.pid);
      const alive = running !== null && running === parsed.start && parsed.pid !== process.pid;
      return alive ? null : parsed;
    }),
  );
  return journals.filter((journal) => journal !== null);
}

function parse(text: string): Journal | null {
  try {
    return journalSchema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

/** Nothing outside is ever removed, whatever a journal says. */
export function isBelow(builders: string, folder: string): boolean {
  const relative = path.relative(builders, folder);
  return (
    relative !== '' &&
    !relative.startsWith('..') &&
    !path.isAbsolute(relative) &&
    !relative.includes(path.sep)
  );
}
