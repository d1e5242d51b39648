import { randomUUID } from 'node:crypto';
import { link, readdir, rename, stat, unlink, utimes, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { describeError, FrontdeskError } from '../errors.ts';
import type { Log } from '../log.ts';
import { readIfThere } from './document-file.ts';
import { decideHolder, type Holder } from './lock-holder.ts';
import { readBootId, readProcessStart } from './process-start.ts';

const defaultHeartbeatMs = 5_000;
const temporaryPrefix = 'lock-new.';
/** A temporary file this old belongs to nobody that still runs. */
const temporaryMs = 60_000;

export interface Lock extends AsyncDisposable {
  /** @throws FrontdeskError('state_locked') when another process has taken over, or after release. */
  readonly assertHeld: () => void;
}

const holderSchema = z.object({
  pid: z.int(),
  host: z.string(),
  boot: z.string(),
  start: z.string(),
  released: z.boolean(),
});

/**
 * Makes this process the only writer of a folder.
 *
 * The lock is the file `lock.<n>` with the highest n. Who finds its holder gone creates n + 1 exclusively (a hard
 * link, so that the file appears with its content) and then removes the older ones. The highest is never removed,
 * also not on release: so when two start at once, one gets n + 1, and a late one whose n is no longer the highest
 * sees that and steps back.
 *
 * proper-lockfile was considered: unmaintained since 2021, and after a kill -9 it waits until the lock is stale.
 * @throws FrontdeskError('state_locked') naming pid and host of the holder
 */
export async function openLock({
  dir,
  log,
  heartbeatMs = defaultHeartbeatMs,
}: {
  dir: string;
  log: Log;
  heartbeatMs?: number;
}): Promise<Lock> {
  const self: Holder = {
    pid: process.pid,
    host: os.hostname(),
    boot: await readBootId(),
    start: (await readProcessStart(process.pid)) ?? '',
    released: false,
  };
  const own = await take(dir, self);
  await removeTemporaries(dir);
  let held = true;
  log.debug({ event: 'store.lock.taken', file: own });

  const beat = async (): Promise<void> => {
    try {
      if ((await findHighest(dir)).file !== own) {
        held = false;
        log.error({ event: 'store.lock.lost', file: own });
        return;
      }
      const now = new Date();
      await utimes(path.join(dir, own), now, now);
    } catch (error) {
      log.warn({ event: 'store.lock.unrefreshed', file: own, reason: describeError(error) });
    }
  };
  const timer = setInterval(() => void beat(), heartbeatMs).unref();

  return {
    assertHeld: () => {
      if (!held) throw new FrontdeskError('state_locked', 'This one no longer holds the lock.');
    },
    [Symbol.asyncDispose]: async () => {
      clearInterval(timer);
      if (!held) return;
      held = false;
      await replaceFile(dir, own, { ...self, released: true });
    },
  };
}

/** @returns the name of the lock file that is now ours */
async function take(dir: string, self: Holder): Promise<string> {
  for (;;) {
    const highest = await findHighest(dir);
    if (highest.file !== null) {
      const decision = decideHolder(await readHolder(dir, highest.file), self);
      if (decision.taken) throw new FrontdeskError('state_locked', `${dir}: ${decision.reason}.`);
    }
    const own = await claim(dir, highest.number + 1, self);
    if (own !== null) return own;
  }
}

/** @returns the name of the lock file with that number, now ours; null when somebody was quicker */
export async function claim(dir: string, number: number, self: Holder): Promise<string | null> {
  const own = `lock.${number}`;
  if (!(await createFile(dir, own, self))) return null;
  const highest = await findHighest(dir);
  const isOurs = highest.file === own;
  for (const file of isOurs ? highest.others : [own]) await unlink(path.join(dir, file)).catch(() => {});
  return isOurs ? own : null;
}

async function findHighest(dir: string): Promise<{ file: string | null; number: number; others: string[] }> {
  const files = (await readdir(dir)).filter((name) => /^lock\.\d+$/.test(name));
  const numbers = files.map((name) => Number(name.slice('lock.'.length)));
  const number = Math.max(0, ...numbers);
  const file = number === 0 ? null : `lock.${number}`;
  return { file, number, others: files.filter((name) => name !== file) };
}

async function readHolder(dir: string, file: string) {
  const location = path.join(dir, file);
  const text = await readIfThere(location);
  const modified = await stat(location).catch(() => null);
  // Gone between listing and reading: somebody newer holds it; the next round sees who.
  if (text === null || modified === null) return { holder: null, ageMs: Infinity, runningStart: null };
  const parsed = z.string().transform(parseJson).pipe(holderSchema).safeParse(text);
  const holder = parsed.success ? parsed.data : null;
  const runningStart = holder ? await readProcessStart(holder.pid) : null;
  return { holder, ageMs: Date.now() - modified.mtimeMs, runningStart };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** @returns false when the file exists already */
async function createFile(dir: string, name: string, holder: Holder): Promise<boolean> {
  const temporary = path.join(dir, `${temporaryPrefix}${randomUUID()}`);
  await writeFile(temporary, JSON.stringify(holder), { mode: 0o600 });
  try {
    await link(temporary, path.join(dir, name));
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    await unlink(temporary).catch(() => {});
  }
}

async function replaceFile(dir: string, name: string, holder: Holder): Promise<void> {
  const temporary = path.join(dir, `${temporaryPrefix}${randomUUID()}`);
  await writeFile(temporary, JSON.stringify(holder), { mode: 0o600 });
  await rename(temporary, path.join(dir, name));
}

async function removeTemporaries(dir: string): Promise<void> {
  for (const name of await readdir(dir)) {
    if (!name.startsWith(temporaryPrefix)) continue;
    const modified = await stat(path.join(dir, name)).catch(() => null);
    if (modified && Date.now() - modified.mtimeMs > temporaryMs)
      await unlink(path.join(dir, name)).catch(() => {});
  }
}
