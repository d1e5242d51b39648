import { execFile } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { ask, createGround, git, never, quiet, writeFiles } from '../../support/git-ground.ts';
import { renderDiff } from '../../../mcp-servers/workspaces/diff/render.ts';

/** Made by git itself from a stream: writing 20,000 files one by one takes longer than all else. */
function buildStream(files: number): string {
  const commit = 'commit refs/heads/main\ncommitter Dev <d@e.x> 1767225600 +0000\ndata 4\nMany\n';
  const entries = Array.from({ length: files }, (_, index) => {
    const text = `export const value${index} = ${index};\n`;
    return `M 644 inline src/${index % 200}/${index}.ts\ndata ${text.length}\n${text}\n`;
  });
  return `${commit}${entries.join('')}\ndone\n`;
}

describe('a repository of 20,000 files', () => {
  it('WS-2: is made, compared and reset in seconds', async () => {
    await using ground = await createGround();
    const api = path.join(ground.root, 'repos/api');
    await git(ground.root, 'init', '-q', '-b', 'main', api);
    const feed = execFile('git', ['fast-import', '--quiet', '--done'], { cwd: api });
    feed.stdin?.end(buildStream(20_000));
    await once(feed, 'exit');

    const workspaces = await ground.open();
    const { info } = await workspaces.create(ask('X'), quiet, never);
    const worktree = path.join(info.folder, 'repos/api');
    await writeFiles(worktree, { 'src/0/0.ts': 'changed\n', 'new.ts': 'new\n' });
    await git(worktree, 'mv', 'src/7', 'src/moved');

    const begun = performance.now();
    const diff = await workspaces.diff(info.name);
    const tookMs = performance.now() - begun;
    expect(diff.repositories).toMatchObject([{ files: 102, added: 2, removed: 1, uncommitted: 102 }]);
    expect(renderDiff(diff).split('\n')).toHaveLength(22);
    // Half a second on an idle machine; the limit leaves room for a busy one.
    expect(tookMs).toBeLessThan(30_000);
    const file = await workspaces.fileDiff(info.name, 'src/0/0.ts');
    expect(file.text).toContain('-export const value0 = 0;\n+changed');

    await workspaces.reset(info.name);
    expect((await workspaces.diff(info.name)).repositories).toMatchObject([{ files: 0 }]);
    await workspaces.cleanup(info.name);
    expect((await git(api, 'worktree', 'list')).split('\n')).toHaveLength(1);
  });
});
