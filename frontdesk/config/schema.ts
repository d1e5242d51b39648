import { homedir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { policySchema } from '../../mcp-servers/kit/policy.ts';
import { workAgentSchema } from '../../mcp-servers/kit/work.ts';
import { defaultRoutingRules, routingRulesSchema } from '../../mcp-servers/sessions/routing-rules.ts';

const list = z
  .union([z.string(), z.array(z.string())])
  .transform((value) =>
    (typeof value === 'string' ? value.split(/[\s,]+/) : value).filter((item) => item !== ''),
  );

/** Ids of Slack: a name in their place would serve nobody, and say nothing. */
const ids = (shape: RegExp, what: string) =>
  list.refine((given) => given.every((id) => shape.test(id)), { error: `must be ${what}, not names` });

/** A list of objects: as such in the file, as JSON in a variable. */
const json = <T extends z.ZodType>(schema: T) =>
  z.preprocess((value, context) => {
    if (typeof value !== 'string') return value;
    try {
      return JSON.parse(value) as unknown;
    } catch {
      context.addIssue({ code: 'custom', message: 'is not JSON' });
      return z.NEVER;
    }
  }, schema);

const projectSetting = z.object({
  name: z.string().regex(/^[a-z0-9-]+\/[a-z0-9-]+$/, 'must be category/project'),
  repositories: z.array(z.string().min(1)),
  description: z.string().optional(),
  policy: policySchema.optional(),
});

const workModel = z.object({
  id: z.string().regex(/^[^/\s]+\/\S+$/, 'must be provider/model'),
  agents: z.array(workAgentSchema).default([]),
  reason: z.string().default('configured'),
  baseUrl: z.url().optional(),
  apiKey: z.string().min(1).optional(),
});

const loopback = /^https?:\/\/(127\.0\.0\.1|localhost|\[::1\])(:\d+)?\//;

const whole = (smallest: number, largest: number) => z.coerce.number().int().min(smallest).max(largest);

const shape = z.object({
  botToken: z.string({ error: 'is missing' }).startsWith('xoxb-', 'must be a bot token (xoxb-…)'),
  appToken: z.string().startsWith('xapp-', 'must be an app-level token (xapp-…)').optional(),
  signingSecret: z.string().min(8, 'is too short to be a signing secret').optional(),
  slackMode: z.enum(['socket', 'http']).default('socket'),
  slackHost: z.string().min(1).default('127.0.0.1'),
  slackPort: whole(0, 65_535).default(3000),
  slackApiUrl: z
    .string()
    .refine((url) => loopback.test(url) || /^https:\/\/([a-z0-9-]+\.)*slack(-gov)?\.com\//.test(url), {
      error: 'must be https://slack.com/api/ or a loopback address: the token is sent there',
    })
    .default('https://slack.com/api/'),
  slackPace: z.coerce.number().min(0.1).max(1000).default(1),
  allowedUsers: ids(/^[UW][A-Z0-9_]+$/, 'user ids (U…)').default([]),
  allowedTeams: ids(/^[TE][A-Z0-9_]+$/, 'team ids (T…)').default([]),
  allowedChannels: ids(/^[CDG][A-Z0-9_]+$/, 'channel ids (C…)').default([]),
  operatorChannel: z
    .string()
    .regex(/^[CDG][A-Z0-9_]+$/, 'must be a channel id (C…), not a name')
    .optional(),
  stateDir: z
    .string()
    .min(1)
    .default(join(homedir(), '.config', 'frontdesk')),
  keepDays: whole(1, 36_500).default(30),
  port: whole(0, 65_535).default(8000),
  logLevel: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  model: z
    .string({ error: 'is missing' })
    .regex(/^[^/\s]+\/\S+$/, 'must be provider/model, e.g. anthropic/claude-sonnet-4-5'),
  modelBaseUrl: z.url('must be a URL').optional(),
  modelApiKey: z.string().min(1).optional(),
  modelContext: whole(1000, 10_000_000).default(200_000),
  workspaceRoot: z.string().min(1).optional(),
  projects: json(z.array(projectSetting)).default([]),
  policy: json(policySchema).prefault({}),
  permissionTimeoutSeconds: whole(1, 86_400).default(300),
  apiToken: z.string().min(16, 'is too short: use 16 characters or more').optional(),
  workModels: json(z.array(workModel).min(1)).optional(),
  routing: json(routingRulesSchema).default(defaultRoutingRules),
  maxSessions: whole(1, 1000).default(10),
  testSeconds: whole(1, 86_400).default(300),
  labReadySeconds: whole(1, 300).default(180),
  labsStay: z.union([z.boolean(), z.stringbool()]).default(true),
  labHours: z.coerce.number().min(0.01).max(100_000).optional(),
  labIdleMinutes: z.coerce.number().min(1).max(100_000).optional(),
  bridgeToken: z.string().min(16, 'is too short: use 16 characters or more').optional(),
  githubToken: z.string().min(8).optional(),
  githubApiUrl: z.url('must be a URL').optional(),
  hostPort: whole(1, 65_535).optional(),
  hostPassword: z.string().min(16, 'is too short: use 16 characters or more').optional(),
  hostOwners: json(z.record(z.string(), z.string())).default({}),
  awayMs: whole(1000, 86_400_000).default(600_000),
  openCodeUrl: z.url('must be a URL').optional(),
  codeServerUrl: z.url('must be a URL').optional(),
  cardAfterMs: whole(0, 60_000).default(1500),
  remindAfterMs: whole(1000, 86_400_000).default(180_000),
  stalledAfterMs: whole(1000, 86_400_000).default(900_000),
  turnLimitMs: whole(1000, 86_400_000).default(3_600_000),
  turnSteps: whole(1, 10_000).default(100),
});

