/** The room's door to other programs: git and task. */
import { randomUUID } from 'node:crypto';
import { statfs } from 'node:fs/promises';
import { execa } from 'execa';
import { FrontdeskError } from '../../kit/errors.ts';
import { endMarked, runVariable } from '../../kit/marked-processes.ts';

export interface RunOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
  readonly timeoutMs?: number;
  readonly input?: string;
  /** Characters of output kept; more ends the program, with `cut`. */
  readonly maxOutput?: number;
  /** Each line of output and errors, as it comes. */
  readonly onLine?: (line: string) => void;
}

export interface RunResult {
  readonly ok: boolean;
  /** -1 when it did not end by itself. */
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  /** There was more output than asked for. */
  readonly cut: boolean;
  readonly timedOut: boolean;
  /** There is no such program. */
  readonly missing: boolean;
}

/** Runs a program with exactly this environment. Never throws for what the program does; aborted, throws the reason. */
export type Run = (program: string, args: readonly string[], options: RunOptions) => Promise<RunResult>;

/** What git and task may know of the service's environment: no token of ours is in it. */
const passedOn =
  /^(PATH|HOME|USER|LOGNAME|SHELL|TMPDIR|LANG|XDG_[A-Z_]+|SSH_AUTH_SOCK|GIT_SSH|GIT_SSH_COMMAND|GIT_CONFIG_GLOBAL|(HTTPS?|NO|ALL)_PROXY|(https?|no|all)_proxy|SSL_CERT_(FILE|DIR)|GIT_SSL_CAINFO|GO(PATH|CACHE|PROXY|FLAGS|ROOT)|npm_config_registry|SystemRoot|PATHEXT|USERPROFILE)$/;

/** Ten minutes: a clone of a large repository over a slow line. */
const defaultTimeoutMs = 600_000;
/** From asking a program to end until ending it and all that it started. */
const graceMs = 1000;
const defaultMaxOutput = 64 * 1024 * 1024;

/** A shell is first: the first process of an enclosure gets no signal that it does not handle. */
const inShell = ['/bin/sh', '-c', '"$@"; exit $?', 'sh'];

/**
 * @param enclosure put before them, e.g. `unshare … --`: what the configuration of a repository starts (filters, helpers, ssh)
 *   and what a Taskfile does, and agents can write both, sees no process of the service and nothing of its environment. What it
 *   leaves running ends with it
 */
export function createRun(
  environment: Readonly<Record<string, string | undefined>>,
  enclosure: readonly string[] = [],
): Run {
  const inherited = Object.fromEntries(Object.entries(environment).filter(([name]) => passedOn.test(name)));
  const base = {
    GIT_SSH_COMMAND: 'ssh -oBatchMode=yes',
    ...inherited,
    // Nobody is there to answer, and we read git's words.
    GIT_TERMINAL_PROMPT: '0',
    GIT_EDITOR: 'true',
    LC_ALL: 'C.UTF-8',
    LANGUAGE: 'C',
  };
  return async (program, args, options) => {
    options.signal?.throwIfAborted();
    const isEnclosed = enclosure.length > 0;
    const [first = program, ...rest] = [...(isEnclosed ? [...enclosure, ...inShell] : []), program, ...args];
    const mark = randomUUID();
    const ender = new AbortController();
    let timedOut = false;
    // What it started itself would keep its output open, and us waiting.
    ender.signal.addEventListener('abort', () => {
      setTimeout(() => void endMarked(runVariable, mark), graceMs);
    });
    const onAbort = () => ender.abort();
    options.signal?.addEventListener('abort', onAbort);
    const timer = setTimeout(() => {
      timedOut = true;
      ender.abort();
    }, options.timeoutMs ?? defaultTimeoutMs);
    const child = execa(first, rest, {
      cwd: options.cwd,
      env: { ...base, ...options.env, [runVariable]: mark },
      extendEnv: false,
      reject: false,
      stripFinalNewline: false,
      all: options.onLine !== undefined,
      maxBuffer: options.maxOutput ?? defaultMaxOutput,
      forceKillAfterDelay: graceMs,
      ...(options.input === undefined ? { stdin: 'ignore' } : { input: options.input }),
      cancelSignal: ender.signal,
      // A group of its own, in which it is asked to end; what is around it is deaf to that.
      detached: isEnclosed,
    });
    if (isEnclosed) ender.signal.addEventListener('abort', () => askGroup(child.pid));
    const { onLine } = options;
    const lines =
      onLine &&
      (async () => {
        for await (const line of child.iterable({ from: 'all' })) onLine(line);
      })().catch(() => {});
    const result = await child;
    await lines;
    clearTimeout(timer);
    options.signal?.removeEventListener('abort', onAbort);
    options.signal?.throwIfAborted();
    return {
      ok: !result.failed,
      exitCode: result.exitCode ?? -1,
      stdout: result.stdout,
      stderr: result.stderr || (result.failed && !result.exitCode ? (result.shortMessage ?? '') : ''),
      cut: result.isMaxBuffer,
      timedOut,
      missing: result.code === 'ENOENT' || (isEnclosed && result.exitCode === 127),
    };
  };
}

function askGroup(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGTERM');
  } catch {
    // Gone in the meantime.
  }
}

/** Addresses may carry a password; what git says repeats them. */
export function maskAddress(text: string): string {
  return text.replaceAll(/:\/\/[^@/\s'"]+@/g, '://');
}

/** The end of what a program said, for people: no more than they would read. */
export function lastWords({ stdout, stderr, timedOut }: RunResult): string {
  const said = maskAddress((stderr.trim() || stdout.trim()).slice(-1500));
  const lines = said
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);
  return [...(timedOut ? ['It took too long and was ended.'] : []), ...lines.slice(-8)].join('\n');
}

const full = /No space left on device|ENOSPC|Disk quota exceeded|EDQUOT/;

/**
 * @param what what was being done, e.g. `Checking out api`
 * @returns workspace_failed in words that name the cause
 */
export function failed(what: string, result: RunResult): FrontdeskError {
  const words = lastWords(result);
  if (result.missing) return new FrontdeskError('workspace_failed', `${what}: the program is not installed.`);
  if (full.test(result.stderr) || full.test(result.stdout)) return diskFull(what);
  return new FrontdeskError('workspace_failed', `${what}: ${words || `exit code ${result.exitCode}`}`);
}

function diskFull(what: string, cause?: unknown): FrontdeskError {
  const detail = `${what}: the disk is full (no space left on device). Free some space first.`;
  return new FrontdeskError('workspace_failed', detail, cause === undefined ? undefined : { cause });
}

/** Bytes. Git does not always say why it could not write; below this it is the reason. */
const nearlyFull = 1024 * 1024;

/**
 * What is thrown to people for anything that went wrong: the file system's errors in words, and a full disk named also
 * where git only says that it could not write.
 * @param folder on the disk that was written to
 */
export async function explain(what: string, folder: string, error: unknown): Promise<unknown> {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ENOSPC' || code === 'EDQUOT') return diskFull(what, error);
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') {
    return new FrontdeskError('workspace_failed', `${what}: not allowed here (${code}).`, { cause: error });
  }
  if (!(error instanceof FrontdeskError) || error.code !== 'workspace_failed') return error;
  if (error.detail.includes('the disk is full')) return error;
  const space = await statfs(folder).catch(() => null);
  if (space === null || space.bavail * space.bsize >= nearlyFull) return error;
  const detail = `${error.detail}\nThere, the disk is full. Free some space first.`;
  return new FrontdeskError('workspace_failed', detail, { cause: error });
}
