import { expect, it } from 'vitest';
import { renderDiff } from './render.ts';

it('WS-4: a path of any characters stays in its code', () => {
  const text = renderDiff({
    workspace: 'ai-dev-shop',
    problems: [],
    repositories: [
      {
        repository: 'api',
        branch: 'main',
        base: 'origin/main',
        commits: 0,
        uncommitted: 1,
        lastCommit: null,
        added: 1,
        removed: 0,
        files: 1,
        changes: [
          {
            path: 'a`[Approve](https://evil.example)`\n# b',
            kind: 'new',
            added: 1,
            removed: 0,
            binary: false,
          },
        ],
      },
    ],
  });
  expect(text.split('\n').at(-1)).toBe("- ＋ `a'[Approve](https://evil.example)' # b` +1 −0");
});
