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
  'core.fsmonitor=false',
  'log.showSignature=false',
  'advice.detachedHead=false',
  'gc.auto=0',
].flatMap((setting) => ['-c', setting]);
const noHooks = ['-c', 'core.hooksPath=/dev/null'];

export function createGit(run: Run): Git {
  const start = (cwd: string, args: readonly string[], options: Omit<RunOptions, 'cwd'> = {}) => {
    // Hooks may be what makes a push whole (git-lfs), but agents can write them: they never run beside a token.
    const withHooks = args[0] === 'push' && options.env?.GIT_CONFIG_COUNT === undefined;
    return run('git', [...guard, ...(withHooks ? [] : noHooks), ...args], { ...options, cwd });
  };
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
