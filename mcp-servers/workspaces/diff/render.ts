import { type WorkspaceInfo, showProject } from '../../kit/work.ts';
import type { FileChange, RepositoryDiff, WorkspaceDiff } from './shapes.ts';

/** Files shown of each repository: a phone's screen. */
const shownFiles = 20;

const signs = { new: '＋', changed: '✎', deleted: '－', renamed: '→' } as const;

/** A picture of what was done, for a phone: numbers first, then the files with most changes. Markdown. */
export function renderDiff({ workspace, repositories, problems }: WorkspaceDiff): string {
  const changed = repositories.filter(({ files }) => files > 0);
  const rest = repositories.filter(({ files }) => files === 0).map(({ repository }) => repository);
  return [
    ...(changed.length === 0 ? [`Nothing is changed in \`${workspace}\`.`] : []),
    ...changed.map(renderRepository),
    ...(changed.length > 0 && rest.length > 0 ? [`Unchanged: ${rest.join(', ')}`] : []),
    ...problems.map((problem) => `⚠️ ${problem}`),
  ].join('\n\n');
}

function renderRepository(diff: RepositoryDiff): string {
  const bySize = diff.changes.toSorted((a, b) => b.added + b.removed - (a.added + a.removed));
  const shown = bySize.slice(0, shownFiles);
  const more = diff.files - shown.length;
  return [
    `**${diff.repository}** ⋅ ${count(diff.files, 'file')} ⋅ ${lines(diff)} ⋅ ${describeCommits(diff)}`,
    ...shown.map((change) => `- ${renderChange(change)}`),
    ...(more > 0 ? [`- … and ${count(more, 'more file')}`] : []),
  ].join('\n');
}

function renderChange(change: FileChange): string {
  const name = change.from === undefined ? change.path : `${change.from} → ${change.path}`;
  return `${signs[change.kind]} ${inCode(name)} ${change.binary ? '(binary)' : lines(change)}`;
}

/** A path may be of any characters: none ends the code it stands in. */
function inCode(text: string): string {
  return `\`${text.replaceAll('`', "'").replaceAll(/\s+/g, ' ')}\``;
}

/** `+a −d`, as in the footer of messages. */
function lines({ added, removed }: { readonly added: number; readonly removed: number }): string {
  return `+${added} −${removed}`;
}

function describeCommits({ commits, uncommitted }: RepositoryDiff): string {
  return [
    count(commits, 'commit'),
    ...(uncommitted > 0 ? [`${count(uncommitted, 'file')} not committed`] : []),
  ].join(' ⋅ ');
}

/** Where a workspace stands, for whoever it is connected to (WS-4). Markdown. */
export function renderStanding({ name, state }: WorkspaceInfo, diff: WorkspaceDiff): string {
  const { session } = state;
  return [
    `**${state.title}** ⋅ \`${name}\` ⋅ ${showProject(state.project)}`,
    session ? `${session.agent} on ${session.model}: ${session.status}` : 'No work session yet',
    ...diff.repositories.map((each) => {
      const last = each.lastCommit && each.commits > 0 ? ` ⋅ last: ${each.lastCommit.subject}` : '';
      return `- ${each.repository} on ${inCode(each.branch || 'no branch')}: ${count(each.files, 'file')} ⋅ ${lines(each)} ⋅ ${describeCommits(each)}${last}`;
    }),
    ...diff.problems.map((problem) => `⚠️ ${problem}`),
  ].join('\n');
}

export function count(number: number, thing: string): string {
  return `${number.toLocaleString('en-US')} ${thing}${number === 1 ? '' : 's'}`;
}
