import { readFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import { coverage, renderCoverage } from './coverage.ts';
import { allMethods } from './web-api/methods.ts';

describe('the coverage list', () => {
  it('names every method the router answers, and no other as covered', () => {
    const routed = allMethods(() => '').map(({ name }) => name);
    const covered = coverage.methods.filter(({ level }) => level !== 'absent').map(({ name }) => name);
    expect(covered.toSorted()).toEqual(routed.toSorted());
    expect(new Set(routed).size).toBe(routed.length);
    const absent = coverage.methods
      .filter(({ level }) => level === 'absent')
      .map(({ name }) => name.replace('*', ''));
    expect(absent.filter((name) => routed.some((method) => method === name))).toEqual([]);
  });

  it('says what is not covered wherever it is partial', () => {
    const silent = [...coverage.methods, ...coverage.features].filter(
      ({ level, note }) => level === 'partial' && note === '',
    );
    expect(silent).toEqual([]);
  });

  it('is the table of the README', () => {
    expect(readFileSync(new URL('README.md', import.meta.url), 'utf8')).toContain(renderCoverage());
  });
});
