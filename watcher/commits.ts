/** New commits as milestones (WA-3): which of them are significant, and how they are told. Pure. */
import { z } from 'zod';
import type { ObservedCommit, ObservedWorkspace } from './contract.ts';
import { line, literal } from './words.ts';

/** Commits of one repository that share a line; their subjects are cut to what is shown. */
export const commitGroupSchema = z.object({
  repository: z.string(),
  count: z.number(),
  subjects: z.array(z.string()),
  added: z.number(),
  removed: z.number(),
});
export type CommitGroup = z.infer<typeof commitGroupSchema>;

/** In one line. */
const mostSubjects = 5;
const longestSubject = 100;

/**
 * Those that are not told yet and are the session's: none of ours, and none that was there when it started. Git knows their
 * time in seconds.
 * @param told ids; null: nobody looked at commits yet, so that all there are were there before
 */
export function freshCommits(
  { commits, session }: Pick<ObservedWorkspace, 'commits' | 'session'>,
  told: readonly string[] | null,
): readonly ObservedCommit[] {
  if (commits === null || commits.length === 0 || session === null || told === null) return [];
  const since = Math.floor(session.startedAt / 1000) * 1000;
  const known = new Set(told);
  return commits.filter(({ id, at, own }) => !own && at >= since && !known.has(id));
}

/** WA-5: what a project has set. Those that are too few, or too small, wait for more. */
export function isSignificant(
  { policy }: Pick<ObservedWorkspace, 'policy'>,
  fresh: readonly ObservedCommit[],
): boolean {
  const rule = policy.updates.commits;
  if (fresh.length === 0 || rule === null) return false;
  const lines = fresh.reduce((sum, { added, removed }) => sum + added + removed, 0);
  return fresh.length >= rule.atLeast && lines >= rule.lines;
}

export function addCommits(
  groups: readonly CommitGroup[],
  fresh: readonly ObservedCommit[],
): readonly CommitGroup[] {
  return fresh.reduce(addCommit, groups);
}

function addCommit(
  groups: readonly CommitGroup[],
  { repository, subject, added, removed }: ObservedCommit,
): readonly CommitGroup[] {
  const at = groups.findIndex((group) => group.repository === repository);
  const before = groups[at] ?? { repository, count: 0, subjects: [], added: 0, removed: 0 };
  const words = line(subject);
  const short = words.length > longestSubject ? `${words.slice(0, longestSubject - 1)}…` : words;
  const after = {
    repository,
    count: before.count + 1,
    subjects: [...before.subjects, short].slice(0, mostSubjects),
    added: before.added + added,
    removed: before.removed + removed,
  };
  return at === -1 ? [...groups, after] : groups.with(at, after);
}

/** `2 commits in domain-apis: Add JWT middleware, Add tests (+120 −4)`. Markdown. */
export function showCommits({ repository, count, subjects, added, removed }: CommitGroup): string {
  const rest = count > subjects.length ? [`… and ${count - subjects.length} more`] : [];
  const words = [...subjects.map(literal), ...rest].join(', ');
  return `${countCommits([{ count }])} in ${repository}: ${words} (+${added} −${removed})`;
}

/** `2 commits`. */
export function countCommits(groups: readonly Pick<CommitGroup, 'count'>[]): string {
  const sum = groups.reduce((total, { count }) => total + count, 0);
  return `${sum.toLocaleString('en-US')} commit${sum === 1 ? '' : 's'}`;
}
