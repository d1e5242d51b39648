import { expect, it } from 'vitest';
import { withoutMark } from './recommended.ts';

it('AS-1: the mark of the recommended option goes, whatever stands around it', () => {
  expect(withoutMark('REST (Recommended)')).toBe('REST');
  expect(withoutMark('REST\t (RECOMMENDED) \n')).toBe('REST');
  expect(withoutMark('(recommended)')).toBe('');
  expect(withoutMark('(recommended) REST')).toBe('(recommended) REST');
});

it('AS-1: an agent that calls an option 100,000 spaces does not hold the service up', () => {
  const before = process.threadCpuUsage();
  for (const label of [' '.repeat(100_000), ' (recommended)'.repeat(10_000), `${'\t'.repeat(100_000)}x`])
    withoutMark(`${label}!`);
  expect(process.threadCpuUsage(before).user).toBeLessThan(1_000_000);
});
