import type { Chat } from '../mcp-servers/kit/chat.ts';
import type { SlackToolDeps } from '../mcp-servers/slack/server.ts';
import { createDeskAsk } from './asks/ask-tools.ts';
import type { Asks } from './asks/contract.ts';
import type { Threads } from './threads/threads.ts';

/** What the `slack` server's tools do inside the service: everything goes through the running turn. */
export function createSlackTools(
  threads: () => Threads,
  chat: Pick<Chat, 'mark'>,
  asks: () => Asks | undefined,
): SlackToolDeps {
  const repeated = {
    posted: false,
    note: 'Exactly this was posted already in this turn; it was not posted again.',
  };
  const say: SlackToolDeps['say'] = async ({ caller }, message) =>
    (await threads().say(caller.sessionId, message)) ? { posted: true } : repeated;
  const noteShown = (sessionId: string, what: string) => threads().noteShown(sessionId, what);
  return {
    say,
    ask: createDeskAsk(asks, { noteShown }, say),
    attach: async ({ caller }, file) =>
      (await threads().attach(caller.sessionId, file)) ? { posted: true } : repeated,
    async mark({ caller }, emoji) {
      const { ref, messageId } = threads().messageOf(caller.sessionId);
      await chat.mark(ref, messageId, emoji, true);
    },
  };
}
