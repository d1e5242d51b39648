import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';

/** In the environment of every program that makes a workspace, and so of all that it starts. */
export const makingVariable = 'FRONTDESK_MAKING';
/** In that of each single program we start. */
export const runVariable = 'FRONTDESK_RUN';

/**
 * So many looks in a row find nothing: a program that was being started when its starter was killed has no environment
 * of its own for a moment, on a busy machine for many milliseconds (a `git worktree add` that nobody ended left its branch).
 */
const calmLooks = 5;

/**
 * Ends programs by what is in their environment: children that outlive the one we started, or everything after the
 * service was killed. They would go on writing into what is being removed. Linux only; elsewhere there is no way to know
 * them.
 */
export async function endMarked(variable: string, value: string): Promise<void> {
  const deadline = performance.now() + 5000;
  for (let calm = 0; calm < calmLooks && performance.now() < deadline;) {
    const pids = await findMarked(`${variable}=${value}`);
    calm = pids.length === 0 ? calm + 1 : 0;
    for (const pid of pids) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // Gone in the meantime.
      }
    }
    await wait(20);
  }
}

async function findMarked(mark: string): Promise<number[]> {
  const names = await readdir('/proc').catch(() => []);
  const found = await Promise.all(
    names
      .filter((name) => /^\d+$/.test(name) && name !== String(process.pid))
      .map(async (name) => {
        // A dead process that nobody has waited for has no environment any more.
        const environment = await readFile(`/proc/${name}/environ`, 'latin1').catch(() => '');
        return environment.split('\0').includes(mark) ? Number(name) : 0;
      }),
  );
  return found.filter((pid) => pid !== 0);
}
