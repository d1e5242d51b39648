import { z } from 'zod';
import { describeError, FrontdeskError } from '../../kit/errors.ts';

const pullSchema = z.object({ html_url: z.string(), number: z.number() });
const failureSchema = z.object({
  message: z.string(),
  errors: z.array(z.object({ message: z.string().optional() }).or(z.string())).optional(),
});

interface PullRequestWish {
  /** `owner/name`. */
  readonly repository: string;
  readonly branch: string;
  readonly base: string;
  readonly title: string;
  readonly body: string;
}

interface PullRequest {
  readonly url: string;
  readonly number: number;
  /** It was open already. */
  readonly reused: boolean;
}

export interface Github {
  /** Finds the branch's open pull request, or opens one. @throws FrontdeskError workspace_failed with GitHub's reason */
  openPullRequest(wish: PullRequestWish): Promise<PullRequest>;
}

const timeoutMs = 20_000;

export function createGithub({
  token,
  apiUrl = 'https://api.github.com',
}: {
  token: string;
  apiUrl?: string;
}): Github {
  const call = async (method: 'GET' | 'POST', path: string, body?: object) => {
    try {
      const response = await fetch(`${apiUrl.replace(/\/$/, '')}${path}`, {
        method,
        headers: {
          accept: 'application/vnd.github+json',
          authorization: `Bearer ${token}`,
          'user-agent': 'frontdesk',
          'x-github-api-version': '2022-11-28',
        },
        ...(body ? { body: JSON.stringify(body) } : {}),
        signal: AbortSignal.timeout(timeoutMs),
      });
      const text = await response.text();
      return { status: response.status, value: parseJson(text) };
    } catch (cause) {
      const detail = `GitHub cannot be reached (${describeError(cause)}).`;
      throw new FrontdeskError('workspace_failed', detail, { cause });
    }
  };
  const find = async ({ repository, branch, base }: PullRequestWish): Promise<PullRequest | null> => {
    const head = `${repository.split('/')[0]}:${branch}`;
    const query = new URLSearchParams({ head, base, state: 'open', per_page: '1' });
    const { status, value } = await call('GET', `/repos/${repository}/pulls?${query.toString()}`);
    const [first] = status === 200 ? expectShape(z.array(pullSchema), value) : refuse(status, value);
    return first ? { url: first.html_url, number: first.number, reused: true } : null;
  };
  return {
    async openPullRequest(wish) {
      const { repository, branch, base, title, body } = wish;
      const open = await find(wish);
      if (open) return open;
      const { status, value } = await call('POST', `/repos/${repository}/pulls`, {
        title,
        body,
        head: branch,
        base,
      });
      if (status === 201) {
        const made = expectShape(pullSchema, value);
        return { url: made.html_url, number: made.number, reused: false };
      }
      // Somebody opened it in between.
      return (status === 422 ? await find(wish) : null) ?? refuse(status, value);
    },
  };
}

function expectShape<T>(schema: z.ZodType<T>, value: unknown): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new FrontdeskError('workspace_failed', 'GitHub answered in a way that is not understood.');
}

function refuse(status: number, value: unknown): never {
  const failure = failureSchema.safeParse(value);
  const reasons = failure.success
    ? [
        failure.data.message,
        ...(failure.data.errors ?? []).map((each) => (typeof each === 'string' ? each : each.message)),
      ]
    : [];
  const hint =
    status === 401 || status === 403 || status === 404
      ? ' Check that the token may open pull requests there.'
      : '';
  const reason = reasons.filter(Boolean).join(': ').slice(0, 300) || 'no reason given';
  throw new FrontdeskError('workspace_failed', `GitHub said ${status}: ${reason}.${hint}`);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
