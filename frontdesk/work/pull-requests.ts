/** The pull requests of a workspace, under `pullRequests` in `.session-state.yaml`: written by promote, watched for failed checks. */
import { z } from 'zod';
import type { WorkspaceState } from '../../mcp-servers/kit/work.ts';
import type { PromoteResult } from '../../mcp-servers/workspaces/promote/shapes.ts';

const pullRequestsSchema = z.array(z.object({ repository: z.string(), url: z.string() }));
export type PullRequests = z.infer<typeof pullRequestsSchema>;

/** Never throws: a damaged part is as if it were not there. */
export function pullRequestsOf(state: WorkspaceState): PullRequests {
  return pullRequestsSchema.safeParse(state['pullRequests']).data ?? [];
}

/** The latest of each repository. @returns the same object when nothing changes */
export function withPullRequests(state: WorkspaceState, { repositories }: PromoteResult): WorkspaceState {
  const before = pullRequestsOf(state);
  const added = repositories.flatMap(({ repository, pullRequest }) =>
    pullRequest === undefined || before.some(({ url }) => url === pullRequest.url)
      ? []
      : [{ repository, url: pullRequest.url }],
  );
  if (added.length === 0) return state;
  const kept = before.filter((each) => !added.some(({ repository }) => repository === each.repository));
  return { ...state, pullRequests: [...kept, ...added] };
}
