/** The rooms there are only with a workspace root: work sessions, what waits for people, labs, tests, and who watches them. */
import type { Asks } from './asks/contract.ts';
import { createExtensions, type Extensions } from './asks/extensions.ts';
import { openAsks } from './asks/open-asks.ts';
import { createPermissionCalls, withdrawOldCalls } from './asks/permission-calls.ts';
import type { AskPorts } from './asks/ports.ts';
import { askTitle } from './asks/words.ts';
import { openHome } from './home/open-home.ts';
import type { Home } from './home/home.ts';
import { openLabs } from './lab/open-labs.ts';
import { createLabRoom } from './lab/room.ts';
import type { LabRooms } from './lab/tools.ts';
import { createPolicyOf } from './policy-of.ts';
import { createDm, createPlaces } from './work/places.ts';
import { createWorkRoom } from './work/room.ts';
import type { Metrics } from './http/metrics.ts';
import type { AskPermission } from './http/permissions.ts';
import type { Room } from './slack-in/rooms.ts';
import type { FileRef, LoadedFile } from './threads/incoming.ts';
import type { Work } from './work/contract.ts';
import { createWatching } from './watching/watching.ts';
import type { OpenHosts } from './open-hosts.ts';
import { openWork, type OpenWorkOptions } from './work/open-work.ts';
import { toldSchema } from '../watcher/told.ts';
import type { SlackWeb } from '../mcp-servers/slack/web.ts';
import type { SlackChat } from '../mcp-servers/slack/chat.ts';

export interface OpenRoomsOptions extends Omit<
  OpenWorkOptions,
  'places' | 'chat' | 'asksOf' | 'hosts' | 'closeDoor' | 'labs'
> {
  /** `config.workspaceRoot`, which is set. */
  readonly root: string;
  readonly hosts: OpenHosts;
  readonly web: SlackWeb;
  readonly chat: SlackChat;
  readonly teamId: string;
  readonly metrics: Metrics;
  readonly acceptWords: AskPorts['acceptWords'];
  readonly loadFile: (file: FileRef) => Promise<LoadedFile>;
  /** Labs and tests find their programs in it. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly redact: (text: string) => string;
}

/** What the tools, surfaces and threads reach of them. */
export interface WorkRooms extends LabRooms {
  readonly work: Work;
  readonly asks: Asks;
}

export interface OpenRooms extends WorkRooms, AsyncDisposable {
  readonly clickable: readonly Room[];
  /** What is under way that nobody waits for: starts, answers, cards of labs and tests. */
  readonly busy: number;
  readonly home: Home;
  readonly askPermission: AskPermission;
  readonly take: Extensions['take'];
  tick(): void;
}

export async function openRooms(options: OpenRoomsOptions): Promise<OpenRooms> {
  await using stack = new AsyncDisposableStack();
  const { web, chat, teamId, log, config, workspaces } = options;
  const { registry: hosts, openExploring, closeDoor } = options.hosts;
  const places = createPlaces({ web, chat, teamId, log });
  const late: { asks?: Asks } = {};
  const asksOf = (workspace: string) => late.asks?.pending({ workspace }).map(askTitle) ?? [];
  const isAllowed = (person: string) => config.allowedUsers.includes(person);
  const lab = stack.use(await openLabs({ ...options, isAllowed, now: Date.now }));
  const { labs } = lab;
  const { work } = stack.use(await openWork({ ...options, places, asksOf, hosts, closeDoor, labs }));
  const policyOf = createPolicyOf(config, workspaces);
  const clocks = { now: Date.now, steady: () => performance.now() };
  const asking = { ...options, hosts, policyOf, isAllowed, ...clocks };
  const extensions = createExtensions({ ...asking, work: () => work });
  const { asks, room: askRoom } = stack.use(
    await openAsks({
      ...options,
      hosts,
      policyOf,
      remember: (workspace, text) => work.watched.remember(workspace, text),
      isAllowed,
      extensions: extensions.make,
      ...clocks,
    }),
  );
  late.asks = asks;
  await withdrawOldCalls(asks);
  const openDm = createDm({ web, teamId, log });
  const { operatorChannel: channel, allowedUsers, permissionTimeoutSeconds: timeoutSeconds } = config;
  const exploring = stack.use(
    await openExploring({
      ...options,
      work,
      ownerOf: (host) => config.hostOwners[host] ?? allowedUsers[0],
      awayMs: config.awayMs,
      dmOf: openDm,
      isAllowed,
      now: Date.now,
    }),
  );
  const askPermission = createPermissionCalls({
    ...options,
    asks,
    desk: async () =>
      channel === undefined
        ? await openDm(allowedUsers[0] ?? '')
        : { team: teamId, channel, thread: '', dm: false },
    timeoutSeconds,
    now: Date.now,
  });
  const labDesk = await lab.openDesk(work);
  const home = await openHome({
    ...options,
    work,
    asks,
    alsoWaiting: () => exploring.waiting(),
    labDesk,
    openDm,
    maxSessions: config.maxSessions,
    isAllowed,
    now: Date.now,
  });
  const watcher = stack.use(
    createWatching({
      ...options,
      hosts,
      watched: work.watched,
      policyOf,
      told: options.store.collection({ name: 'told', schema: toldSchema, version: 1 }),
      asks,
      others: [
        ['asks', () => asks.reconcile()],
        ['labs', () => lab.lab.observe()],
      ],
      stalledAfterMs: config.stalledAfterMs,
      ...(config.githubToken === undefined
        ? {}
        : { github: { token: config.githubToken, apiUrl: config.githubApiUrl } }),
      ...clocks,
    }),
  );
  watcher.start();
  const owned = stack.move();
  return {
    work,
    asks,
    askPermission,
    take: extensions.take,
    lab: lab.lab,
    tests: lab.tests,
    labDesk,
    home,
    clickable: [createWorkRoom(work), askRoom, createLabRoom(labDesk), home, exploring.room],
    get busy() {
      return work.busy + asks.busy + labDesk.busy;
    },
    tick() {
      work.tick();
      asks.tick();
      exploring.tick();
      labDesk.tick();
      home.tick();
    },
    [Symbol.asyncDispose]: () => owned[Symbol.asyncDispose](),
  };
}
