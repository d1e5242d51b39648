/** The real `npm run try`, as a process of its own. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export interface TryStack extends AsyncDisposable {
  /** Where it said the page is. */
  readonly url: string;
  /** Everything it printed so far. */
  readonly printed: () => string;
  /** Ctrl-C. @returns its exit code */
  end(): Promise<number | null>;
}

/** @returns once the service serves. @throws with what was printed when that takes longer than 60 s */
export async function startTryStack(): Promise<TryStack> {
  const main = join(import.meta.dirname, '../../try/main.ts');
  const child = spawn(process.execPath, [main, '--page', '--port', '0'], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, CI: 'true' },
  });
  const lines: string[] = [];
  const serves = Promise.withResolvers<void>();
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      lines.push(line);
      if (line.startsWith('Running:')) serves.resolve();
    });
  }
  const gone = once(child, 'close').then(([code]) => code as number | null);
  const printed = () => lines.join('\n');
  const fail = (why: string) => serves.reject(new Error(`${why}:\n${printed()}`));
  void gone.then(() => fail('npm run try ended'));
  const timer = setTimeout(() => fail('the service did not start in 3 minutes'), 180_000);
  const end = async () => {
    child.kill('SIGINT');
    return gone;
  };
  try {
    await serves.promise;
  } catch (error) {
    await end();
    throw error;
  } finally {
    clearTimeout(timer);
  }
  const url = /http:\/\/[^\s]+\/$/m.exec(printed())?.[0];
  if (url === undefined) throw new Error(`no address:\n${printed()}`);
  return { url, printed, end, [Symbol.asyncDispose]: async () => void (await end()) };
}
