import { describe, expect, it } from 'vitest';
import type { WorkspaceInfo } from '../../mcp-servers/kit/work.ts';
import { workspaceStateSchema } from '../../mcp-servers/kit/work.ts';
import { withPullRequests } from '../work/pull-requests.ts';
import { createChecks, decideFailed } from './checks.ts';

const url = 'https://github.com/acme/api/pull/7';
const bare = workspaceStateSchema.parse({
  version: 1,
  workspace: 'csv',
  project: { category: 'a', project: 'b' },
  title: 'CSV',
  repositories: ['api'],
  branch: 'x',
  createdBy: 'U',
  createdAt: '2026-11-20T05:00:00Z',
  thread: null,
  routing: null,
  session: null,
});
const promoted = {
  workspace: 'csv',
  repositories: [
    {
      repository: 'api',
      branch: 'x',
      outcome: 'pushed' as const,
      commits: 1,
      uncommitted: 0,
      pullRequest: { url, number: 7, reused: false },
    },
  ],
};
const state = withPullRequests(bare, promoted);
const info: WorkspaceInfo = { name: 'csv', folder: '/w', state };

/** GitHub, with one pull request. */
function createGitHub() {
  let time = 0;
  const github = {
    state: 'open',
    sha: 's1',
    conclusion: 'failure' as string | null,
    calls: [] as string[],
    status: 200,
  };
  const answer = (path: string) => {
    if (path.endsWith('/pulls/7')) return { state: github.state, head: { sha: github.sha } };
    if (!path.includes('/check-runs')) return { statuses: [{ context: 'ci/old', state: 'success' }] };
    const { conclusion } = github;
    const status = conclusion === null ? 'in_progress' : 'completed';
    return { check_runs: [{ name: 'build', status, conclusion }] };
  };
  const checks = createChecks({
    token: 't',
    apiUrl: 'https://api.test/',
    fetch: async (input) => {
      const { pathname } = new URL(input instanceof Request ? input.url : input);
      github.calls.push(pathname);
      return Response.json(answer(pathname), { status: github.status });
    },
    list: () => [info],
    now: () => time,
  });
  return { github, checks, pass: (ms: number) => void (time += ms) };
}

describe('checks of pull requests', () => {
  it('WA-2: those that failed are seen, once all have ended, by the commit', async () => {
    const { github, checks, pass } = createGitHub();
    github.conclusion = null;
    await checks.look();
    expect(checks.of('csv')).toEqual([]);
    github.conclusion = 'failure';
    pass(180_000);
    await checks.look();
    expect(checks.of('csv')).toEqual([{ id: 's1', url, failed: ['build'] }]);
    expect(checks.of('other')).toEqual([]);
    expect(github.calls.slice(-3)).toEqual([
      '/repos/acme/api/pulls/7',
      '/repos/acme/api/commits/s1/check-runs',
      '/repos/acme/api/commits/s1/status',
    ]);
  });

  it('WA-2: GitHub is asked every three minutes, and of a closed one no more', async () => {
    const { github, checks, pass } = createGitHub();
    await checks.look();
    pass(179_999);
    await checks.look();
    expect(github.calls).toHaveLength(3);
    pass(1);
    github.state = 'closed';
    await checks.look();
    expect(checks.of('csv')).toEqual([]);
    pass(1_000_000);
    await checks.look();
    expect(github.calls).toHaveLength(4);
  });

  it('WA-1: a refusal is said by the probe, and asked again later', async () => {
    const { github, checks, pass } = createGitHub();
    github.status = 403;
    await expect(checks.look()).rejects.toThrow('GitHub said 403 to /repos/acme/api/pulls/7.');
    await checks.look();
    expect(github.calls).toHaveLength(1);
    github.status = 200;
    pass(180_000);
    await checks.look();
    expect(checks.of('csv')).toHaveLength(1);
  });

  it('WA-2: old statuses count like check runs', () => {
    const runs = { check_runs: [{ name: 'build', status: 'completed', conclusion: 'success' }] };
    const statuses = (state: string) => ({ statuses: [{ context: 'ci/old', state }] });
    expect(decideFailed(runs, statuses('error'))).toEqual(['ci/old']);
    expect(decideFailed(runs, statuses('pending'))).toEqual([]);
  });

  it('WS-5: promoted again, the state file is as it was; another one of the repository takes its place', () => {
    expect(withPullRequests(state, promoted)).toBe(state);
    const [first] = promoted.repositories;
    const pullRequest = { url: `${url}1`, number: 71, reused: false };
    const again = withPullRequests(state, {
      ...promoted,
      repositories: first ? [{ ...first, pullRequest }] : [],
    });
    expect(again['pullRequests']).toEqual([{ repository: 'api', url: `${url}1` }]);
  });
});
