import { describe, expect, it } from 'vitest';
import { cleanupText, promoteText, resetText } from './confirmed.ts';

const repository = { repository: 'api', branch: 'frontdesk/w', commits: 2, uncommitted: 0 };

describe('what was done after a click', () => {
  it('WS-5: promoted, with the pull request or where to open one, and what stayed behind', () => {
    const repositories = [
      {
        ...repository,
        outcome: 'pushed' as const,
        pullRequest: { url: 'https://gh/1', number: 1, reused: false },
      },
      {
        ...repository,
        repository: 'web',
        outcome: 'pushed' as const,
        commits: 1,
        compareUrl: 'https://gh/c',
      },
      { ...repository, repository: 'docs', outcome: 'nothing' as const, uncommitted: 3 },
      { ...repository, repository: 'old', outcome: 'local' as const },
    ];
    expect(promoteText({ workspace: 'w', repositories })).toMatchInlineSnapshot(`
      "🚢 Promoted \`w\`
      - **api**: pushed \`frontdesk/w\`, 2 commits · [pull request #1](https://gh/1)
      - **web**: pushed \`frontdesk/w\`, 1 commit · [open a pull request](https://gh/c)
      - **docs**: nothing to publish · ⚠️ 3 files not committed, left out
      - **old**: no remote; the branch \`frontdesk/w\` stays here"
    `);
    const failed = { ...repository, outcome: 'failed' as const, note: 'rejected by the remote' };
    expect(promoteText({ workspace: 'w', repositories: [failed] })).toMatch(
      /^⚠️ Promoted `w`, not all of it\n- \*\*api\*\*: failed · rejected by the remote$/,
    );
  });

  it('WS-5: cleaned up and reset, with where the uncommitted work is', () => {
    const saved = [{ repository: 'api', ref: 'refs/frontdesk/saved/1' }];
    const branches = [{ repository: 'api', branch: 'frontdesk/w', removed: true, reason: 'merged' }];
    expect(cleanupText('w', { archive: '/a', saved, branches })).toMatchInlineSnapshot(`
      "🧹 \`w\` is cleaned up.
      - api: branch \`frontdesk/w\` removed (merged)
      - api: what was not committed is in \`refs/frontdesk/saved/1\`"
    `);
    expect(resetText('w', saved)).toContain('is as its last commit.\n- api: what was not committed');
  });
});
