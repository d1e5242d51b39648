/** What the lab desk stores: wishes, so that a killed service neither loses nor doubles one. One small file each. */
import { z } from 'zod';
import { threadRefSchema } from '../../mcp-servers/kit/chat.ts';
import { suiteSchema, testRunSchema } from '../../mcp-servers/kit/tests.ts';

/** asked → begun: the lab has it, and its card follows it from there. */
export const deployWishSchema = z.object({
  id: z.string(),
  workspace: z.string(),
  repository: z.string().nullable(),
  person: z.string(),
  ref: threadRefSchema,
  replace: z.boolean(),
  afresh: z.boolean(),
  status: z.enum(['asked', 'begun']),
  /** The lab's id of it, once begun. */
  deployment: z.string().nullable(),
  /** Unix ms. */
  at: z.number(),
});
export type DeployWish = z.infer<typeof deployWishSchema>;

/** All suites that one wish asked for. */
export const testSessionSchema = z.object({
  id: z.string(),
  workspace: z.string(),
  repository: z.string().nullable(),
  person: z.string(),
  ref: threadRefSchema,
  suites: z.array(suiteSchema),
  status: z.enum(['running', 'done', 'stopped', 'interrupted', 'failed']),
  /** So far, with the last lines of their logs only. */
  runs: z.array(testRunSchema),
  testUrl: z.string().nullable(),
  /** Deployment that the suites were run against. */
  deployment: z.string().nullable(),
  /** Who stopped it, or why it failed; '' for neither. */
  note: z.string(),
  /** Unix ms. */
  startedAt: z.number(),
  endedAt: z.number().nullable(),
  /** A deploy that follows unless a test fails (`testOnDeploy`). */
  thenDeploy: z.object({ repository: z.string().nullable(), replace: z.boolean() }).nullable(),
  /** Its end is on the card and in the state file. */
  told: z.boolean(),
});
export type TestSession = z.infer<typeof testSessionSchema>;
