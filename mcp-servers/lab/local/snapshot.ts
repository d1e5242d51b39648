/** A copy of a worktree as it is now: what git tracks and what it does not ignore, committed or not. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  constants,
  linkSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { copyFile, open, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setImmediate as yieldOnce } from 'node:timers/promises';
import { promisify } from 'node:util';
import { z } from 'zod';
import { LabFailure } from '../../kit/lab.ts';

const fileSchema = z.object({
  hash: z.string(),
  /** Of the original: unchanged ones are not read again. */
  stamp: z.string(),
  /** Of the copy: what an app has changed in its own folder is not used again. */
  copied: z.string(),
});
const manifestSchema = z.object({ takenAt: z.number(), files: z.record(z.string(), fileSchema) });
type Manifest = z.infer<typeof manifestSchema>;

export interface Snapshot {
  /** Of all content. */
  readonly digest: string;
  /** Hash by path. */
  readonly hashes: ReadonlyMap<string, string>;
  readonly files: number;
  /** Files that had to be copied. */
  readonly copied: number;
  /** What was left out, in words. */
  readonly notes: readonly string[];
}

/** More is not code. */
const mostBytes = 2 * 1024 ** 3;
const mostFiles = 200_000;
/** Small files are copied without a trip to the thread pool for each call: many times as quick. Others wait no longer than this. */
const sliceMs = 8;
const largeBytes = 1024 * 1024;
/** What changed within this before a snapshot may change again without a new time. */
const racyMs = 50;

/**
 * @param o.to an empty folder; `o.manifest` a file that describes it afterwards
 * @param o.before the folder and manifest of an earlier one: its unchanged files are linked to
 * @throws LabFailure config (no worktree), quota (too large, disk full); the signal's reason
 */
export async function takeSnapshot(o: {
  readonly from: string;
  readonly to: string;
  readonly manifest: string;
  readonly before: { readonly folder: string; readonly manifest: string } | null;
  /** Of git. */
  readonly env: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}): Promise<Snapshot> {
  const names = await listFiles(o.from, o.env, o.signal);
  if (names.length > mostFiles) throw tooLarge(`${names.length} files`);
  const before = o.before && (await readManifest(o.before.manifest));
  const takenAt = Date.now();
  const copier = createCopier({ ...o, known: before?.files ?? {}, takenAt: before?.takenAt ?? 0 });
  try {
    let slice = performance.now();
    for (const name of names) {
      const large = copier.copy(name);
      if (large !== undefined) await large;
      if (performance.now() - slice < sliceMs) continue;
      await yieldOnce();
      o.signal.throwIfAborted();
      slice = performance.now();
    }
    const manifest: Manifest = { takenAt, files: Object.fromEntries(copier.files) };
    await writeFile(o.manifest, JSON.stringify(manifest), { mode: 0o600 });
  } catch (error) {
    throw explain(error);
  }
  return { ...copier.result(), files: names.length };
}

