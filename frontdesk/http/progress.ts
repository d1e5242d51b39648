/** LAB-7: how a deployment goes, for programs. */
import { z } from 'zod';
import { FrontdeskError } from '../../mcp-servers/kit/errors.ts';
import {
  type Deployment,
  deploymentSchema,
  type DeploymentEvent,
  labCauseSchema,
  labStepSchema,
  type Lab,
} from '../../mcp-servers/kit/lab.ts';
import { answerAbsent, apiErrorSchema, type ApiRoutes, type Late, whenClientLeaves } from './api.ts';
import { sendEvents, type ServerEvent } from './sse.ts';

export interface DeploymentRoutesOptions {
  readonly lab: Late<Pick<Lab, 'get' | 'list' | 'events' | 'status' | 'cleanup'>>;
  /** There is a token, so that not every program on this machine can remove labs: agents have a shell (MCP-5). */
  readonly secured?: boolean;
  /** After a lab was removed here. */
  readonly onRemoved?: (workspace: string) => void;
  /** What an app prints is shown only without secrets. */
  readonly redact: (text: string) => string;
  /** Default 15 s. */
  readonly heartbeatMs?: number;
}

const shownSchema = z
  .object({
    id: z.string(),
    workspace: z.string(),
    repository: z.string(),
    target: z.string(),
    runtime: z.string(),
    status: deploymentSchema.shape.status,
    url: z.string().nullable().describe('null until it is ready.'),
    steps: z.array(labStepSchema.pick({ key: true, label: true, status: true, ms: true, detail: true })),
    cause: labCauseSchema.nullable().describe('Why it failed or is down.'),
    log: z.array(z.string()).describe('Its last lines.'),
    startedAt: z.string().describe('ISO 8601.'),
    endedAt: z.string().nullable(),
  })
  .describe('A deployment');

const params = z.object({
  id: z.string().min(1).max(200).describe('As the deployment’s card and tools name it.'),
});
const ofWorkspace = z.object({
  workspace: z.string().min(1).max(100).describe('Whose lab, e.g. `ai-dev-shop-search`.'),
});
const refusals = { 401: apiErrorSchema, 404: apiErrorSchema, 503: apiErrorSchema };
const stream = z
  .string()
  .describe(
    [
      'Server-sent events: `progress` (a step begins), `step_complete`, `test_results`, `complete`; `data` is JSON, `id`',
      'counts up from 1. After a lost connection send `Last-Event-ID`: what was missed is sent again. It ends after',
      '`complete`.',
    ].join(' '),
  );

/** `GET /api/deployments`, `/api/deployments/:id`, `/api/deployments/:id/progress`; `DELETE /api/deployments/:workspace`. */
export function deploymentRoutes(options: DeploymentRoutesOptions): ApiRoutes {
  const { lab: late, redact, heartbeatMs = 15_000, secured = false, onRemoved } = options;
  const show = (deployment: Deployment) => shownSchema.parse(mask(shape(deployment), redact));

  const find = async (lab: Pick<Lab, 'get'>, id: string): Promise<Deployment> => {
    const deployment = await lab.get(id);
    if (deployment === undefined) throw new FrontdeskError('lab_unknown', `No deployment is called "${id}".`);
    return deployment;
  };

  return (api) => {
    api.get(
      '/deployments',
      {
        schema: {
          summary: 'Deployments: the latest of each workspace, newest first.',
          response: {
            200: z.object({ deployments: z.array(shownSchema) }).describe('Deployments'),
            401: apiErrorSchema,
            503: apiErrorSchema,
          },
        },
      },
      async (request, reply) => {
        const lab = late();
        if (lab === undefined) return await answerAbsent(request, reply);
        return { deployments: (await lab.list()).map(show) };
      },
    );

    api.get(
      '/deployments/:id',
      {
        schema: { summary: 'How a deployment stands.', params, response: { 200: shownSchema, ...refusals } },
      },
      async (request, reply) => {
        const lab = late();
        if (lab === undefined) return await answerAbsent(request, reply);
        return show(await find(lab, request.params.id));
      },
    );

    api.delete(
      '/deployments/:workspace',
      {
        schema: {
          summary: 'End and remove the lab of a workspace. Only where FRONTDESK_API_TOKEN is set.',
          params: ofWorkspace,
          response: {
            200: z
              .object({
                workspace: z.string(),
                removed: z.string().describe('The id of its latest deployment.'),
              })
              .describe('Removed'),
            403: apiErrorSchema,
            ...refusals,
          },
        },
      },
      async (request, reply) => {
        if (!secured)
          return await reply.code(403).send({
            error:
              'Labs are removed over HTTP only with a token. Set FRONTDESK_API_TOKEN and start again, or clean up in Slack.',
          });
        const lab = late();
        if (lab === undefined) return await answerAbsent(request, reply);
        const { workspace } = request.params;
        const latest = await lab.status(workspace);
        if (latest === null || latest.status === 'removed')
          throw new FrontdeskError('lab_unknown', `"${workspace}" has no lab.`);
        await lab.cleanup(workspace);
        onRemoved?.(workspace);
        return { workspace, removed: latest.id };
      },
    );

    api.get(
      '/deployments/:id/progress',
      {
        schema: {
          summary: 'The steps of a deployment as they happen.',
          params,
          headers: z.object({
            'last-event-id': z.string().optional().describe('The last one that was read.'),
          }),
          response: {
            200: { description: stream.description, content: { 'text/event-stream': { schema: stream } } },
            204: z
              .null()
              .describe('It has ended, and there is nothing after Last-Event-ID: do not ask again.'),
            ...refusals,
          },
        },
      },
      async (request, reply) => {
        const lab = late();
        if (lab === undefined) return await answerAbsent(request, reply);
        const { id } = request.params;
        const after = Number(/^\d{1,15}$/.exec(request.headers['last-event-id'] ?? '')?.[0] ?? 0);
        const { status } = await find(lab, id);
        const left = whenClientLeaves(reply);
        const events = lab.events(id, after, left);
        if (status === 'deploying') return await sendEvents(reply, shown(events, redact), { heartbeatMs });
        const all: DeploymentEvent[] = [];
        for await (const event of events) all.push(event);
        // Browsers dial again after the end, for ever, unless they are told so.
        if (all.length === 0) return await reply.code(204).send(null);
        return await sendEvents(reply, shown(all, redact), { heartbeatMs });
      },
    );
  };
}

function shape({ startedAt, endedAt, ...deployment }: Deployment) {
  return {
    ...deployment,
    startedAt: new Date(startedAt).toISOString(),
    endedAt: endedAt === null ? null : new Date(endedAt).toISOString(),
  };
}

async function* shown(
  events: AsyncIterable<DeploymentEvent> | Iterable<DeploymentEvent>,
  redact: (text: string) => string,
): AsyncGenerator<ServerEvent> {
  for await (const { id, at, type, data } of events)
    yield { id, event: type, data: mask({ ...data, at: new Date(at).toISOString() }, redact) };
}

/** Each text in it without secrets. */
function mask(value: unknown, redact: (text: string) => string): unknown {
  if (typeof value === 'string') return redact(value);
  if (Array.isArray(value)) return value.map((each) => mask(each, redact));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, mask(each, redact)]));
}
