import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { findLeftovers } from '../try/leftovers.ts';
import { pipeTry } from '../support/pipe-try.ts';

it('OP-3, SE-3: from a pipe, npm run try starts a coding agent, which commits; diff and promote follow', async () => {
  const lines = [
    'start JWT auth in domain-apis',
    '/click Start',
    '@frontdesk diff',
    'promote it',
    '/click Confirm',
  ];
  const { code, text, stateDir } = await pipeTry(lines);
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
});
