/** `frontdesk lab list | clean <workspace>`: the labs of the running service, from a shell (LAB-6). */
import { z } from 'zod';
import { FrontdeskError } from '../mcp-servers/kit/errors.ts';
import { deploymentSchema } from '../mcp-servers/kit/lab.ts';

export interface LabCommandOptions {
  /** `list`, or `clean` and a workspace. */
  readonly words: readonly string[];
  /** Where the service listens on this machine. */
  readonly port: number;
  /** FRONTDESK_API_TOKEN. */
  readonly token?: string | undefined;
}

const listSchema = z.object({
  deployments: z.array(
    z.object({
      workspace: z.string(),
      repository: z.string(),
      target: z.string(),
      runtime: z.string(),
      status: deploymentSchema.shape.status,
      url: z.string().nullable(),
      cause: z.object({ text: z.string() }).nullable(),
      startedAt: z.string(),
    }),
  ),
});
export type ListedLab = z.infer<typeof listSchema>['deployments'][number];

const refusalSchema = z.object({ error: z.string() });

/** What is asked at most; removing a lab takes as long as its app takes to end. */
const patienceMs = 60_000;

/**
 * @returns what to print; undefined when the words are no command
 * @throws FrontdeskError service_absent when nothing answers there, service_refused with its words
 */
export async function runLabCommand(options: LabCommandOptions): Promise<string | undefined> {
  const [verb, workspace, ...more] = options.words;
  if (more.length > 0) return undefined;
  if (verb === 'list' && workspace === undefined)
    return renderLabs(listSchema.parse(await call(options, 'GET', '/api/deployments')).deployments);
  if (verb === 'clean' && workspace !== undefined && workspace !== '') {
    await call(options, 'DELETE', `/api/deployments/${encodeURIComponent(workspace)}`);
    return `The lab of ${workspace} is cleaned up.\n`;
  }
  return undefined;
}

async function call({ port, token }: LabCommandOptions, method: string, path: string): Promise<unknown> {
  const where = `http://127.0.0.1:${port}`;
  // Port 0 is a free one that only the service knows.
  if (port === 0) throw new FrontdeskError('service_absent', 'FRONTDESK_PORT is 0.');
  const response = await fetch(`${where}${path}`, {
    method,
    headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
    signal: AbortSignal.timeout(patienceMs),
  }).catch((cause: unknown) => {
    throw new FrontdeskError('service_absent', `Asked at ${where}.`, { cause });
  });
  const body: unknown = await response.json().catch(() => undefined);
  if (response.ok) return body;
  if (response.status === 401)
    throw new FrontdeskError(
      'service_refused',
      'The token is wrong: set FRONTDESK_API_TOKEN to the service’s.',
    );
  const refusal = refusalSchema.safeParse(body);
  throw new FrontdeskError(
    'service_refused',
    refusal.success ? refusal.data.error : `It answered ${response.status}.`,
  );
}

/** One line a lab, in columns. Pure. */
export function renderLabs(labs: readonly ListedLab[]): string {
  if (labs.length === 0) return 'There are no labs.\n';
  const rows = labs.map(({ workspace, repository, target, runtime, status, url, cause, startedAt }) => [
    workspace,
    status,
    status === 'ready' ? (url ?? '') : (cause?.text.split('\n')[0] ?? ''),
    [repository, runtime, target].filter((each) => each !== '').join(' · '),
    `since ${startedAt.slice(0, 16).replace('T', ' ')}`,
  ]);
  const widths = [0, 1, 2, 3, 4].map((at) => Math.max(...rows.map((row) => (row[at] ?? '').length)));
  const line = (row: readonly string[]) => row.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join('  ');
  return `${rows.map((row) => line(row).trimEnd()).join('\n')}\n`;
}
