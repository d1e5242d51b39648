/** What is typed behind `npm run try --`. Pure. */
import { parseArgs } from 'node:util';

export const help = `Slack in your browser, with the real service behind it: no account, no key, no network.

  npm run try -- [--terminal | --page] [--port N] [--state DIR]

  --terminal  talk in the terminal instead (what a pipe does, too)
  --page      the page even where standard input is no terminal
  --port N    of the page; default any free one
  --state DIR keep everything there; default a temporary folder that goes at the end
`;

export type Options =
  | { readonly kind: 'help' }
  | { readonly kind: 'wrong'; readonly why: string }
  | {
      readonly kind: 'run';
      readonly terminal: boolean;
      readonly page: boolean;
      readonly port: number | undefined;
      readonly stateDir: string | undefined;
    };

/** @returns what to do, or in one sentence what is wrong with the words */
export function parseOptions(args: readonly string[]): Options {
  let values;
  try {
    ({ values } = parseArgs({
      args: [...args],
      options: {
        terminal: { type: 'boolean', default: false },
        page: { type: 'boolean', default: false },
        port: { type: 'string' },
        state: { type: 'string' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    }));
  } catch (error) {
    const [what = ''] = (error as Error).message.split('. ');
    return { kind: 'wrong', why: `${what}. Like this: npm run try -- --port 4000 (mind the “--” first).` };
  }
  if (values.help) return { kind: 'help' };
  const port = values.port === undefined ? undefined : Number(values.port);
  if (port !== undefined && !(Number.isInteger(port) && port >= 0 && port < 65_536))
    return { kind: 'wrong', why: `--port ${values.port} is no port: a number below 65536, please.` };
  const { terminal, page, state: stateDir } = values;
  return { kind: 'run', terminal, page, port, stateDir };
}
