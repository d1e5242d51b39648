/** `npm run try [-- --terminal] [--port N] [--state DIR]`: Frontdesk without an account, a key or a network. */
import { resolve } from 'node:path';
import { buildPlayground } from '../playground/build.ts';
import { help, parseOptions } from './options.ts';
import { runTry } from './run.ts';

const options = parseOptions(process.argv.slice(2));
const ending = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => ending.abort());

if (options.kind === 'help') {
  process.stdout.write(help);
} else if (options.kind === 'wrong') {
  process.stderr.write(`${options.why}\n`);
  process.exitCode = 2;
} else {
  const withPage = !options.terminal && (options.page || process.stdin.isTTY);
  process.exitCode = await runTry({
    env: process.env,
    input: process.stdin,
    output: process.stdout,
    stateDir: options.stateDir,
    signal: ending.signal,
    command: [process.execPath, resolve(import.meta.dirname, '../../frontdesk/main.js'), 'start'],
    port: options.port,
    buildPage: withPage ? async () => (await buildPlayground()).dir : undefined,
  });
}
// Standard input would keep the process alive when it is a terminal or an open pipe.
process.stdin.destroy();
