/** The composition root: every part is made here, and handed what it needs. */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { LogOptions } from '../mcp-servers/kit/log.ts';
import { noProbe, type Probe } from '../mcp-servers/kit/probe.ts';
import { createStamps } from '../mcp-servers/kit/stamps.ts';
import { createApiRoutes } from './api-routes.ts';
import { asIncoming } from './asks/open-asks.ts';
import { createChannelNames } from './channel-names.ts';
import type { Config } from './config/schema.ts';
import { findGaps } from './gaps.ts';
import { startGateway } from './http/gateway.ts';
import { createPluginHellos } from './opencode/plugin-hellos.ts';
import type { Metrics } from './http/metrics.ts';
import { frontDeskModelOf } from './models.ts';
import { openGround } from './open-ground.ts';
import { openHosts } from './open-hosts.ts';
import { openRooms, type OpenRooms } from './open-rooms.ts';
import { type OpenSlackIn, openSlackIn } from './open-slack-in.ts';
import { type OpenCode, startOpenCode } from './opencode/start.ts';
import { loadFile } from './slack-in/files.ts';
import { startTogether } from './start-together.ts';
import type { FileRef } from './threads/incoming.ts';
import { compactThread } from './threads/compact.ts';
import { threadRecordSchema } from './threads/record.ts';
import { createThreads, type Threads } from './threads/threads.ts';
import { startTidying } from './tidying.ts';
import { createToolServices } from './tool-services.ts';
import { countAtWork } from './work/at-work.ts';
import { openConfiguredWorkspaces } from './work/open-work.ts';
import { createWorkMentions } from './work/surfaces.ts';

export interface FrontdeskOptions {
  readonly config: Config;
  /** Where the agent's definition and plugin are; default: the ones shipped. */
  readonly agentsDir?: string;
  /** Of the process; git, go-task and the local host's shell get the harmless part of it. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Takes the log, line by line and with its secrets masked; default stdout. */
  readonly logTo?: LogOptions['destination'];
  readonly probe?: Probe;
}

export interface Frontdesk extends AsyncDisposable {
  /** Of the loopback gateway. */
  readonly url: string;
  readonly openCodePid: number | undefined;
  readonly metrics: Metrics;
  readonly threads: Threads;
  /** Turns running, and posts not sent yet. 0: nothing left to do. */
  readonly backlog: number;
  /** In HTTP mode, where Slack's requests go. */
  readonly slackUrl: string;
}

/** OP-4: all of it within 10 s, with 1 s each for sockets and aborts and 2.5 s for OpenCode, each of which may hang. */
const turnGraceMs = 3000;
const outboxGraceMs = 2000;

/**
 * Starts the service; disposing it drains and stops it (OP-4).
 * @throws FrontdeskError of the part that could not start; whatever had started is stopped again
 */
