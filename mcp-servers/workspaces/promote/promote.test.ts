import { describe, expect, it } from 'vitest';
import { git, writeFiles } from '../../../test/support/git-ground.ts';
import { branch, createBench, name, startGithub } from './promote.harness.ts';

describe('promote', () => {
  it('WS-5: pushes to a local bare remote, telling what is left out', async () => {
    const bench = await createBench();
    await using _ = bench.ground;
    await writeFiles(bench.worktree, { 'b.txt': 'b', 'c.txt': 'c' });
    const lines: string[] = [];
    expect(await bench.workspaces.promote(name, (line) => lines.push(line))).toEqual({
      workspace: name,
      repositories: [
        { repository: 'api', branch, outcome: 'pushed', commits: 1, uncommitted: 2, remote: bench.remote },
        { repository: 'web', branch, outcome: 'nothing', commits: 0, uncommitted: 0 },
      ],
    });
    expect(lines).toEqual([`Pushing ${branch} of api`]);
    expect(await git(bench.remote, 'log', '-1', '--format=%s', branch)).toBe('one');
    await bench.commit('two');
    const [again] = (await bench.workspaces.promote(name)).repositories;
    expect(again).toMatchObject({ outcome: 'pushed', commits: 2 });
  });

  it('WS-5: opens a pull request on GitHub, once', async () => {
    await using github = await startGithub('ghp_secret');
    const setting = { token: 'ghp_secret', apiUrl: github.url };
    const bench = await createBench({ github: setting }, 'git@github.com:acme/api.git');
    await using _ = bench.ground;
    const [first] = (await bench.workspaces.promote(name)).repositories;
    expect(first?.pullRequest).toEqual({
      url: 'https://github.com/acme/api/pull/1',
      number: 1,
      reused: false,
    });
    expect(github.pulls).toMatchObject([{ head: branch, base: 'main', title: 'X' }]);
    expect(github.pulls[0]?.body).toContain('All of it.');
    const [again] = (await bench.workspaces.promote(name)).repositories;
    expect(again?.pullRequest).toMatchObject({ number: 1, reused: true });
    expect(await git(bench.remote, 'log', '-1', '--format=%s', branch)).toBe('one');
  });

  it('WS-5: without a token, or refused by GitHub, there is the compare link', async () => {
    await using github = await startGithub('ghp_secret');
    const compareUrl = `https://github.com/acme/api/compare/main...${branch}?expand=1`;
    const bench = await createBench({}, 'https://someone:pass@github.com/acme/api.git');
    await using _ = bench.ground;
    const [plain] = (await bench.workspaces.promote(name)).repositories;
    expect(plain).toMatchObject({ compareUrl, remote: 'https://github.com/acme/api.git', outcome: 'pushed' });
    const refused = await bench.ground.open({
      environment: bench.environment,
      github: { token: 'wrong', apiUrl: github.url },
    });
    const [entry] = (await refused.promote(name)).repositories;
    expect(entry).toMatchObject({ outcome: 'pushed', compareUrl });
    expect(entry?.note).toContain('GitHub said 401: Bad credentials. Check that the token');
  });

  it('WS-5: a remote that moved on is told in words, and nothing is forced', async () => {
    const bench = await createBench();
    await using _ = bench.ground;
    await bench.workspaces.promote(name);
    await git(bench.worktree, 'commit', '-q', '--amend', '-m', 'other');
    const [entry] = (await bench.workspaces.promote(name)).repositories;
    expect(entry).toMatchObject({ outcome: 'failed' });
    expect(entry?.note).toContain('The remote has commits of this branch that are not here');
    expect(await git(bench.remote, 'log', '-1', '--format=%s', branch)).toBe('one');
  });

  it('WS-5: the default branch is never pushed; one without a remote stays', async () => {
    const bench = await createBench();
    await using _ = bench.ground;
    await git(bench.worktree, 'checkout', '-q', '--detach');
    expect((await bench.workspaces.promote(name)).repositories[0]).toMatchObject({ outcome: 'failed' });
    await git(bench.worktree, 'switch', '-q', branch);
    await git(bench.worktree, 'remote', 'remove', 'origin');
    expect((await bench.workspaces.promote(name)).repositories[0]).toMatchObject({ outcome: 'local' });
  });
});
