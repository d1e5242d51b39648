import { describe, expect, it } from 'vitest';
import { parseOptions } from './options.ts';

const plain = { kind: 'run', terminal: false, page: false, port: undefined, stateDir: undefined };

describe('what is typed behind `npm run try --`', () => {
  it.each([
    [[], plain],
    [['--terminal'], { ...plain, terminal: true }],
    [['--page', '--port', '4000'], { ...plain, page: true, port: 4000 }],
    [['--state', 'desk'], { ...plain, stateDir: 'desk' }],
    [['-h'], { kind: 'help' }],
  ])('OP-3: %j', (args, options) => {
    expect(parseOptions(args)).toEqual(options);
  });

  it.each([
    [['--prot', '1'], "Unknown option '--prot'. Like this: npm run try -- --port 4000"],
    // What npm leaves of `npm run try --port 4000`.
    [['4000'], 'mind the “--” first'],
    [['--port'], "Option '--port <value>' argument missing."],
    [['--port', 'abc'], '--port abc is no port'],
    [['--port', '70000'], '--port 70000 is no port'],
  ])('OP-3: %j is answered in one line', (args, why) => {
    const parsed = parseOptions(args);
    expect(parsed).toMatchObject({ kind: 'wrong', why: expect.stringContaining(why) });
    expect('why' in parsed && parsed.why).not.toContain('\n');
  });
});
