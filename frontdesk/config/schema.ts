import { homedir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { workAgentSchema } from '../../mcp-servers/kit/work.ts';

/** What a setting is called outside, what it means, and how to get a value. One row a setting; README's table is made from it. */
export interface Setting {
  readonly variable: string;
  readonly meaning: string;
  readonly fix: string;
  readonly secret?: true;
}

const list = z
  .union([z.string(), z.array(z.string())])
  .transform((value) =>
    (typeof value === 'string' ? value.split(/[\s,]+/) : value).filter((item) => item !== ''),
  );

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
  allowedUsers: list.default([]),
  allowedTeams: list.default([]),
  allowedChannels: list.default([]),
  operatorChannel: z
    .string()
    .regex(/^[CDG][A-Z0-9_]+$/, 'must be a channel id (C…), not a name')
    .optional(),
  stateDir: z
    .string()
    .min(1)
    .default(join(homedir(), '.config', 'frontdesk')),
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
  workModels: json(z.array(workModel).min(1)).optional(),
  maxSessions: whole(1, 1000).default(10),
  bridgeToken: z.string().min(16, 'is too short: use 16 characters or more').optional(),
  githubToken: z.string().min(8).optional(),
  githubApiUrl: z.url('must be a URL').optional(),
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
  });

export type Config = z.infer<typeof configSchema>;

/** What one MCP server needs that runs alone over stdio. */
export const aloneSchema = shape
  .pick({ botToken: true, slackApiUrl: true, stateDir: true, logLevel: true })
  .extend({
    thread: z
      .string({ error: 'is missing' })
      .regex(/^[CDG][A-Z0-9_]+:(\d+\.\d+)?$/, 'must be channel:thread_ts'),
  });

