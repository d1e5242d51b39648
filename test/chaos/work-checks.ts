/** What must be true of every job once all is quiet, seen from outside: Slack, git, the state files, OpenCode's own record. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { parse } from 'yaml';
import { type WorkspaceState, workspaceStateSchema } from '../../mcp-servers/kit/work.ts';
import { git } from '../support/git-ground.ts';
import type { StoredMessage } from '../slack/store/model.ts';
import type { SlackServer } from '../slack/types.ts';
import { subjectOf, titleOf, wordsOf } from './work-agents.ts';
import type { WorkStage } from './work-stage.ts';

interface Place {
  readonly channel: string;
  readonly root: string;
}

export interface Job {
  readonly name: string;
  readonly project: string;
  readonly workspace: string;
  /** Where it is to be plugged in now. */
  at: Place;
  /** Every thread it was ever in, in order. */
  readonly threads: Place[];
}

type Checked = Pick<WorkStage, 'chaos' | 'ground' | 'jobs'>;

/** @returns the card that offers [Start], while it does */
export function isAsking(slack: SlackServer, { threads }: Job): StoredMessage | undefined {
  const [first] = threads;
  if (first === undefined) return undefined;
  return slack
    .thread(first.channel, first.root)
    .find(({ bot, blocks }) => bot && /"Change agent"/.test(JSON.stringify(blocks)));
}

export function readState({ ground }: Pick<WorkStage, 'ground'>, job: Job): WorkspaceState | undefined {
  try {
    const text = readFileSync(join(ground.builders, job.workspace, '.session-state.yaml'), 'utf8');
    return workspaceStateSchema.parse(parse(text));
  } catch {
    return undefined;
  }
}

/** Everything that is not as it must be once all is quiet. */
export async function problemsOf(stage: Checked): Promise<string[]> {
  const { jobs, ground, chaos } = stage;
  const problems = jobs.flatMap((job) => [...stateProblems(stage, job), ...threadProblems(chaos.slack, job)]);
  if (problems.length > 0) return problems;
  const gits = await Promise.all(jobs.map(async (job) => await gitProblems(stage, job)));
  const wanted = jobs.map(({ workspace }) => workspace).toSorted();
  const made = readdirSync(ground.builders)
    .filter((name) => !['.git', '.repos', '.gitignore', '.lock'].includes(name))
    .toSorted();
  const orphans = made.join() === wanted.join() ? [] : [`.builders has ${made.join(', ')}`];
  return [...gits.flat(), ...orphans, ...sessionProblems(stage)];
}

function stateProblems(stage: Checked, job: Job): string[] {
  const state = readState(stage, job);
  if (state === undefined) return [`${job.name}: no state file`];
  const { thread, session } = state;
  const right = thread?.channel === job.at.channel && thread.thread === job.at.root;
  return [
    ...(right ? [] : [`${job.name}: plugged into ${JSON.stringify(thread)}, not ${JSON.stringify(job.at)}`]),
    ...(session?.status === 'idle' ? [] : [`${job.name}: ${session?.status ?? 'no session'}`]),
  ];
}

function threadProblems(slack: SlackServer, job: Job): string[] {
  const threads = job.threads.map(({ channel, root }) => slack.thread(channel, root));
  const ours = threads.flat().filter(({ bot }) => bot);
  const texts = ours.map(textOf);
  const wrong = (what: string, count: number, wanted: number) =>
    count === wanted ? [] : [`${job.name}: ${what} ${count} times, not ${wanted}`];
  const count = (part: string) => texts.filter((text) => text.includes(part)).length;
  const finished = texts.filter((text) => text.includes('has finished its turn'));
  const last = threads.at(-1)?.map(textOf) ?? [];
  const ids = ours.map(idOf).filter((id) => id !== undefined);
  return [
    ...wrong('🚀', count('🚀'), 1),
    ...wrong('its end', finished.filter((text) => text.includes(wordsOf(job.name))).length, 1),
    ...wrong('an end', finished.length, 1),
    ...wrong('failures', count('❌') + count('💥'), 0),
    ...wrong('moves told here', count('🔌 Plugged in by'), job.threads.length - 1),
    ...wrong('moves told there', count('was moved to'), job.threads.length - 1),
    ...wrong('cards', count('"Clean up"'), 1),
    ...wrong('cards where it is', last.filter((text) => text.includes('"Clean up"')).length, 1),
    ...wrong('idle cards', count(`💤 idle · ${titleOf(job.name)}`), 1),
    ...ids.filter((id, index) => ids.indexOf(id) !== index).map((id) => `${job.name}: posted twice: ${id}`),
    ...repeated(texts).map((text) => `${job.name}: said twice: ${text.slice(0, 300)}`),
    // Nothing of another's job here.
    ...texts
      .flatMap((text) => [...text.matchAll(/[Jj]ob (\w+)\b/g)].map(([, other]) => other))
      .filter((other) => other !== job.name)
      .map((other) => `${job.name}: ${other} is told of in its thread`),
  ];
}

function repeated(texts: readonly string[]): string[] {
  return texts.filter((text, index) => text !== '' && texts.indexOf(text) !== index);
}

async function gitProblems({ ground }: Checked, { name, project, workspace }: Job): Promise<string[]> {
  const repository = join(ground.root, 'repos', project);
  const worktree = join(ground.builders, workspace, 'repos', project);
  if (!existsSync(worktree)) return [`${name}: no worktree`];
  const list = (await git(repository, 'worktree', 'list', '--porcelain')).match(/^worktree .*$/gm) ?? [];
  const branches = (await git(repository, 'branch', '--format=%(refname:short)')).split('\n').toSorted();
  const subjects = (await git(worktree, 'log', '--format=%s')).split('\n');
  const done = subjects.filter((subject) => subject === subjectOf(name)).length;
  const wanted = [`frontdesk/${workspace}`, 'main'];
  return [
    ...(list.length === 2 ? [] : [`${name}: worktrees ${list.join(', ')}`]),
    ...(branches.join() === wanted.join() ? [] : [`${name}: branches ${branches.join(', ')}`]),
    ...(done === 1 ? [] : [`${name}: done ${done} times`]),
  ];
}

/** OpenCode's own record: one session per start, told its task once. */
function sessionProblems({ chaos, jobs, ground }: Checked): string[] {
  using db = new DatabaseSync(join(chaos.stateDir, 'host', 'data', 'opencode', 'opencode.db'), {
    readOnly: true,
  });
  return jobs.flatMap((job) => {
    const rows = db
      .prepare('select id, title from session where directory = ?')
      .all(join(ground.builders, job.workspace));
    const ids = rows.map(({ id }) => String(id));
    const known = readState({ ground }, job)?.session?.id;
    const tasks = ids.flatMap((id) =>
      db
        .prepare('select data from part where session_id = ?')
        .all(id)
        .filter(({ data }) => String(data).includes(`"Task: ${titleOf(job.name)}`)),
    );
    return [
      ...(ids.length === 1 && ids[0] === known
        ? []
        : [`${job.name}: sessions ${ids.join(', ')}, known ${known}`]),
      ...(tasks.length === 1 ? [] : [`${job.name}: given its task ${tasks.length} times`]),
    ];
  });
}

function textOf({ text, blocks }: StoredMessage): string {
  return `${text} ${JSON.stringify(blocks)}`;
}

function idOf({ metadata }: StoredMessage): string | undefined {
  const payload = metadata?.['event_payload'] as { id?: unknown } | undefined;
  return typeof payload?.id === 'string' ? payload.id : undefined;
}
