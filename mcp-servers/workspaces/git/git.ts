import { failed, type Run, type RunOptions, type RunResult } from './run.ts';

export interface Git {
  /** @throws FrontdeskError workspace_failed with git's last words, `what` before them. @returns stdout, trimmed at the end */
  must(
    what: string,
    cwd: string,
    args: readonly string[],
    options?: Omit<RunOptions, 'cwd'>,
  ): Promise<string>;
  /** For questions: a failure is an answer. */
  ask(cwd: string, args: readonly string[], options?: Omit<RunOptions, 'cwd'>): Promise<RunResult>;
  /** Stdout, trimmed at the end; null when git said no. */
  read(cwd: string, args: readonly string[], options?: Omit<RunOptions, 'cwd'>): Promise<string | null>;
}

/**
 * Workspaces are written to by agents: what their git config and attributes would start (monitors, hooks, external
 * diffs, checks of signatures) is not started by us.
 */
const guard = [
  'core.hooksPath=/dev/null',
  'core.fsmonitor=false',
  'log.showSignature=false',
  'advice.detachedHead=false',
  'gc.auto=0',
].flatMap((setting) => ['-c', setting]);

export function createGit(run: Run): Git {
  const start = (cwd: string, args: readonly string[], options: Omit<RunOptions, 'cwd'> = {}) =>
    run('git', [...guard, ...args], { ...options, cwd });
  return {
    ask: start,
    async must(what, cwd, args, options) {
      const result = await start(cwd, args, options);
      if (!result.ok) throw failed(what, result);
      return result.stdout.trimEnd();
    },
    async read(cwd, args, options) {
      const result = await start(cwd, args, options);
      return result.ok ? result.stdout.trimEnd() : null;
    },
  };
}
