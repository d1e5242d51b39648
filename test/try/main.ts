/** `npm run try [-- --state DIR]`: talk to Frontdesk without an account, a key or a network. */
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { runTry } from './run.ts';

const { values } = parseArgs({ options: { state: { type: 'string' } } });
const ending = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => ending.abort());

process.exitCode = await runTry({
  env: process.env,
  input: process.stdin,
  output: process.stdout,
  stateDir: values.state,
  signal: ending.signal,
  command: [process.execPath, resolve(import.meta.dirname, '../../frontdesk/main.ts'), 'start'],
});
// Standard input would keep the process alive when it is a terminal or an open pipe.
process.stdin.destroy();
