/** AS-7: other tools ask a person for permission, and get the answer as the response. */
import { z } from 'zod';
import type { PermissionRequest } from '../../mcp-servers/kit/asks.ts';
import { answerAbsent, apiErrorSchema, type ApiRoutes, type Late, whenClientLeaves } from './api.ts';
import { sendLate } from './late-answer.ts';

const kinds = ['command', 'path', 'diff', 'detail'] as const;
/** Characters: as much as of a coding agent's own requests; what is too long for a card is shown as a file (AS-1). */
const text = z.string().min(1).max(2_000_000).optional();
/** Bytes of the body that such a text can be, written with escapes. */
const bodyLimit = 12 * 1024 * 1024;
/** Whoever calls waits this much longer than we do for a person, for the answer to reach them (AS-3). */
const marginSeconds = 10;
/** Below the 60 s after which proxies end what says nothing. */
const defaultHeartbeatMs = 15_000;

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

export interface PermissionRoutesOptions {
  readonly ask: Late<AskPermission>;
  /** PERMISSION_TIMEOUT_SECONDS */
  readonly timeoutSeconds: number;
  /** Between two signs of life while a person thinks; default 15 s. */
  readonly heartbeatMs?: number;
}

/** `POST /api/permissions`. */
export function permissionRoutes(o: PermissionRoutesOptions): ApiRoutes {
  const { ask: late, timeoutSeconds, heartbeatMs = defaultHeartbeatMs } = o;
  const description = [
    `Wait at least ${timeoutSeconds + marginSeconds} s for the answer: people have ${timeoutSeconds} s`,
    '(PERMISSION_TIMEOUT_SECONDS), then it is deny. While a person thinks, a space is sent every 15 s, which JSON may begin',
    'with, so that neither clients nor proxies give up. Close the connection to take the request back.',
  ].join(' ');
  return (api) => {
    api.route({
      method: 'POST',
      url: '/permissions',
      bodyLimit,
      schema: {
        summary:
          'Ask a person for permission; answered when they have decided, or with deny when nobody did.',
        description,
        body: bodySchema,
        response: { 200: answerSchema, 400: apiErrorSchema, 401: apiErrorSchema, 503: apiErrorSchema },
      },
      async handler(request, reply) {
        const ask = late();
        if (ask === undefined) return await answerAbsent(request, reply);
        const { sessionId } = request.body;
        const call = { sessionId, request: requestOf(request.body) };
        return await sendLate(reply, ask(call, whenClientLeaves(reply)), { heartbeatMs });
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
