/** The composition root: every part is made here, and handed what it needs. */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { createLog, type LogOptions } from '../mcp-servers/kit/log.ts';
import { noProbe, type Probe } from '../mcp-servers/kit/probe.ts';
import { createRedactor } from '../mcp-servers/kit/redact/redactor.ts';
import { createStamps } from '../mcp-servers/kit/stamps.ts';
import { openStore } from '../mcp-servers/kit/store/store.ts';
import { createSlackChat } from '../mcp-servers/slack/chat.ts';
import { createSlackWeb } from '../mcp-servers/slack/web.ts';
import { asIncoming } from './asks/open-asks.ts';
import { createApiRoutes } from './api-routes.ts';
import { openAudit } from './audit.ts';
import { createChannelNames } from './channel-names.ts';
import { secretsOf } from './config/load.ts';
import type { Config } from './config/schema.ts';
import { findGaps } from './gaps.ts';
import { publishIdleHome } from './home/open-home.ts';
import { startGateway } from './http/gateway.ts';
import { createPluginHellos } from './http/hellos.ts';
import { createMetrics, type Metrics } from './http/metrics.ts';
import { type OpenCode, startOpenCode } from './opencode/start.ts';
import { connectSlackIn } from './slack-in/bolt.ts';
import { beginMarks, catchUp, channelMarkSchema, markChannel } from './slack-in/catch-up.ts';
import { loadFile } from './slack-in/files.ts';
import { createGap } from './slack-in/gap.ts';
import { createReceiver } from './slack-in/create-receiver.ts';
import { proveToken } from './slack-identity.ts';
import { prepareStateDir } from './state-dir.ts';
import { createToolServices } from './tool-services.ts';
import { type FileRef, type Incoming } from './threads/incoming.ts';
import { threadRecordSchema } from './threads/record.ts';
import { createThreads, type Threads } from './threads/threads.ts';
import { countAtWork } from './work/at-work.ts';
import { openConfiguredWorkspaces } from './work/open-work.ts';
import { createIdleSurfaces, createWorkMentions, createWorkSurfaces } from './work/surfaces.ts';
import { frontDeskModelOf } from './models.ts';
import { openHosts } from './open-hosts.ts';
import { openRooms, type OpenRooms } from './open-rooms.ts';
import { createRouteIncoming } from './route-incoming.ts';
import { startTogether } from './start-together.ts';
import { createRooms } from './slack-in/rooms.ts';
import { createWorkRoom } from './work/room.ts';

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
  const redactor = createRedactor({ secrets: secretsOf(config) });
  const redact = (text: string) => redactor.redact(text);
  const { logTo } = options;
  const log = createLog({ level: config.logLevel, redact, ...(logTo ? { destination: logTo } : {}) });
  const metrics = createMetrics();
  await using stack = new AsyncDisposableStack();

  await prepareStateDir(config.stateDir);
  const store = stack.use(await openStore({ dir: join(config.stateDir, 'state'), log }));
  const audit = stack.use(openAudit(join(config.stateDir, 'audit.jsonl'), { redact, log }));
  const records = store.collection({ name: 'threads', schema: threadRecordSchema, version: 1 });
  const marks = store.collection({ name: 'channels', schema: channelMarkSchema, version: 1 });

  const { botToken: token, slackApiUrl: apiUrl } = config;
  const web = createSlackWeb({ token, apiUrl, log });
  const { teamId, botUserId } = await proveToken(web);
  const { operatorChannel, slackPace: paceFactor } = config;
  const chat = stack.use(
    await createSlackChat({
      web,
      store,
      redactor,
      log,
      probe,
      metrics,
      teamId,
      botUserId,
      operatorChannel,
      paceFactor,
    }),
  );

  // Tools are served before there are threads: OpenCode connects to them while it starts.
  const late: { threads?: Threads; openCode?: OpenCode; rooms?: OpenRooms } = {};
  const stamps = createStamps({ now: Date.now });
  const hellos = createPluginHellos();
  const [mcpToken, stampToken] = [randomToken(), randomToken()];
  for (const [name, value] of Object.entries({ mcpToken, stampToken })) redactor.add({ name, value });
  const { workspaceRoot: root } = config;
  const environment = options.environment ?? {};
  const workspaces =
    root === undefined ? null : stack.use(await openConfiguredWorkspaces(config, root, environment, log));
  const services = createToolServices({ late, chat, workspaces, stamps, log, probe });
  const state = { ready: false, slack: 'connecting' };
  const gateway = stack.use(
    await startGateway({
      port: config.port,
      log,
      metrics,
      mcp: { token: mcpToken, services },
      stamp: { token: stampToken, stamps, hellos },
      api: createApiRoutes(config, late, redact, (entry) => audit.write(entry)),
      health: () => ({ ...state, opencode: late.openCode?.health(), turns: late.threads?.running ?? 0 }),
    }),
  );

  const onSecret = (secret: { name: string; value: string }) => redactor.add(secret);
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
  const parts = workspaces === null ? null : { work: () => late.rooms?.work, workspaces, chat, redact };
  const commands = parts === null ? null : createWorkMentions(parts);
  const load = (file: FileRef) => loadFile(file, token, apiUrl);
  const threads = createThreads({
    records,
    agent: openCode.agent,
    chat,
    allowedUsers: config.allowedUsers,
    limits: config,
    loadFile: load,
    channelName,
    ...(commands === null ? {} : { commands }),
    pluggedSummary: (ref) => late.rooms?.work.pluggedSummary(ref) ?? 'none',
    pendingAsks: (ref) => late.rooms?.asks.summary(ref) ?? 'none',
    audit: (entry) => audit.write(entry),
    log,
    probe,
    now: Date.now,
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
        audit: (entry) => audit.write(entry),
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

  const clicks = createRooms([createWorkRoom(() => late.rooms?.work), ...(late.rooms?.clickable ?? [])]);
  const onIncoming = createRouteIncoming({
    clicks,
    threads,
    rooms: () => late.rooms,
    isOrder: (text) => commands?.isOrder(text) ?? false,
    // While something is missed, a newer message does not mean that all before it came.
    async onTaken({ ref, messageId }) {
      if (gap.closed) await markChannel(marks, ref.channel, messageId);
    },
  });
  const caughtUp = async (incoming: Incoming) => void (await onIncoming(incoming));
  const reading = {
    web,
    teamId,
    botUserId,
    allow: config,
    records,
    marks,
    onIncoming: caughtUp,
    log,
    now: web.slackNow,
  };
  await beginMarks(marks, web.slackNow());
  const gap = stack.use(createGap({ attempt: (giveUp) => catchUp({ ...reading, giveUp }) }));
  let slackUrl = '';
  const receiver = createReceiver(config, { log, probe, metrics, onGapEnd: () => gap.read() });
  stack.use(
    await connectSlackIn({
      botToken: token,
      botUserId,
      slackApiUrl: apiUrl,
      receiver,
      allow: config,
      redact,
      log,
      onIncoming,
      surfaces:
        parts === null
          ? createIdleSurfaces(() => threads.running)
          : createWorkSurfaces({ ...parts, rooms: clicks }),
      onHome: async ({ person }) => await (late.rooms?.home.opened(person) ?? publishIdleHome(web, person)),
      onRefused: (way) => metrics.count('slack_refused_total', { way }),
    }),
  );
  if ('address' in receiver) slackUrl = receiver.address();
  state.slack = 'connected';

  const ticker = setInterval(() => {
    threads.tick();
    late.rooms?.tick();
  }, 1000);
  stack.defer(() => {
    state.ready = false;
    clearInterval(ticker);
  });
  const resumed = await threads.resume();
  // Not awaited: Slack may be slow, and new messages are served meanwhile.
  gap.read();
  const projects = (await workspaces?.projects())?.projects.length ?? 0;
  for (const { msg, fix } of findGaps({ ...config, projects })) log.warn({ fix }, msg);
  state.ready = true;
  log.info(
    { url: gateway.url, slackUrl, bot: botUserId, team: teamId, model: config.model, resumed },
    'frontdesk.ready',
  );

  const running = stack.move();
  return {
    url: gateway.url,
    slackUrl,
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
