import { describe, expect, it } from 'vitest';
import { errorCatalog, FrontdeskError } from '../../mcp-servers/kit/errors.ts';
import { readSources } from './source-files.ts';

const sources = readSources(['frontdesk', 'watcher', 'mcp-servers']).filter(
  ({ path }) => !path.endsWith('kit/errors.ts'),
);

describe('the error catalog', () => {
  it('STYLE: every code is used, and says what to do', () => {
    const unused = Object.keys(errorCatalog).filter(
      (code) => !sources.some(({ text }) => text.includes(`'${code}'`)),
    );
    expect(unused).toEqual([]);
    for (const { meaning, next } of Object.values(errorCatalog)) {
      expect(meaning).toMatch(/\.$/);
      expect(next).toMatch(/\.$/);
    }
  });

  it.each([
    ['Agent not found', 'Agent not found. See'],
    ['It ended.', 'It ended. See'],
    ['It said “no!”', 'It said “no!” See'],
    ['\n  - one\n', '\n  - one\nSee'],
    ['', 'stopped answering. See'],
  ])('STYLE: the advice reads as sentences after %j', (detail, words) => {
    expect(new FrontdeskError('opencode_failed', detail).advice).toContain(words);
  });
});
