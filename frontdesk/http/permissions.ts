/** AS-7: other tools ask a person for permission, and get the answer as the response. */
import { z } from 'zod';
import type { PermissionRequest } from '../../mcp-servers/kit/asks.ts';
import { answerAbsent, apiErrorSchema, type ApiRoutes, type Late, whenClientLeaves } from './api.ts';

const kinds = ['command', 'path', 'diff', 'detail'] as const;
/** Characters; what is longer nobody reads on a phone. */
const text = z.string().min(1).max(200_000).optional();

const bodySchema = z
  .strictObject({
    sessionId: z
      .string({ error: 'is missing' })
      .regex(/^[A-Za-z0-9_]{8,200}$/, 'must be 8 to 200 letters, digits or underscores')
      .describe('Of the asking tool; "for the session" is remembered under it.'),
    permission: z.string().min(1).max(100).describe('What kind, e.g. `bash` or `deploy`.'),
    title: z.string().max(200).optional().describe('A few words beside it.'),
    command: text,
    path: text,
    diff: text,
    detail: text.describe('Anything else. Exactly one of command, path, diff, detail.'),
  })
  .refine((body) => kinds.filter((kind) => body[kind] !== undefined).length === 1, {
    error: 'give exactly one of command, path, diff, detail',
  });

const answerSchema = z.object({
  decision: z.enum(['allow', 'deny']),
  scope: z.enum(['once', 'session']).nullable().describe('How long it holds; null for deny.'),
  reason: z.string().describe('In words; of a deny, why.'),
  by: z.string().describe('Who decided: a person’s name; empty when nobody did.'),
});
export type PermissionAnswer = z.infer<typeof answerSchema>;

/**
 * Puts it before a person and waits for the answer, at most PERMISSION_TIMEOUT_SECONDS. Never rejects for want of an answer.
 * @param left aborted when the caller is not waiting any more
 */
export type AskPermission = (
  call: { readonly sessionId: string; readonly request: PermissionRequest },
  left: AbortSignal,
) => Promise<PermissionAnswer>;

/** `POST /api/permissions`. */
export function permissionRoutes(late: Late<AskPermission>): ApiRoutes {
  return (api) => {
    api.route({
      method: 'POST',
      url: '/permissions',
      schema: {
        summary:
          'Ask a person for permission; answered when they have decided, or with deny when nobody did.',
        body: bodySchema,
        response: { 200: answerSchema, 400: apiErrorSchema, 401: apiErrorSchema, 503: apiErrorSchema },
      },
      async handler(request, reply) {
        const ask = late();
        if (ask === undefined) return await answerAbsent(request, reply);
        const { sessionId } = request.body;
        const call = { sessionId, request: requestOf(request.body) };
        return await reply.send(await ask(call, whenClientLeaves(reply)));
      },
    });
  };
}

function requestOf(body: z.infer<typeof bodySchema>): PermissionRequest {
  const kind = kinds.find((each) => body[each] !== undefined) ?? 'detail';
  const title = body.title?.replaceAll(/\s+/g, ' ').trim() ?? '';
  return {
    permission: title === '' ? body.permission : `${body.permission} (${title})`,
    patterns: [],
    detail: body[kind] ?? '',
    detailKind: kind === 'detail' ? 'other' : kind,
  };
}
