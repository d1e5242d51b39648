/** What a person is asked before something is destroyed or published, and told after it (MCP-5). */
import type { WorkspaceInfo } from '../../kit/work.ts';
import type { CleanupResult, SavedWork, Workspaces } from '../contract.ts';
import { count } from '../diff/render.ts';
import type { RepositoryDiff } from '../diff/shapes.ts';
import type { PromotedRepository, PromoteResult } from '../promote/shapes.ts';
import type { ClickRequest } from './deps.ts';

type Diffs = readonly RepositoryDiff[];

export function describeReset(workspaces: Workspaces, { name }: WorkspaceInfo, diffs: Diffs): ClickRequest {
  const dirty = diffs.filter(({ uncommitted }) => uncommitted > 0);
  return {
    title: `Reset ${name} to its last commits?`,
    detail: [
      ...dirty.map(
        ({ repository, uncommitted }) => `- ${repository}: ${count(uncommitted, 'file')} not committed`,
      ),
      'They are saved to a ref first, so nothing is lost. Commits stay.',
    ].join('\n'),
    run: async (progress) => {
      const saved = await workspaces.reset(name, progress);
      return [`♻️ \`${name}\` is as its last commits.`, ...renderSaved(saved)].join('\n');
    },
  };
}

export function describePromote(workspaces: Workspaces, { name }: WorkspaceInfo, diffs: Diffs): ClickRequest {
  return {
    title: `Promote ${name}?`,
    detail: [
      ...diffs.map(({ repository, branch, commits, uncommitted }) => {
        const left = uncommitted > 0 ? `; ${count(uncommitted, 'file')} not committed will not go along` : '';
        return `- ${repository}: ${commits > 0 ? `push ${count(commits, 'commit')} on \`${branch}\`` : 'no commits to push'}${left}`;
      }),
      'A pull request is opened where GitHub is set up.',
    ].join('\n'),
    run: async (progress) => renderPromoted(await workspaces.promote(name, progress)),
  };
}

export function describeCleanup(
  workspaces: Workspaces,
  { name, state }: WorkspaceInfo,
  diffs: Diffs,
): ClickRequest {
  return {
    title: `Clean up ${name}?`,
    detail: [
      ...(state.session ? [`Its work session (${state.session.agent}, ${state.session.status}) ends.`] : []),
      ...diffs.map(({ repository, branch, commits, uncommitted }) => {
        const work = uncommitted > 0 ? `; ${count(uncommitted, 'uncommitted file')} saved to a ref` : '';
        return `- ${repository}: worktree removed; \`${branch}\` (${count(commits, 'commit')}) kept unless merged${work}`;
      }),
      'The state and its history are archived.',
    ].join('\n'),
    run: async (progress) => renderCleaned(name, await workspaces.cleanup(name, progress)),
  };
}

export function renderSaved(saved: readonly SavedWork[]): string[] {
  return saved.map(
    ({ repository, ref }) =>
      `- ${repository}: uncommitted work is in \`${ref}\` (\`git checkout ${ref} -- .\` brings it back)`,
  );
}

export function renderCleaned(name: string, { saved, branches, archive }: CleanupResult): string {
  return [
    `🧹 \`${name}\` is cleaned up.`,
    ...branches.map(
      ({ repository, branch, removed, reason }) =>
        `- ${repository}: branch \`${branch}\` ${removed ? 'removed' : 'kept'} (${reason})`,
    ),
    ...renderSaved(saved),
    `State archived in \`${archive}\`.`,
  ].join('\n');
}

export function renderPromoted({ workspace, repositories }: PromoteResult): string {
  const wrong = repositories.filter(({ outcome }) => outcome === 'failed').length;
  const pushed = repositories.filter(({ outcome }) => outcome === 'pushed').length;
  const head =
    wrong > 0
      ? `❌ \`${workspace}\` could not be promoted${pushed > 0 ? ' as a whole' : ''}.`
      : pushed > 0
        ? `🚀 \`${workspace}\` is promoted.`
        : `Nothing was pushed from \`${workspace}\`.`;
  return [head, ...repositories.map((each) => `- ${renderPromotedRepository(each)}`)].join('\n');
}

function renderPromotedRepository(each: PromotedRepository): string {
  const { repository, branch, commits, uncommitted, outcome, remote, pullRequest, compareUrl, note } = each;
  const what = {
    pushed: `${count(commits, 'commit')} pushed to \`${branch}\`${remote === undefined ? '' : ` of ${remote}`}`,
    nothing: 'no commits to push',
    local: `${count(commits, 'commit')} on \`${branch}\``,
    failed: 'failed',
  }[outcome];
  return [
    `${repository}: ${what}`,
    ...(pullRequest
      ? [
          `[pull request #${pullRequest.number}](${pullRequest.url})${pullRequest.reused ? ', open already' : ''}`,
        ]
      : []),
    ...(compareUrl === undefined ? [] : [`[open the pull request](${compareUrl})`]),
    ...(note === undefined ? [] : [note]),
    ...(uncommitted > 0 ? [`⚠️ ${count(uncommitted, 'file')} not committed, so not in it`] : []),
  ].join(' ⋅ ');
}
