/** What must be true of every job once all is quiet, seen from outside: Slack, git, the state files, OpenCode's own record. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { git } from '../support/git-ground.ts';
import type { StoredMessage } from '../slack/store/model.ts';
import type { SlackServer } from '../slack/types.ts';
import { subjectOf, titleOf, waitingOf, wordsOf } from './work-agents.ts';
import { askProblems } from './work-ask-checks.ts';
import { labProblems } from './work-lab-checks.ts';
import { type Job, partsOf, query, readState, type Seen, textOf, toldOf } from './work-seen.ts';

/** Everything that is not as it must be once all is quiet. */
export async function problemsOf(stage: Seen): Promise<string[]> {
  const { jobs, ground, chaos } = stage;
  const problems = jobs.flatMap((job) => [...stateProblems(stage, job), ...threadProblems(chaos.slack, job)]);
  if (problems.length > 0) return problems;
  const gits = await Promise.all(jobs.map(async (job) => await gitProblems(stage, job)));
  const wanted = jobs.map(({ workspace }) => workspace).toSorted();
  const made = readdirSync(ground.builders)
    .filter((name) => !['.git', '.repos', '.gitignore', '.lock'].includes(name))
    .toSorted();
  const inside = jobs.flatMap((job) => [
    ...askProblems(stage, job),
    ...labProblems(stage, job),
    ...milestoneProblems(stage, job),
  ]);
  const orphans = made.join() === wanted.join() ? [] : [`.builders has ${made.join(', ')}`];
  return [...gits.flat(), ...orphans, ...inside, ...sessionProblems(stage)];
}

function stateProblems(stage: Seen, job: Job): string[] {
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
  const ours = toldOf(slack, job);
  const texts = ours.map(textOf);
  const wrong = (what: string, count: number, wanted: number) =>
    count === wanted ? [] : [`${job.name}: ${what} ${count} times, not ${wanted}`];
  const count = (part: string) => texts.filter((text) => text.includes(part)).length;
  const waits = (text: string) => text.includes(waitingOf(job.name));
  const finished = texts.filter((text) => text.includes('has finished its turn') && !waits(text));
  const last = toldOf(slack, { ...job, threads: job.threads.slice(-1) }).map(textOf);
  // A failed deploy has checks of its own; one cut off too often was begun again by a person.
  const failures = texts.filter(
    (text) => /❌|💥(?!.* was cut off 3 times)/u.test(text) && !text.includes('❌ Deployment failed'),
  );
  const ids = ours.map(idOf).filter((id) => id !== undefined);
  return [
    ...wrong('🚀', count('🚀'), 1),
    ...wrong('its end', finished.filter((text) => text.includes(wordsOf(job.name))).length, 1),
    ...wrong('an end', finished.length, 1),
    ...failures.map((text) => `${job.name}: fails: ${text.slice(0, 500)}`),
    ...wrong('moves told here', count('🔌 Plugged in by'), job.threads.length - 1),
    ...wrong('moves told there', count('was moved to'), job.threads.length - 1),
    ...wrong('cards', count('"work.cleanup"'), 1),
    ...wrong('cards where it is', last.filter((text) => text.includes('"work.cleanup"')).length, 1),
    ...wrong('idle cards', count(`💤 idle · ${titleOf(job.name)}`), 1),
    ...ids.filter((id, index) => ids.indexOf(id) !== index).map((id) => `${job.name}: posted twice: ${id}`),
    ...repeated(texts.filter((text) => !waits(text))).map(
      (text) => `${job.name}: said twice: ${text.slice(0, 300)}`,
    ),
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

async function gitProblems({ ground }: Seen, { name, project, workspace }: Job): Promise<string[]> {
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

/** WA-3: each that its agent reached is told, and as often as it said so at most. */
function milestoneProblems(stage: Seen, job: Job): string[] {
  const told = JSON.stringify(toldOf(stage.chaos.slack, job).map(({ blocks }) => blocks));
  const said = partsOf(stage, job).filter((part) => part.includes('"tool":"milestone"'));
  const texts = new Set(said.flatMap((part) => /Job \w+\. has step \d+ behind it/.exec(part) ?? []));
  return [...texts].flatMap((text) => {
    const wanted = said.filter((part) => part.includes(text)).length;
    const seen = told.split(`Milestone: ${text}`).length - 1;
    return seen >= 1 && seen <= wanted ? [] : [`${job.name}: “${text}” told ${seen} times of ${wanted}`];
  });
}

/** OpenCode's own record: one session per start, told its task once. */
function sessionProblems({ chaos, jobs, ground }: Seen): string[] {
  return jobs.flatMap((job) => {
    const folder = join(ground.builders, job.workspace);
    const ids = query(chaos.stateDir, 'select id as data from session where directory = ?', folder);
    const known = readState({ ground }, job)?.session?.id;
    const tasks = partsOf({ chaos, ground }, job).filter((part) =>
      part.includes(`"Task: ${titleOf(job.name)}`),
    );
    return [
      ...(ids.length === 1 && ids[0] === known
        ? []
        : [`${job.name}: sessions ${ids.join(', ')}, known ${known}`]),
      ...(tasks.length === 1 ? [] : [`${job.name}: given its task ${tasks.length} times`]),
    ];
  });
}

function idOf({ metadata }: StoredMessage): string | undefined {
  const payload = metadata?.['event_payload'] as { id?: unknown } | undefined;
  return typeof payload?.id === 'string' ? payload.id : undefined;
}