export const settings = {
  botToken: {
    variable: 'SLACK_BOT_TOKEN',
    meaning: 'Bot token of the Slack app',
    fix: 'copy it from “OAuth & Permissions” of your Slack app; it begins with xoxb-',
    secret: true,
  },
  appToken: {
    variable: 'SLACK_APP_TOKEN',
    meaning: 'App-level token for Socket Mode',
    fix: 'make one under “Basic Information → App-Level Tokens” with connections:write; it begins with xapp-',
    secret: true,
  },
  signingSecret: {
    variable: 'SLACK_SIGNING_SECRET',
    meaning: 'Verifies requests in HTTP mode',
    fix: 'copy it from “Basic Information → App Credentials”',
    secret: true,
  },
  slackMode: {
    variable: 'SLACK_MODE',
    meaning: '`socket` needs no public address, `http` listens at /slack/events',
    fix: 'set socket or http',
  },
  slackHost: {
    variable: 'SLACK_HTTP_HOST',
    meaning: 'HTTP mode: address to listen on',
    fix: 'set an address of this machine; 127.0.0.1 behind a reverse proxy',
  },
  slackPort: {
    variable: 'SLACK_HTTP_PORT',
    meaning: 'HTTP mode: port for /slack/events',
    fix: 'set a number from 0 to 65535',
  },
  slackApiUrl: {
    variable: 'SLACK_API_URL',
    meaning: 'Where Slack’s Web API is',
    fix: 'leave it unset for Slack itself',
  },
  slackPace: {
    variable: 'FRONTDESK_SLACK_PACE',
    meaning: 'How many times Slack’s published rates are used; its 429s are honoured in any case',
    fix: 'leave it at 1, unless Slack granted your workspace more',
  },
  allowedUsers: {
    variable: 'SLACK_ALLOWED_USERS',
    meaning: 'Slack user ids that are served; empty means nobody',
    fix: 'list user ids (U…), separated by commas; a profile’s “Copy member ID” gives one',
  },
  allowedTeams: {
    variable: 'SLACK_ALLOWED_TEAMS',
    meaning: 'Team ids that are served; empty means any',
    fix: 'list team ids (T…)',
  },
  allowedChannels: {
    variable: 'SLACK_ALLOWED_CHANNELS',
    meaning: 'Channel ids that are served; empty means any; DMs are not channels',
    fix: 'list channel ids (C…)',
  },
  operatorChannel: {
    variable: 'FRONTDESK_OPERATOR_CHANNEL',
    meaning: 'Channel that is told of posts that could not be delivered',
    fix: 'set a channel id (C…) that the bot is a member of',
  },
  stateDir: {
    variable: 'FRONTDESK_STATE_DIR',
    meaning: 'Where threads, outbox and OpenCode’s data are kept',
    fix: 'set a folder that can be written',
  },
  port: {
    variable: 'FRONTDESK_PORT',
    meaning: 'Loopback port of the gateway (0: any free one)',
    fix: 'set a number from 0 to 65535',
  },
  logLevel: {
    variable: 'FRONTDESK_LOG_LEVEL',
    meaning: 'How much is logged',
    fix: 'set fatal, error, warn, info, debug, trace or silent',
  },
  model: {
    variable: 'FRONTDESK_MODEL',
    meaning: 'Model of the front desk, as OpenCode names it',
    fix: 'set provider/model, e.g. anthropic/claude-sonnet-4-5',
  },
  modelBaseUrl: {
    variable: 'FRONTDESK_MODEL_BASE_URL',
    meaning: 'Address of an OpenAI-compatible server, for a provider OpenCode does not know',
    fix: 'set the URL that ends in /v1, or leave it unset',
  },
  modelApiKey: {
    variable: 'FRONTDESK_MODEL_API_KEY',
    meaning: 'Key of the model’s provider',
    fix: 'set the provider’s API key',
    secret: true,
  },
  modelContext: {
    variable: 'FRONTDESK_MODEL_CONTEXT',
    meaning: 'Context window of a model behind FRONTDESK_MODEL_BASE_URL, in tokens',
    fix: 'set a whole number',
  },
  workspaceRoot: {
    variable: 'FRONTDESK_WORKSPACE_ROOT',
    meaning: 'Folder with `repos/`, where workspaces are made; without it no work sessions',
    fix: 'set an existing folder',
  },
  projects: {
    variable: 'FRONTDESK_PROJECTS',
    meaning: 'Projects besides those of `.ai/projectlist.md`: `[{name, repositories, description}]`',
    fix: 'set a list (JSON in the variable), e.g. [{"name":"ai-dev/api","repositories":["api"]}]',
  },
  workModels: {
    variable: 'FRONTDESK_WORK_MODELS',
    meaning: 'Models of work sessions: `[{id, agents, reason, baseUrl, apiKey}]`',
    fix: 'set a list (JSON in the variable), e.g. [{"id":"anthropic/claude-sonnet-4-5","agents":["architect"]}]',
    secret: true,
  },
  maxSessions: {
    variable: 'FRONTDESK_MAX_SESSIONS',
    meaning: 'Work sessions at once',
    fix: 'set a whole number',
  },
  bridgeToken: {
    variable: 'FRONTDESK_BRIDGE_TOKEN',
    meaning: 'Token with which other hosts dial in; without it only the local host',
    fix: 'set a random text of 16 characters or more',
    secret: true,
  },
  githubToken: {
    variable: 'FRONTDESK_GITHUB_TOKEN',
    meaning: 'Opens pull requests; without it the compare link is given',
    fix: 'set a token that may push and open pull requests',
    secret: true,
  },
  githubApiUrl: {
    variable: 'FRONTDESK_GITHUB_API_URL',
    meaning: 'Of GitHub Enterprise',
    fix: 'set the URL of its REST API',
  },
  openCodeUrl: {
    variable: 'FRONTDESK_OPENCODE_URL',
    meaning: 'Where people reach OpenCode’s web UI',
    fix: 'set a URL',
  },
  codeServerUrl: {
    variable: 'FRONTDESK_CODE_SERVER_URL',
    meaning: 'Where people reach code-server',
    fix: 'set a URL',
  },
  cardAfterMs: {
    variable: 'FRONTDESK_CARD_AFTER_MS',
    meaning: 'A turn longer than this shows its live card, ms',
    fix: 'set a whole number of milliseconds',
  },
  remindAfterMs: {
    variable: 'FRONTDESK_REMIND_AFTER_MS',
    meaning: 'No sign of life for this long: “still working”, ms',
    fix: 'set a whole number of milliseconds',
  },
  stalledAfterMs: {
    variable: 'FRONTDESK_STALLED_AFTER_MS',
    meaning: 'No sign of life for this long: stalled, with [Wait] [Stop], ms',
    fix: 'set a whole number of milliseconds',
  },
  turnLimitMs: {
    variable: 'FRONTDESK_TURN_LIMIT_MS',
    meaning: 'A turn is ended after this long, ms',
    fix: 'set a whole number of milliseconds',
  },
  turnSteps: {
    variable: 'FRONTDESK_TURN_STEPS',
    meaning: 'A turn is ended after this many model calls',
    fix: 'set a whole number',
  },
  thread: {
    variable: 'FRONTDESK_THREAD',
    meaning: 'Only for `frontdesk mcp slack`: the thread it speaks in',
    fix: 'set channel:thread_ts, e.g. C0123456:1700000000.000100',
  },
} as const satisfies Record<keyof Config | 'thread', Setting>;