export async function startFrontdesk(options: FrontdeskOptions): Promise<Frontdesk> {
  const { config, probe = noProbe, agentsDir = join(import.meta.dirname, '..', 'agents') } = options;
  await using stack = new AsyncDisposableStack();

  const ground = stack.use(await openGround(config, probe, options.logTo));
  const { log, redact, onSecret, metrics, store, audit, web, chat, teamId } = ground;
  const records = store.collection({
    name: 'threads',
    schema: threadRecordSchema,
    version: 1,
    tidy: compactThread,
  });

  // Tools are served before there are threads: OpenCode connects to them while it starts.
  const late: { threads?: Threads; openCode?: OpenCode; rooms?: OpenRooms; slackIn?: OpenSlackIn } = {};
  const stamps = createStamps({ now: Date.now });
  const hellos = createPluginHellos();
  const [mcpToken, stampToken] = [randomToken(), randomToken()];
  for (const [name, value] of Object.entries({ mcpToken, stampToken })) onSecret({ name, value });
  const { workspaceRoot: root } = config;
  const environment = options.environment ?? {};
  const workspaces =
    root === undefined ? null : stack.use(await openConfiguredWorkspaces(config, root, environment, log));
  const services = createToolServices({ late, chat, workspaces, stamps, log, probe });
  let ready = false;
  const gateway = stack.use(
    await startGateway({
      port: config.port,
      log,
      metrics,
      mcp: { token: mcpToken, services },
      stamp: { token: stampToken, stamps, hellos },
      api: createApiRoutes(config, late, redact, audit),
      health: () => ({
        ready,
        slack: late.slackIn?.health() ?? 'connecting',
        opencode: late.openCode?.health(),
        turns: late.threads?.running ?? 0,
      }),
    }),
  );

  const startDesk = async (giveUp: AbortSignal) =>
    await startOpenCode({
      stateDir: config.stateDir,
      agentsDir,
      model: frontDeskModelOf(config),
      mcp: {
        servers: services.map(({ name }) => name),
        url: (server) => `${gateway.url}/mcp/${server}`,
        token: mcpToken,
      },
      stampUrl: `${gateway.url}/opencode`,
      stampToken,
      hellos,
      onSecret,
      giveUp,
      log,
      probe,
    });
  const startHosts = async (giveUp: AbortSignal) =>
    root === undefined
      ? null
      : await openHosts({ config, root, agentsDir, gateway, environment, onSecret, giveUp, log });
  const [openCode, hosts] = await startTogether(startDesk, startHosts);
  stack.use(openCode);
  stack.use(hosts);
  late.openCode = openCode;

  const channelName = createChannelNames(web);
  const workParts = workspaces === null ? undefined : { work: () => late.rooms?.work, workspaces, chat };
  const mentions = workParts === undefined ? undefined : createWorkMentions(workParts);
  const load = (file: FileRef) => loadFile(file, config.botToken, config.slackApiUrl);
  const threads = createThreads({
    records,
    agent: openCode.agent,
    chat,
    allowedUsers: config.allowedUsers,
    limits: config,
    loadFile: load,
    channelName,
    ...(mentions === undefined ? {} : { commands: mentions }),
    pluggedSummary: (ref) => late.rooms?.work.pluggedSummary(ref) ?? 'none',
    pendingAsks: (ref) => late.rooms?.asks.summary(ref) ?? 'none',
    audit,
    log,
    probe,
    now: Date.now,
    steady: () => performance.now(),
  });
  late.threads = threads;
  if (workspaces !== null && root !== undefined && hosts !== null) {
    late.rooms = stack.use(
      await openRooms({
        config,
        root,
        workspaces,
        hosts,
        store,
        web,
        chat,
        teamId,
        metrics,
        environment,
        channelName,
        redact,
        loadFile: load,
        acceptWords: (words) => threads.accept(asIncoming(words)),
        audit,
        newMessageId: () => openCode.agent.newPromptId(),
        log,
      }),
    );
  }
  // Closed in reverse: no more events, then no more turns, then the outbox empties, then OpenCode ends.
  stack.defer(() => chat.drain(outboxGraceMs));
  stack.defer(() => threads.drain(turnGraceMs));
  metrics.gauge('turns_running', () => threads.running);
  metrics.gauge('work_busy', () => late.rooms?.busy ?? 0);
  metrics.gauge('sessions_running', () => countAtWork(workspaces, late.rooms?.asks));

  const slackIn = stack.use(
    await openSlackIn({ config, ground, records, threads, rooms: late.rooms, workParts, mentions, probe }),
  );
  late.slackIn = slackIn;
  const ticker = setInterval(() => {
    threads.tick();
    late.rooms?.tick();
  }, 1000);
  stack.defer(() => {
    ready = false;
    clearInterval(ticker);
  });
  const resumed = await threads.resume();
  slackIn.readMissed();
  stack.use(startTidying({ store, workspaces, keepDays: config.keepDays, log, now: Date.now }));
  const projects = (await workspaces?.projects())?.projects.length ?? 0;
  for (const { msg, fix } of findGaps({ ...config, projects })) log.warn({ fix }, msg);
  ready = true;
  log.info(
    {
      url: gateway.url,
      slackUrl: slackIn.url,
      bot: ground.botUserId,
      team: teamId,
      model: config.model,
      resumed,
    },
    'frontdesk.ready',
  );

  const running = stack.move();
  return {
    url: gateway.url,
    slackUrl: slackIn.url,
    metrics,
    threads,
    get backlog() {
      return threads.running + chat.depth + (late.rooms?.busy ?? 0);
    },
    get openCodePid() {
      return openCode.pid;
    },
    [Symbol.asyncDispose]: () => running[Symbol.asyncDispose](),
  };
}

function randomToken(): string {
  return randomBytes(32).toString('base64url');
}