/** Durations are milliseconds unless the name says otherwise. */
export const configSchema = shape
  // `when: always`: also judged when another setting is wrong, so that all problems are listed at once.
  .refine(({ slackMode, appToken }) => slackMode === 'http' || appToken !== undefined, {
    error: 'is missing',
    path: ['appToken'],
    when: () => true,
  })
  .refine(({ slackMode, signingSecret }) => slackMode !== 'http' || signingSecret !== undefined, {
    error: 'is missing (HTTP mode verifies with it)',
    path: ['signingSecret'],
    when: () => true,
  })
  .refine(
    ({ hostOwners, allowedUsers }) =>
      Object.values(hostOwners).every((person) => allowedUsers.includes(person)),
    { error: 'names somebody who is not in SLACK_ALLOWED_USERS', path: ['hostOwners'] },
  );

export type Config = z.infer<typeof configSchema>;

/** What one MCP server needs that runs alone over stdio. */
export const slackAloneSchema = shape
  .pick({ botToken: true, slackApiUrl: true, stateDir: true, logLevel: true })
  .extend({
    thread: z
      .string({ error: 'is missing' })
      .regex(/^[CDG][A-Z0-9_]+:(\d+\.\d+)?$/, 'must be channel:thread_ts'),
  });

/** What `frontdesk mcp lab` needs. */
export const labAloneSchema = shape
  .pick({ stateDir: true, logLevel: true, labReadySeconds: true })
  .extend({ workspaceRoot: z.string({ error: 'is missing' }).min(1) });

/** What `frontdesk mcp tests` needs. */
export const testsAloneSchema = shape
  .pick({ stateDir: true, logLevel: true, testSeconds: true })
  .extend({ workspaceRoot: z.string({ error: 'is missing' }).min(1) });

/** What `frontdesk mcp workspaces` needs. */
export const workspacesAloneSchema = shape
  .pick({ stateDir: true, logLevel: true, projects: true, githubToken: true, githubApiUrl: true })
  .extend({ workspaceRoot: z.string({ error: 'is missing' }).min(1) });

/** What `frontdesk mcp sessions` needs. */
export const sessionsAloneSchema = shape
  .pick({ stateDir: true, logLevel: true, routing: true, workModels: true })
  .extend({
    ...shape.pick({ model: true, modelBaseUrl: true, modelApiKey: true }).partial().shape,
    workspaceRoot: z.string({ error: 'is missing' }).min(1),
  });

/** What `frontdesk lab` needs to reach the running service. */
export const labCommandSchema = shape.pick({ port: true, apiToken: true });
