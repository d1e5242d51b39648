import { assert, property, string, uniqueArray } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildFileName, parseFileName } from './file-name.ts';

describe('buildFileName', () => {
  it('is readable', () => {
    expect(buildFileName('T1:C2:173.45').name).toBe('T1+C2+173.45.json');
    expect(buildFileName('ses_01hAbC').name).toBe('ses_01hAbC.json');
  });

  it('any two ids: different files, safe names, and the id can be told from it', () => {
    assert(
      property(uniqueArray(string({ unit: 'binary', maxLength: 60 }), { maxLength: 8 }), (ids) => {
        const files = ids.map(buildFileName);
        expect(new Set(files.map(({ shard, name }) => `${shard}/${name}`)).size).toBe(ids.length);
        for (const [index, { shard, name }] of files.entries()) {
          expect(shard).toMatch(/^[0-9a-f]{2}$/);
          expect(name).toMatch(/^[A-Za-z0-9_%~+-][A-Za-z0-9_.%~+-]{0,158}$/);
          expect([ids[index], null]).toContain(parseFileName(name));
        }
      }),
      { numRuns: 2_000 },
    );
  });
});
