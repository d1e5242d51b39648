import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { completeLock } from './lock.ts';

it('`npm ci` takes the lock: no optional package of any platform is missing (`npm run format:lock` adds them)', () => {
  const lock = readFileSync(join(import.meta.dirname, '..', '..', 'package-lock.json'), 'utf8');
  expect(completeLock(lock).added).toEqual([]);
});
