/** What a person is asked before something is destroyed or published (MCP-5). */
import type { WorkspaceInfo } from '../../kit/work.ts';
import { count } from '../diff/render.ts';
import type { RepositoryDiff } from '../diff/shapes.ts';
import type { ClickRequest } from './deps.ts';

type Diffs = readonly RepositoryDiff[];

export function describeReset({ name }: WorkspaceInfo, diffs: Diffs): ClickRequest {
  const dirty = diffs.filter(({ uncommitted }) => uncommitted > 0);
  return {
    title: `Reset ${name} to its last commits?`,
    detail: [
      ...dirty.map(
        ({ repository, uncommitted }) => `- ${repository}: ${count(uncommitted, 'file')} not committed`,
      ),
      '',
      'They are saved to a ref first, so nothing is lost. Commits stay.',
    ].join('\n'),
    action: { kind: 'reset', workspace: name },
  };
}

export function describePromote({ name }: WorkspaceInfo, diffs: Diffs): ClickRequest {
  return {
    title: `Promote ${name}?`,
    detail: [
      ...diffs.map(({ repository, branch, commits, uncommitted }) => {
        const left = uncommitted > 0 ? `; ${count(uncommitted, 'file')} not committed will not go along` : '';
        return `- ${repository}: ${commits > 0 ? `push ${count(commits, 'commit')} on \`${branch}\`` : 'no commits to push'}${left}`;
      }),
      '',
      'A pull request is opened where GitHub is set up.',
    ].join('\n'),
    action: { kind: 'promote', workspace: name },
  };
}

export function describeCleanup({ name, state }: WorkspaceInfo, diffs: Diffs): ClickRequest {
  return {
    title: `Clean up ${name}?`,
    detail: [
      ...(state.session ? [`Its work session (${state.session.agent}, ${state.session.status}) ends.`] : []),
      ...diffs.map(({ repository, branch, commits, uncommitted }) => {
        const work = uncommitted > 0 ? `; ${count(uncommitted, 'uncommitted file')} saved to a ref` : '';
        return `- ${repository}: worktree removed; \`${branch}\` (${count(commits, 'commit')}) kept unless merged${work}`;
      }),
      '',
      'The state and its history are archived.',
    ].join('\n'),
    action: { kind: 'cleanup', workspace: name },
  };
}