function createCopier(o: {
  readonly from: string;
  readonly to: string;
  readonly before: { readonly folder: string } | null;
  readonly known: Manifest['files'];
  readonly takenAt: number;
}) {
  const files = new Map<string, z.infer<typeof fileSchema>>();
  const hashes = new Map<string, string>();
  const folders = new Set<string>();
  const notes: string[] = [];
  let copied = 0;
  let bytes = 0;

  const root = realpathSync(o.from);
  const places = new Map<string, boolean>();

  /** Git lists what it tracks in a folder also where a link has taken its place. The link is copied, or told, by itself. */
  const isFolder = (folder: string): boolean => {
    const known = places.get(folder);
    if (known !== undefined) return known;
    const is = realpathSync(path.join(o.from, folder)) === path.join(root, folder);
    places.set(folder, is);
    return is;
  };

  const copyLink = (name: string, source: string, target: string): void => {
    const to = readlinkSync(source);
    const leads = path.relative(o.from, path.resolve(path.dirname(source), to));
    if (path.isAbsolute(to) || leads.startsWith('..')) {
      notes.push(`${name} was left out: it links to a place outside of the repository.`);
      return;
    }
    symlinkSync(to, target);
    hashes.set(name, `link:${to}`);
  };

  const reuse = (name: string, stamp: string, mtimeMs: number, target: string): boolean => {
    const known = o.known[name];
    if (o.before === null || known?.stamp !== stamp || mtimeMs > o.takenAt - racyMs) return false;
    const old = path.join(o.before.folder, name);
    const found = lstatSync(old, { bigint: true, throwIfNoEntry: false });
    if (found === undefined || !found.isFile() || copyStamp(found) !== known.copied) return false;
    try {
      linkSync(old, target);
    } catch {
      return false;
    }
    note(name, known);
    return true;
  };

  const note = (name: string, file: z.infer<typeof fileSchema>): void => {
    files.set(name, file);
    hashes.set(name, file.hash);
  };

  return {
    files,
    /** @returns a promise for a large file only */
    copy(name: string): Promise<void> | undefined {
      const [source, target] = [path.join(o.from, name), path.join(o.to, name)];
      const found = lstatSync(source, { bigint: true, throwIfNoEntry: false });
      // Deleted and not committed.
      if (found === undefined || !isFolder(path.dirname(name))) return undefined;
      if (found.isDirectory()) {
        notes.push(`${name} was left out: it is a repository of its own.`);
        return undefined;
      }
      const folder = path.dirname(target);
      if (!folders.has(folder)) mkdirSync(folder, { recursive: true, mode: 0o700 });
      folders.add(folder);
      if (found.isSymbolicLink()) copyLink(name, source, target);
      if (!found.isFile()) return undefined;
      bytes += Number(found.size);
      if (bytes > mostBytes) throw tooLarge(`more than ${mostBytes / 1024 ** 3} GiB`);
      const stamp = `${found.mode}:${found.size}:${found.mtimeNs}:${found.ctimeNs}:${found.ino}`;
      if (reuse(name, stamp, Number(found.mtimeMs), target)) return undefined;
      copied += 1;
      const kind = found.mode & 0o111n ? 'x' : '-';
      const noteCopy = (hash: string) =>
        note(name, {
          hash: `${kind}${hash}`,
          stamp,
          copied: copyStamp(lstatSync(target, { bigint: true })),
        });
      if (found.size > largeBytes) return (async () => noteCopy(await copyLarge(source, target)))();
      const content = readFileSync(source);
      writeFileSync(target, content, { mode: Number(found.mode & 0o777n), flag: 'wx' });
      noteCopy(createHash('sha256').update(content).digest('hex'));
      return undefined;
    },
    result() {
      const digest = createHash('sha256');
      for (const name of [...hashes.keys()].sort()) digest.update(`${name}\0${hashes.get(name)}\0`);
      return { digest: digest.digest('hex'), hashes, copied, notes };
    },
  };
}

function copyStamp({ size, mtimeNs }: { size: bigint; mtimeNs: bigint }): string {
  return `${size}:${mtimeNs}`;
}

/** @returns its hash */
async function copyLarge(source: string, target: string): Promise<string> {
  await copyFile(source, target, constants.COPYFILE_FICLONE | constants.COPYFILE_EXCL);
  const hash = createHash('sha256');
  await using handle = await open(target, 'r');
  const buffer = Buffer.allocUnsafe(256 * 1024);
  for (;;) {
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, null);
    if (bytesRead === 0) return hash.digest('hex');
    hash.update(buffer.subarray(0, bytesRead));
  }
}

async function readManifest(file: string): Promise<Manifest | null> {
  try {
    return manifestSchema.safeParse(JSON.parse(await readFile(file, 'utf8'))).data ?? null;
  } catch {
    return null;
  }
}

async function listFiles(
  folder: string,
  env: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<string[]> {
  // A repository's own settings may name a program to run.
  const args = ['-c', 'core.fsmonitor=false', 'ls-files', '-z', '--cached', '--others', '--exclude-standard'];
  const options = { cwd: folder, env, signal, maxBuffer: 256 * 1024 * 1024, encoding: 'utf8' } as const;
  try {
    const { stdout } = await promisify(execFile)('git', args, options);
    // A conflict lists a file once for each of its versions.
    return [...new Set(stdout.split('\0').filter((name) => name !== ''))];
  } catch (error) {
    signal.throwIfAborted();
    const said = (error as { stderr?: string }).stderr?.trim().split('\n').at(-1) ?? '';
    throw new LabFailure({
      kind: 'config',
      text: `The worktree could not be read${said === '' ? '' : ` (${said})`}.`,
      fix: 'Look at the workspace; clean it up and create it again if it is damaged.',
    });
  }
}

function tooLarge(what: string): LabFailure {
  return new LabFailure({
    kind: 'quota',
    text: `The repository is too large to be copied: ${what} that git does not ignore.`,
    fix: 'Add what is not code to .gitignore and deploy again.',
  });
}

function explain(error: unknown): unknown {
  const { code } = error as NodeJS.ErrnoException;
  if (code !== 'ENOSPC' && code !== 'EDQUOT') return error;
  return new LabFailure({
    kind: 'quota',
    text: 'The disk is full.',
    fix: 'Free some space (clean up labs that are not needed) and deploy again.',
  });
}
