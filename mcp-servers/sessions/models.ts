import { z } from 'zod';
import { describeError } from '../kit/errors.ts';
import { type WorkAgent, workAgentSchema } from '../kit/work.ts';
import type { ModelChoice } from './request.ts';

/** The models work sessions may run on, as data (SE-2). */
const workModelSchema = z.object({
  /** `provider/model`, as OpenCode names it. */
  id: z.string().regex(/^[^/\s]+\/\S+$/, 'must be provider/model'),
  /** Agents it is suggested for; the first model of the list that names the agent is taken. */
  agents: z.array(workAgentSchema),
  /** Why, in words that follow the model's name. */
  reason: z.string(),
  /** Its server's base URL; `/models` under it is asked whether it answers. Absent: taken to be available. */
  baseUrl: z.url().optional(),
  /** Sent with that question, e.g. an API key. */
  headers: z.record(z.string(), z.string()).optional(),
});
export type WorkModel = z.infer<typeof workModelSchema>;

/** Overridable in the configuration. vLLM's, llama.cpp's and LM Studio's servers listen on 8000, 8080 and 1234. */
export const defaultWorkModels: readonly WorkModel[] = [
  {
    id: 'anthropic/claude-sonnet-4-5',
    agents: ['architect', 'pm', 'party-mode'],
    reason: 'weighs trade-offs and long context well',
  },
  {
    id: 'local/qwen2.5-coder-32b',
    agents: ['builder'],
    reason: 'writes code locally, at no cost per token',
    baseUrl: 'http://127.0.0.1:8080/v1',
  },
];

/** @returns the model for the agent: the first that names it, else the first of all */
export function suggestModel(agent: WorkAgent, models: readonly WorkModel[]): WorkModel {
  const found = models.find(({ agents }) => agents.includes(agent)) ?? models[0];
  if (found === undefined) throw new TypeError('no models are configured');
  return found;
}

export interface ModelHealth {
  /** @returns '' when the model answers, else why not; remembered for some seconds */
  check(model: WorkModel): Promise<string>;
}

export interface ModelHealthOptions {
  readonly fetch: typeof fetch;
  /** Unix ms. */
  readonly now: () => number;
  readonly timeoutMs?: number;
  /** An answer is good for so long. */
  readonly rememberMs?: number;
}

/** OpenAI's and Anthropic's list of models look alike. */
const listSchema = z.object({ data: z.array(z.object({ id: z.string() })).min(1) });

export function createModelHealth({
  fetch,
  now,
  timeoutMs = 2000,
  rememberMs = 10_000,
}: ModelHealthOptions): ModelHealth {
  const known = new Map<string, { readonly until: number; readonly answer: Promise<string> }>();
  const ask = async ({ id, baseUrl, headers = {} }: WorkModel): Promise<string> => {
    if (baseUrl === undefined) return '';
    try {
      const url = `${baseUrl.replace(/\/$/, '')}/models`;
      const response = await fetch(url, { headers, signal: AbortSignal.timeout(timeoutMs) });
      if (!response.ok) return `its server answers ${response.status}`;
      const list = listSchema.safeParse(await response.json().catch(() => null));
      const name = id.slice(id.indexOf('/') + 1);
      // Servers of one model often name it by its file; only a list that looks like names is held against it.
      const isListed = !list.success || list.data.data.some((model) => sameModel(model.id, name));
      return isListed || list.data?.data.length === 1 ? '' : 'its server runs, but does not offer it';
    } catch (error) {
      const timedOut = error instanceof Error && error.name === 'TimeoutError';
      return timedOut
        ? `its server does not answer within ${timeoutMs / 1000} s`
        : `its server cannot be reached${reasonOf(error)}`;
    }
  };
  return {
    check(model) {
      const before = known.get(model.id);
      if (before !== undefined && before.until > now()) return before.answer;
      const answer = ask(model);
      known.set(model.id, { until: now() + rememberMs, answer });
      return answer;
    },
  };
}

export async function chooseModel(model: WorkModel, health: ModelHealth): Promise<ModelChoice> {
  const problem = await health.check(model);
  return { id: model.id, reason: model.reason, available: problem === '', problem };
}

function sameModel(listed: string, name: string): boolean {
  const bare = (text: string) => text.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
  return bare(listed).includes(bare(name)) || bare(name).includes(bare(listed));
}

/** undici says "fetch failed" and keeps what happened in the cause. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  const code = (cause as NodeJS.ErrnoException | undefined)?.code;
  return code === undefined ? ` (${describeError(error)})` : ` (${code})`;
}
