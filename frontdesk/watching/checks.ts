/** Pull requests whose checks failed (WA-2), by GitHub's API. */
import { z } from 'zod';
import type { WorkspaceInfo } from '../../mcp-servers/kit/work.ts';
import type { ObservedWorkspace } from '../../watcher/contract.ts';
import { pullRequestsOf } from '../work/pull-requests.ts';

export interface ChecksParts {
  readonly token: string;
  readonly apiUrl: string;
  readonly fetch: typeof fetch;
  readonly list: () => readonly WorkspaceInfo[];
  readonly now: () => number;
}

export interface Checks {
  /** Asks for what was not asked for lately. @throws when GitHub does not answer as it should */
  readonly look: () => Promise<void>;
  readonly of: (workspace: string) => ObservedWorkspace['checks'];
}

/** Three requests each: with 80 open ones half of the 5,000 an hour that a token has. */
const everyMs = 180_000;
const timeoutMs = 20_000;

const pullSchema = z.object({ state: z.string(), head: z.object({ sha: z.string() }) });
const runsSchema = z.object({
  check_runs: z.array(z.object({ name: z.string(), status: z.string(), conclusion: z.string().nullable() })),
});
const statusSchema = z.object({ statuses: z.array(z.object({ context: z.string(), state: z.string() })) });

const failures = ['failure', 'timed_out', 'startup_failure', 'error'];

/** @returns names of what failed, once all has ended; [] before that, or when all is well. Pure. */
export function decideFailed(
  { check_runs: runs }: z.infer<typeof runsSchema>,
  { statuses }: z.infer<typeof statusSchema>,
): string[] {
  const pending =
    runs.some(({ status }) => status !== 'completed') || statuses.some(({ state }) => state === 'pending');
  if (pending) return [];
  return [
    ...runs.filter(({ conclusion }) => failures.includes(conclusion ?? '')).map(({ name }) => name),
    ...statuses.filter(({ state }) => failures.includes(state)).map(({ context }) => context),
  ];
}

export function createChecks({ token, apiUrl, fetch: call, list, now }: ChecksParts): Checks {
  const askedAt = new Map<string, number>();
  const closed = new Set<string>();
  const failed = new Map<string, ObservedWorkspace['checks'][number]>();

  const get = async <T>(path: string, schema: z.ZodType<T>): Promise<T> => {
    const response = await call(`${apiUrl.replace(/\/$/, '')}${path}`, {
      headers: {
        accept: 'application/vnd.github+json',
        authorization: `Bearer ${token}`,
        'user-agent': 'frontdesk',
        'x-github-api-version': '2022-11-28',
      },
      signal: AbortSignal.timeout(timeoutMs),
    });
    if (!response.ok) throw new Error(`GitHub said ${response.status} to ${path}.`);
    return schema.parse(await response.json());
  };

  const ask = async (url: string): Promise<void> => {
    const [, repository, number] = /\/([^/]+\/[^/]+)\/pull\/(\d+)$/.exec(url) ?? [];
    if (repository === undefined) return void closed.add(url);
    const pull = await get(`/repos/${repository}/pulls/${number}`, pullSchema);
    if (pull.state !== 'open') {
      closed.add(url);
      return void failed.delete(url);
    }
    const commit = `/repos/${repository}/commits/${pull.head.sha}`;
    const names = decideFailed(
      await get(`${commit}/check-runs?per_page=100`, runsSchema),
      await get(`${commit}/status?per_page=100`, statusSchema),
    );
    if (names.length > 0) failed.set(url, { id: pull.head.sha, url, failed: names });
    else failed.delete(url);
  };

  const urlsOf = ({ state }: WorkspaceInfo) => pullRequestsOf(state).map(({ url }) => url);

  return {
    async look() {
      const at = now();
      const open = list()
        .flatMap(urlsOf)
        .filter((url) => !closed.has(url) && at - (askedAt.get(url) ?? -Infinity) >= everyMs);
      for (const url of open) askedAt.set(url, at);
      const asked = await Promise.allSettled(open.map(ask));
      const wrong = asked.find((each) => each.status === 'rejected');
      if (wrong) throw wrong.reason;
    },
    of(workspace) {
      if (failed.size === 0) return [];
      const info = list().find(({ name }) => name === workspace);
      return info === undefined ? [] : urlsOf(info).flatMap((url) => failed.get(url) ?? []);
    },
  };
}
