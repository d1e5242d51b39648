/** The parts of the asks room that are files of their own, put together. */
import { z } from 'zod';
import type { ThreadRef } from '../../mcp-servers/kit/chat.ts';
import { describeError } from '../../mcp-servers/kit/errors.ts';
import type { Store } from '../../mcp-servers/kit/store/store.ts';
import type { SlackChat } from '../../mcp-servers/slack/chat.ts';
import type { SlackWeb } from '../../mcp-servers/slack/web.ts';
import type { MakeExtension } from './contract.ts';
import { createDiscussions, type DiscussPorts } from './discuss.ts';
import { createDocuments, type DocumentPorts, type Written } from './documents.ts';
import { createExpiry, type ExpiryPorts } from './expiry.ts';
import { createLate, type LatePorts } from './late.ts';
import { lateJobSchema } from './late-work.ts';
import { showCaller } from './permission-calls.ts';

export type ExtensionPorts = ExpiryPorts &
  Omit<LatePorts, 'jobs'> &
  Omit<DiscussPorts, 'openThread' | 'linkTo'> &
  DocumentPorts & { readonly store: Store; readonly chat: SlackChat; readonly web: SlackWeb };

export interface Extensions {
  readonly make: readonly MakeExtension[];
  /** What people write to a question rather than to an agent. @returns whether it was, and is dealt with */
  readonly take: (message: Written) => Promise<boolean>;
}

const permalinkSchema = z.object({ permalink: z.string() });

export function createExtensions(ports: ExtensionPorts): Extensions {
  const { store, chat, web, log } = ports;
  const jobs = store.collection({ name: 'ask-late', schema: lateJobSchema, version: 1 });
  const takers: ((message: Written) => Promise<boolean>)[] = [];
  const openThread: DiscussPorts['openThread'] = async (beside, id, markdown) => {
    const root = await chat.root({ ...beside, thread: '' }, id, markdown);
    return root === null ? null : { ...beside, thread: root };
  };
  const linkTo = async ({ channel, thread }: ThreadRef): Promise<string | null> => {
    try {
      const answer = await web.call('chat.getPermalink', { channel, message_ts: thread });
      return permalinkSchema.parse(answer).permalink;
    } catch (error) {
      log.warn({ err: describeError(error) }, 'asks.discussion.unlinked');
      return null;
    }
  };
  return {
    make: [
      createExpiry(ports),
      createLate({ ...ports, jobs }),
      () => ({ card: showCaller }),
      (asks) => {
        const documents = createDocuments(ports, asks);
        takers.push((message) => documents.take(message));
        return documents.extension;
      },
      (asks) => {
        const discussions = createDiscussions({ ...ports, openThread, linkTo }, asks);
        takers.push((message) => discussions.take(message));
        return discussions.extension;
      },
    ],
    async take(message) {
      for (const take of takers) if (await take(message)) return true;
      return false;
    },
  };
}
