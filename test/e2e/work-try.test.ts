import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { expect, it, onTestFinished } from 'vitest';
import { findLeftovers } from '../try/leftovers.ts';
import { runTry } from '../try/run.ts';

it('OP-3, SE-3: from a pipe, npm run try starts a coding agent, which commits; diff and promote follow', async () => {
  const stateDir = mkdtempSync(join(tmpdir(), 'try-work-'));
  onTestFinished(() => rmSync(stateDir, { recursive: true, force: true, maxRetries: 5 }));
  const output = new PassThrough();
  const printed = output.toArray();
  const lines = [
    'start JWT auth in domain-apis',
    '/click Start',
    '@frontdesk diff',
    'promote it',
    '/click Confirm',
  ];
  const code = await runTry({
    env: process.env,
    input: Readable.from(lines.map((line) => `${line}\n`)),
    output,
    stateDir,
    signal: new AbortController().signal,
    command: [process.execPath, join(import.meta.dirname, '../../frontdesk/main.ts'), 'start'],
  });
  output.end();
  const text = Buffer.concat((await printed) as Buffer[]).toString();
  if (code !== 0) throw new Error(text);
  const said = [
    '🗂️ JWT auth → ai-dev/domain-apis',
    '(Anna presses [Start])',
    'has finished its turn',
    '- ＋ `src/jwt-auth.js` +2 −0',
    '🚢 Promoted',
  ];
  expect(said.filter((words) => !text.includes(words))).toEqual([]);
  const git = (...args: string[]) =>
    execFileSync('git', args, { cwd: join(stateDir, 'work/remotes/domain-apis.git'), encoding: 'utf8' });
  expect(git('log', '-1', '--format=%s', 'frontdesk/ai-dev-domain-apis-jwt-auth')).toBe('JWT auth\n');
  expect(findLeftovers(stateDir)).toEqual([]);
}, 240_000);
