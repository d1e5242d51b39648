/** `npm run try [-- --terminal] [--port N] [--state DIR]`: Frontdesk without an account, a key or a network. */
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { buildPlayground } from '../playground/build.ts';
import { runTry } from './run.ts';

const help = `Slack in your browser, with the real service behind it: no account, no key, no network.

  npm run try -- [--terminal | --page] [--port N] [--state DIR]

  --terminal  talk in the terminal instead (what a pipe does, too)
  --page      the page even where standard input is no terminal
  --port N    of the page; default any free one
  --state DIR keep everything there; default a temporary folder that goes at the end
`;

const { values } = parseArgs({
  options: {
    terminal: { type: 'boolean', default: false },
    page: { type: 'boolean', default: false },
    port: { type: 'string' },
    state: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});
const port = values.port === undefined ? undefined : Number(values.port);
const ending = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => ending.abort());

if (values.help) {
  process.stdout.write(help);
} else if (port !== undefined && !(Number.isInteger(port) && port >= 0 && port < 65_536)) {
  process.stderr.write(`--port ${values.port} is no port: a number below 65536, please.\n`);
  process.exitCode = 2;
} else {
  const withPage = !values.terminal && (values.page || process.stdin.isTTY);
  process.exitCode = await runTry({
    env: process.env,
    input: process.stdin,
    output: process.stdout,
    stateDir: values.state,
    signal: ending.signal,
    command: [process.execPath, resolve(import.meta.dirname, '../../frontdesk/main.ts'), 'start'],
    port,
    buildPage: withPage ? async () => (await buildPlayground()).dir : undefined,
  });
}
// Standard input would keep the process alive when it is a terminal or an open pipe.
process.stdin.destroy();
