/** Puts the asks room together. */
import { setTimeout as pause } from 'node:timers/promises';
import { askSchema } from '../../mcp-servers/kit/asks.ts';
import { forgetOver } from '../../mcp-servers/kit/store/collection.ts';
import type { Store } from '../../mcp-servers/kit/store/store.ts';
import type { Room } from '../slack-in/rooms.ts';
import type { Incoming } from '../threads/incoming.ts';
import { createAsks } from './asks.ts';
import { tidyAsk } from './book.ts';
import type { Asks } from './contract.ts';
import type { AskPorts } from './ports.ts';
import { askRulesSchema } from './record.ts';

export interface OpenAsksOptions extends Omit<AskPorts, 'asks' | 'rules'> {
  readonly store: Store;
}

export interface OpenAsks extends AsyncDisposable {
  readonly asks: Asks;
  readonly room: Room;
}

/** Of the 10 s of OP-4. What is not done by then is stored, and taken up by the next process. */
const graceMs = 750;

export async function openAsks({ store, ...ports }: OpenAsksOptions): Promise<OpenAsks> {
  const asks = createAsks({
    ...ports,
    asks: store.collection({ name: 'asks', schema: askSchema, version: 1, tidy: tidyAsk }),
    rules: store.collection({
      name: 'ask-rules',
      schema: askRulesSchema,
      version: 1,
      // What a person allowed counts for as long as the session it was allowed to.
      tidy: forgetOver(({ at }, session) =>
        ports.workspaces.list().some(({ state }) => state.session?.id === session) ? null : at,
      ),
    }),
  });
  const waiting = await asks.resumeAll();
  ports.log.info({ waiting }, 'asks.ready');
  return {
    asks,
    room: {
      prefix: 'ask',
      click: (by, action, value) => asks.click(by, action, value),
      submit: (by, callbackId, view) => asks.submit(by, callbackId, view),
    },
    async [Symbol.asyncDispose]() {
      const ended = new AbortController();
      const late = pause(graceMs, undefined, { signal: ended.signal }).catch(() => {});
      await Promise.race([asks[Symbol.asyncDispose](), late]);
      ended.abort();
    },
  };
}

/** What a person chose on a card of the front-desk agent, as if they had written it. */
export function asIncoming(o: Parameters<AskPorts['acceptWords']>[0]): Incoming {
  return { ...o, kind: 'message', eventId: `ask/${o.messageId}`, files: [], addressing: 'direct' };
}
