/** The rooms there are only with a workspace root: work sessions, what waits for people, labs, tests, and who watches them. */
import { createPlaces } from './work/places.ts';
import type { Metrics } from './http/metrics.ts';
import type { Room } from './slack-in/rooms.ts';
import type { Work } from './work/contract.ts';
import { openWork, type OpenWorkOptions } from './work/open-work.ts';
import type { SlackWeb } from '../mcp-servers/slack/web.ts';
import type { SlackChat } from '../mcp-servers/slack/chat.ts';

export interface OpenRoomsOptions extends Omit<OpenWorkOptions, 'places' | 'chat'> {
  readonly web: SlackWeb;
  readonly chat: SlackChat;
  readonly teamId: string;
  readonly metrics: Metrics;
}

/** What the tools, surfaces and threads reach of them. */
export interface WorkRooms {
  readonly work: Work;
}

export interface OpenRooms extends WorkRooms, AsyncDisposable {
  readonly clickable: readonly Room[];
  tick(): void;
}

/** @throws FrontdeskError when the local host does not start */
export async function openRooms(options: OpenRoomsOptions): Promise<OpenRooms> {
  await using stack = new AsyncDisposableStack();
  const { web, chat, teamId, log } = options;
  const places = createPlaces({ web, chat, teamId, log });
  const { work } = stack.use(await openWork({ ...options, places }));
  const owned = stack.move();
  return {
    work,
    clickable: [],
    tick() {
      work.tick();
    },
    [Symbol.asyncDispose]: () => owned[Symbol.asyncDispose](),
  };
}
