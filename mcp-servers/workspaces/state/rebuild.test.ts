import { execFileSync } from 'node:child_process';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { ask, createGround, git, never, quiet } from '../../../test/support/git-ground.ts';
import { stateFileName } from './state-text.ts';

const at = Date.parse('2026-01-02T03:04:05.678Z');
const name = 'ai-dev-shop-x';

/** A ground with a workspace whose event updates were switched on. */
async function createBench() {
  const ground = await createGround();
  await ground.addRepository('api');
  const workspaces = await ground.open();
  const { info } = await workspaces.create(ask('X'), quiet, never);
  await workspaces.updateState(name, (state) => ({ ...state, eventUpdates: true }));
  return { ground, workspaces, ...info, file: path.join(info.folder, stateFileName) };
}

describe('the state of workspaces', () => {
  it('WS-3: every change is committed, saying what changed', async () => {
    const bench = await createBench();
    await using _ = bench.ground;
    const session = {
      id: 'ses_1',
      host: 'local',
      agent: 'builder' as const,
      model: 'a/b',
      status: 'idle' as const,
      startedAt: '2026-01-01T00:00:00Z',
    };
    await bench.workspaces.updateState(name, (state) => ({ ...state, session }));
    await bench.workspaces.updateState(name, (state) => ({
      ...state,
      session: { ...session, status: 'running' },
    }));
    expect(await git(bench.folder, 'log', '-1', '--format=%s|%an|%b')).toBe(
      'chore: Session state checkpoint|Frontdesk|session.status: idle → running',
    );
    expect(await git(bench.folder, 'rev-list', '--count', 'HEAD')).toBe('4');
    expect(await git(bench.folder, 'status', '--porcelain')).toBe('');
  });

  it('WS-3: twenty changes at once are all kept, and a change of nothing is none', async () => {
    const bench = await createBench();
    await using _ = bench.ground;
    const add = (index: number) =>
      bench.workspaces.updateState(name, (state) => ({ ...state, [`k${index}`]: index }));
    await Promise.all(Array.from({ length: 20 }, (_, index) => add(index)));
    const commits = await git(bench.folder, 'rev-list', '--count', 'HEAD');
    await bench.workspaces.updateState(name, (state) => state);
    expect(await git(bench.folder, 'rev-list', '--count', 'HEAD')).toBe(commits);
    const reopened = await bench.ground.open();
    expect(reopened.get(name).state).toMatchObject({ k0: 0, k10: 10, k19: 19 });
  });

  it('WS-3: opened again, all is as it was, unknown keys of later versions too', async () => {
    const bench = await createBench();
    await using _ = bench.ground;
    await bench.workspaces.updateState(name, (state) => ({ ...state, lab: { url: 'https://x' } }));
    const before = bench.workspaces.list();
    const reopened = await bench.ground.open();
    expect(reopened.list()).toEqual(before);
    expect(reopened.problems).toEqual([]);
  });

  it('WS-3: a corrupt one is set aside and restored from its last commit', async () => {
    const bench = await createBench();
    await using _ = bench.ground;
    await writeFile(bench.file, 'version: 1\nworkspace: [half');
    const reopened = await bench.ground.open({ now: () => at });
    expect(reopened.get(name).state.eventUpdates).toBe(true);
    const movedTo = `${bench.file}.corrupt-20260102T030405678Z`;
    expect(reopened.problems).toMatchObject([{ workspace: name, kind: 'restored', movedTo }]);
    expect(await readFile(movedTo, 'utf8')).toContain('[half');
    expect((await bench.ground.open()).problems).toEqual([]);
  });

  it('WS-3: a lost file is restored, even when the last commits are corrupt', async () => {
    const bench = await createBench();
    await using _ = bench.ground;
    await writeFile(bench.file, 'nonsense');
    await git(bench.folder, 'commit', '-q', '-am', 'Broken');
    await rm(bench.file);
    const reopened = await bench.ground.open();
    expect(reopened.get(name).state.eventUpdates).toBe(true);
    expect(reopened.problems).toMatchObject([{ kind: 'restored' }]);
  });

  it('WS-3: one that cannot be restored is marked unrecoverable, at every start; the rest is served', async () => {
    const bench = await createBench();
    await using _ = bench.ground;
    await bench.workspaces.create(ask('Other'), quiet, never);
    await rm(path.join(bench.folder, '.git'), { recursive: true });
    await writeFile(bench.file, 'workspace: ai-dev-shop-other\n');
    for (const _ of [1, 2]) {
      const reopened = await bench.ground.open();
      expect(reopened.list().map(({ name }) => name)).toEqual(['ai-dev-shop-other']);
      expect(reopened.problems).toMatchObject([{ workspace: name, kind: 'unrecoverable' }]);
      await expect(reopened.create(ask('X'), quiet, never)).rejects.toThrow(
        'could not be read and is kept as',
      );
    }
    const reopened = await bench.ground.open();
    await reopened.cleanup(name);
    expect(reopened.problems).toEqual([]);
    expect(await readdir(bench.ground.builders)).toEqual(['.archive', 'ai-dev-shop-other']);
  });

  it('WS-3: a copied folder does not claim what is another one’s; foreign folders are passed over', async () => {
    const bench = await createBench();
    await using _ = bench.ground;
    const copy = path.join(bench.ground.builders, 'copy');
    await mkdir(copy);
    await writeFile(path.join(copy, stateFileName), await readFile(bench.file));
    await mkdir(path.join(bench.ground.builders, 'foreign'));
    const reopened = await bench.ground.open();
    expect(reopened.list().map(({ name }) => name)).toEqual([name]);
    expect(reopened.problems).toMatchObject([{ workspace: 'copy', kind: 'unrecoverable' }]);
    expect(reopened.problems[0]?.detail).toContain(`it is the state of ${name}`);
  });

  it('WS-3: the history of months is packed, and none of it is lost', async () => {
    const bench = await createBench();
    await using _ = bench.ground;
    // Git guesses how many loose objects there are from one folder of 256: with these, it has some 20 of them.
    const changes = 2000;
    const commits = Array.from({ length: changes }, (_unused, index) => {
      const text = `title: ${index}\n`;
      const from = index === 0 ? 'from refs/heads/state^0\n' : '';
      const who = `committer A <a@b> ${1_767_323_045 + index} +0000\ndata 1\nx\n`;
      return `commit refs/heads/state\n${who}${from}M 644 inline ${stateFileName}\ndata ${text.length}\n${text}\n`;
    });
    const importing = ['-C', bench.folder, '-c', 'fastimport.unpackLimit=9999', 'fast-import', '--quiet'];
    execFileSync('git', importing, { input: commits.join('') });
    const looseOf = async () => Number((await git(bench.folder, 'count-objects')).split(' ')[0]);
    expect(await looseOf()).toBeGreaterThan(1000);
    const [, history] = await Promise.all([
      bench.workspaces.tidy(),
      bench.workspaces.updateState(name, (state) => ({ ...state, title: 'Y' })),
    ]);
    expect(history.title).toBe('Y');
    expect(await looseOf()).toBeLessThan(10);
    expect(Number(await git(bench.folder, 'rev-list', '--count', 'HEAD'))).toBeGreaterThan(changes);
    expect(await git(bench.folder, 'show', `HEAD~1:${stateFileName}`)).toBe(`title: ${changes - 1}`);
  });

  it('WS-3: what a killed git left does not stop the history', async () => {
    const bench = await createBench();
    await using _ = bench.ground;
    await writeFile(path.join(bench.folder, '.git/index.lock'), '');
    // Not committed, yet kept: the file is the truth.
    await bench.workspaces.updateState(name, (state) => ({ ...state, title: 'Y' }));
    const reopened = await bench.ground.open();
    expect(reopened.get(name).state.title).toBe('Y');
    await reopened.updateState(name, (state) => ({ ...state, title: 'Z' }));
    expect(await git(bench.folder, 'show', `HEAD:${stateFileName}`)).toContain('title: Z');
  });
});
