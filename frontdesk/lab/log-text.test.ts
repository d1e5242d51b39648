import { describe, expect, it } from 'vitest';
import { fenceLog, plainLine } from './log-text.ts';

describe('output of programs', () => {
  it.each([
    ['\u001B[31mred\u001B[0m', 'red'],
    ['10 %\r50 %\r100 %', '100 %'],
    ['ends with a return\r', 'ends with a return'],
    ['a ``` fence', "a ''' fence"],
    ['bell\u0007 and null\u0000', 'bell and null'],
    ['x'.repeat(5000), `${'x'.repeat(300)}…`],
  ])('OUT-2: %j', (line, shown) => {
    expect(plainLine(line)).toBe(shown);
  });

  it('LAB-4: the last lines that fit, in a fence', () => {
    const log = fenceLog(
      Array.from({ length: 1000 }, (_, index) => `line ${index}`),
      100,
    );
    expect(log.startsWith('```\nline ')).toBe(true);
    expect(log.endsWith('line 999\n```')).toBe(true);
    expect(log.length).toBeLessThan(120);
  });

  it('LAB-4: nothing is no fence', () => {
    expect(fenceLog([])).toBe('');
    expect(fenceLog(['', ''])).toBe('');
  });
});
