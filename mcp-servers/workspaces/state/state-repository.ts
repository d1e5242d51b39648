import { readdir, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { WorkspaceState } from '../../kit/work.ts';
import type { Git } from '../git/git.ts';
import { author } from '../git/saved-work.ts';
import { parseState, stateFileName } from './state-text.ts';

/** Our files in a workspace; all else (worktrees, what agents leave) is ignored. */
const ours = [stateFileName, 'arch-decisions.md', '.gitignore', '.ignore'];
const ignore = ['/*', ...ours.map((name) => `!/${name}`), ''].join('\n');
/**
 * What git ignores ripgrep passes over, too, and with it the agents' search: they would find no file of any repository.
 * Its own ignore file counts before git's.
 */
const searched = '!/repos/\n';
const subject = 'chore: Session state checkpoint';

const committing = [
  '-c',
  'commit.gpgsign=false',
  'commit',
  '--quiet',
  '--no-verify',
  '--untracked-files=no',
  '-F',
  '-',
];

/** From about 300 commits on; git estimates. By one thread, waited for: people's work goes on beside it. */
const packing = ['gc.auto=1000', 'gc.autoDetach=false', 'pack.threads=1'].flatMap((setting) => [
  '-c',
  setting,
]);

const decisions = (title: string) => `# Architecture decisions

Decisions made in "${title}", newest last. One section each: what was decided, why, and what was set aside.
`;

/** The git repository that a workspace's folder itself is: the history of its state. */
export interface StateRepository {
  /** Makes what is not there; harmless to repeat. */
  init(title: string): Promise<void>;
  /** Commits our files as they are. @param changes lines for the message @throws FrontdeskError */
  commit(changes: readonly string[]): Promise<void>;
  /** The latest state in the history that can be read, its commit's time (ISO) with it. */
  lastGood(workspace: string): Promise<{ readonly state: WorkspaceState; readonly at: string } | null>;
  /** Each commit is three small files: many are packed into one. Returns soon where there are few. @throws FrontdeskError */
  pack(): Promise<void>;
  /** What a killed git left would block every commit. Only while nobody else works here. */
  unlock(): Promise<void>;
}

export function createStateRepository(git: Git, folder: string): StateRepository {
  const repository = ['--git-dir', path.join(folder, '.git'), '--work-tree', folder];
  const isThere = async (name: string) => (await stat(path.join(folder, name)).catch(() => null)) !== null;
  const make = async (name: string, text: string) => {
    if (!(await isThere(name))) await writeFile(path.join(folder, name), text, { flag: 'wx' });
  };
  return {
    async init(title) {
      if (!(await isThere('.git/HEAD'))) {
        await git.must('Preparing the state', folder, ['init', '-q', '-b', 'state', '--template=', '.']);
      }
      await make('.gitignore', ignore);
      await make('.ignore', searched);
      await make('arch-decisions.md', decisions(title));
    },
    async commit(changes) {
      const what = 'Recording the state';
      const message = [subject, ...(changes.length > 0 ? ['', ...changes] : [])].join('\n');
      const commit = (...more: string[]) => [...author, ...repository, ...committing, ...more];
      // One process when all is tracked, which is nearly always.
      if ((await git.ask(folder, commit('--all'), { input: message })).ok) return;
      await git.must(what, folder, [...repository, 'add', '-f', '--', ...(await existing(folder))]);
      if ((await git.ask(folder, [...repository, 'diff', '--cached', '--quiet'])).exitCode === 0) return;
      await git.must(what, folder, commit(), { input: message });
    },
    async lastGood(workspace) {
      const log = await git.read(folder, [
        ...repository,
        'log',
        '-n',
        '50',
        '--format=%H %cI',
        '--',
        stateFileName,
      ]);
      for (const line of (log ?? '').split('\n').filter(Boolean)) {
        const [commit = '', at = ''] = line.split(' ');
        const text = await git.read(folder, [...repository, 'show', `${commit}:${stateFileName}`]);
        const parsed = text === null ? null : parseState(text, workspace);
        if (parsed && 'state' in parsed) return { state: parsed.state, at };
      }
      return null;
    },
    async pack() {
      await git.must('Packing the state', folder, [...packing, ...repository, 'gc', '--auto', '--quiet']);
    },
    async unlock() {
      for (const name of ['index.lock', 'HEAD.lock', 'refs/heads/state.lock']) {
        await rm(path.join(folder, '.git', name), { force: true });
      }
    },
  };
}

async function existing(folder: string): Promise<string[]> {
  const there = new Set(await readdir(folder));
  return ours.filter((name) => there.has(name));
}
