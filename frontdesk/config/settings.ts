import type { Config } from './schema.ts';

/** What a setting is called outside, what it means, and how to get a value. One row a setting; README's table is made from it. */
export interface Setting {
  readonly variable: string;
  readonly meaning: string;
  readonly fix: string;
  readonly secret?: true;
}

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
  keepDays: {
    variable: 'FRONTDESK_KEEP_DAYS',
    meaning:
      'What has been over for so many days is forgotten: answered questions, ended starts, deployments, tests, messages that could not be delivered. Threads keep their session, workspaces and `audit.jsonl` all they have',
    fix: 'set a whole number of days, 1 or more',
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
    meaning: 'Projects besides those of `.ai/projectlist.md`: `[{name, repositories, description, policy}]`',
    fix: 'set a list (JSON in the variable), e.g. [{"name":"ai-dev/api","repositories":["api"]}]',
  },
  policy: {
    variable: 'FRONTDESK_POLICY',
    meaning:
      'Working hours, deadline of questions, updates and quiet hours, where a project has no `policy` of its own',
    fix: 'set an object (JSON in the variable), e.g. {"hours":{"timeZone":"Europe/Berlin"},"deadline":{"wallMinutes":60}}',
  },
  permissionTimeoutSeconds: {
    variable: 'PERMISSION_TIMEOUT_SECONDS',
    meaning:
      'How long `POST /api/permissions` waits for a person before it answers deny; who calls it waits 10 s longer',
    fix: 'set a whole number of seconds',
  },
  apiToken: {
    variable: 'FRONTDESK_API_TOKEN',
    meaning:
      'Bearer token that `/api/…` asks for; without it any program on this machine may call, but remove nothing',
    fix: 'set 16 characters or more',
    secret: true,
  },
  workModels: {
    variable: 'FRONTDESK_WORK_MODELS',
    meaning: 'Models of work sessions: `[{id, agents, reason, baseUrl, apiKey}]`',
    fix: 'set a list (JSON in the variable), e.g. [{"id":"anthropic/claude-sonnet-4-5","agents":["architect"]}]',
    secret: true,
  },
  routing: {
    variable: 'FRONTDESK_ROUTING',
    meaning:
      'Which agent is suggested for which words: `{default, confidentFrom, rules: [{agent, topic, weight, keywords}]}`, in place of the shipped rules',
    fix: 'set the whole object (JSON in the variable); mcp-servers/sessions/routing-rules.ts is the one shipped',
  },
  maxSessions: {
    variable: 'FRONTDESK_MAX_SESSIONS',
    meaning: 'Work sessions at once',
    fix: 'set a whole number',
  },
  testSeconds: {
    variable: 'FRONTDESK_TEST_SECONDS',
    meaning: 'A suite of tests is ended after this long, s',
    fix: 'set a whole number of seconds',
  },
  labReadySeconds: {
    variable: 'FRONTDESK_LAB_READY_SECONDS',
    meaning:
      'A lab that has not answered this long after its start has failed, s, up to 300; `readySeconds` of `.frontdesk.yaml` goes before it',
    fix: 'set a whole number of seconds, 300 at most',
  },
  labsStay: {
    variable: 'FRONTDESK_LABS_STAY',
    meaning: 'Labs on this machine run on when the service ends; `false`: they end with it',
    fix: 'set true or false',
  },
  labHours: {
    variable: 'FRONTDESK_LAB_HOURS',
    meaning: 'A lab ends this long after it became ready, h; without it, it stays until it is cleaned up',
    fix: 'set a number of hours, or leave it unset',
  },
  labIdleMinutes: {
    variable: 'FRONTDESK_LAB_IDLE_MINUTES',
    meaning:
      'A lab that nobody asks for so long sleeps, min, and wakes for who asks next (Linux only); without it, it stays awake',
    fix: 'set a number of minutes, or leave it unset',
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
  hostPort: {
    variable: 'FRONTDESK_HOST_PORT',
    meaning:
      'Loopback port of the local host’s OpenCode, for people who use its own UI; without it any free one',
    fix: 'set a number from 1 to 65535',
  },
  hostPassword: {
    variable: 'FRONTDESK_HOST_PASSWORD',
    meaning:
      'Password of the local host’s OpenCode (user `opencode`); without it a random one that nobody knows',
    fix: 'set a random text of 16 characters or more',
    secret: true,
  },
  hostOwners: {
    variable: 'FRONTDESK_HOST_OWNERS',
    meaning:
      'Who is asked in Slack about sessions begun in a host’s own OpenCode: `{"laptop": "U…"}`; for other hosts the first of `SLACK_ALLOWED_USERS`',
    fix: 'set JSON of host names and user ids that are served',
  },
  awayMs: {
    variable: 'FRONTDESK_AWAY_MS',
    meaning:
      'Nothing typed or answered in OpenCode’s own UI for this long: its person is away, and is asked in Slack, too, ms',
    fix: 'set a whole number of milliseconds',
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
