import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { findLeftovers } from '../try/leftovers.ts';
import { pipeTry } from '../support/pipe-try.ts';

const lines = [
  'start JWT auth, ask me which database in domain-apis',
  '/click Start',
  'what waits for me?',
  '/click SQLite',
  'deploy it',
  'run the tests',
  'tell it to ask three things',
  '/click Answer…',
  '/form choice-0=none; choice-1=login, audit; words-2=tokens',
  'tell it to ask for permission',
  '/click Deny',
  'tell it to break the app',
  'deploy it',
  'clean up the lab',
  '/click Confirm',
];

it('AS-1, LAB-9, TE-2: from a pipe, questions by tap and by form, a permission, labs and tests of the sample', async () => {
  const { code, text, stateDir } = await pipeTry(lines);
  if (code !== 0) throw new Error(text);
  const told = [
    'Which database shall I use?',
    '- question: "Which database shall I use?" options: ⭐ PostgreSQL | SQLite | None',
    '✅ Anna chose **SQLite**.',
    'Told: Database: SQLite.',
    '✅ Deployment ready',
    '✅ Unit Tests: 2/2 passing',
    '✅ Acceptance Tests: 1/1 passing',
    '🎉 All tests passing (3/3)',
    'Told: Database: None; Features: Login, Audit log; Name: tokens.',
    'cd repos/domain-apis && npm publish --dry-run',
    'Anna: denied',
    'Told: publishing: denied.',
    '❌ Deployment failed',
    'Error: asked to break',
    '🧹 The lab of `ai-dev-domain-apis-jwt-auth-ask-me-which` is cleaned up.',
  ];
  const missing = told.filter((words) => !text.includes(words));
  if (missing.length > 0) throw new Error(`not told: ${missing.join(', ')}\n${text}`);
  expect(text).not.toMatch(/There is no button|No form is open|did not work|\(waited/);
  const folder = join(stateDir, 'work/.builders/ai-dev-domain-apis-jwt-auth-ask-me-which/repos/domain-apis');
  const written = execFileSync('git', ['show', 'HEAD:src/jwt-auth.js'], { cwd: folder, encoding: 'utf8' });
  expect(written).toContain('Database: SQLite');
  expect(findLeftovers(stateDir)).toEqual([]);
});
