import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { createGround, git, writeFiles } from '../../test/support/git-ground.ts';
import { connectWorkspaceTools } from '../../test/support/workspace-tools.ts';

const name = 'ai-dev-shop-search';

/** A ground with one repository, project ai-dev/shop, and the tools. */
async function createBench() {
  const stack = new AsyncDisposableStack();
  const ground = stack.use(await createGround());
  await ground.addRepository('api', { 'README.md': '# api\n', 'src/old.ts': 'export const a = 1;\n' });
  const projects = [{ name: 'ai-dev/shop', repositories: ['api'], description: 'The shop' }];
  const workspaces = await ground.open({ projects });
  const tools = stack.use(await connectWorkspaceTools(workspaces));
  const worktree = path.join(ground.builders, name, 'repos/api');
  const create = () => tools.call('create', { project: 'ai-dev/shop', title: 'Search' });
  return { ground, workspaces, tools, worktree, create, [Symbol.asyncDispose]: () => stack.disposeAsync() };
}

describe('the workspaces server', () => {
  it('MCP-4: lists its tools as agents know them', async () => {
    await using bench = await createBench();
    expect((await bench.tools.client.listTools()).tools).toMatchSnapshot();
  });

  it('WS-2: creates with progress, lists, and uses again', async () => {
    await using bench = await createBench();
    const heard: string[] = [];
    const { data } = await bench.tools.call('create', { project: 'ai-dev/shop', title: 'Search' }, heard);
    expect(data).toEqual({
      workspace: name,
      branch: `frontdesk/${name}`,
      repositories: ['api'],
      reused: false,
      resetAsked: false,
    });
    expect(heard).toEqual(['Checking out api from origin/main']);
    expect((await bench.create()).data).toMatchObject({ reused: true });
    expect((await bench.tools.call('list')).data).toEqual({
      workspaces: [
        { workspace: name, project: 'ai-dev/shop', title: 'Search', plugged: 'no', session: null },
      ],
      projects: [{ project: 'ai-dev/shop', repositories: ['api'], description: 'The shop' }],
      problems: [],
    });
  });

  it('MCP-3: what is wrong with a request is said with what would be right', async () => {
    await using bench = await createBench();
    const unknown = await bench.tools.call('create', {
      project: 'ai-dev/shop',
      title: 'X',
      repositories: ['nope'],
    });
    expect(unknown).toMatchObject({ failed: true });
    expect(unknown.text).toContain('Repository "nope" is not known. Known: api.');
    expect((await bench.tools.call('create', { project: '../x', title: 'X' })).text).toContain(
      'is no project',
    );
    expect((await bench.tools.call('status')).text).toContain('There is no workspace yet');
    await bench.create();
    expect((await bench.tools.call('status')).text).toContain('None is plugged into this thread');
    const named = await bench.tools.call('status', { workspace: 'nope' });
    expect(named.text).toContain('None is called “nope”');
  });

  it('WS-4: connects with a summary of where it stands, then knows which one is meant', async () => {
    await using bench = await createBench();
    await bench.create();
    await writeFiles(bench.worktree, { 'src/new.ts': 'export const b = 2;\n' });
    const summary = [
      `**Search** ⋅ \`${name}\` ⋅ ai-dev/shop`,
      'No work session yet',
      `- api on \`frontdesk/${name}\`: 1 file ⋅ +1 −0 ⋅ 0 commits ⋅ 1 file not committed`,
    ].join('\n');
    const connected = await bench.tools.call('connect_thread', { workspace: name });
    expect(connected.data).toEqual({ workspace: name, outcome: 'connected', summary });
    expect((await bench.tools.call('connect_thread', { workspace: name })).data).toMatchObject({
      outcome: 'was_here',
    });
    expect((await bench.tools.call('status')).data).toMatchObject({ plugged: 'here', summary });
    expect((await bench.tools.call('toggle_event_updates', { on: true })).text).toContain('are on');
    expect((await bench.tools.call('read_events')).text).toContain('Wrote file');
    await bench.tools.call('disconnect_thread');
    expect(bench.workspaces.get(name).state).toMatchObject({ thread: null, eventUpdates: true });

    await bench.workspaces.updateState(name, (state) => ({
      ...state,
      thread: { team: 'T', channel: 'D', thread: '2.0', dm: false },
    }));
    expect((await bench.tools.call('connect_thread', { workspace: name })).data).toMatchObject({
      outcome: 'moved',
    });
  });

  it('MCP-4: diff shows a summary, then a file', async () => {
    await using bench = await createBench();
    await bench.create();
    await git(bench.worktree, 'mv', 'src/old.ts', 'src/moved.ts');
    await writeFiles(bench.worktree, { 'notes.md': 'one\n```\ntwo\n' });
    const summary = await bench.tools.call('diff', { workspace: name });
    expect(summary.text).toBe(
      [
        '**api** ⋅ 2 files ⋅ +3 −0 ⋅ 0 commits ⋅ 2 files not committed',
        '- ＋ `notes.md` +3 −0',
        '- → `src/old.ts → src/moved.ts` +0 −0',
      ].join('\n'),
    );
    const file = await bench.tools.call('diff', { workspace: name, file: 'notes.md' });
    expect(file.data).toMatchObject({ files: 1, added: 3, removed: 0, truncated: false });
    expect(file.text).toMatch(/^````diff\n[^]*\+```\n\+two\n````$/);
    const none = await bench.tools.call('diff', { workspace: name, file: '../../x' });
    expect(none.text).toContain('has no changes');
  });

  it.each(['promote', 'cleanup'])('MCP-5: %s asks a person and does nothing', async (tool) => {
    await using bench = await createBench();
    await bench.create();
    await writeFiles(bench.worktree, { 'a.txt': 'a' });
    const { text, data } = await bench.tools.call(tool, { workspace: name });
    expect(data).toEqual({ outcome: 'asked', workspace: name });
    expect(text).toContain('Nothing was done yet');
    expect(bench.tools.asked).toMatchObject([{ action: { kind: tool, workspace: name } }]);
    expect(bench.tools.asked[0]?.detail).toMatch(/uncommitted|not committed/);
    expect(bench.workspaces.list()).toHaveLength(1);
    expect(await git(bench.ground.remoteOf('api'), 'branch', '--list')).toBe('* main');
  });

  it('MCP-5: a dirty workspace is reset only after a click; a clean one needs none', async () => {
    await using bench = await createBench();
    const again = { project: 'ai-dev/shop', title: 'Search', clean: true };
    await bench.create();
    expect((await bench.tools.call('create', again)).data).toMatchObject({ reused: true, resetAsked: false });
    await writeFiles(bench.worktree, { 'a.txt': 'a' });
    expect((await bench.tools.call('create', again)).data).toMatchObject({ reused: true, resetAsked: true });
    expect(bench.tools.asked).toMatchObject([{ action: { kind: 'reset', workspace: name } }]);
    expect(await git(bench.worktree, 'status', '--porcelain')).toBe('?? a.txt');
  });
});
