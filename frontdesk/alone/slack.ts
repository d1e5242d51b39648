/** `frontdesk mcp slack` (MCP-1): posts for any MCP client. The thread is fixed by whoever starts it (MCP-2). */
import { createHash, randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { z } from 'zod';
import { type ChatFile, type ChatMessage, type ThreadRef } from '../../mcp-servers/kit/chat.ts';
import { FrontdeskError } from '../../mcp-servers/kit/errors.ts';
import { noProbe } from '../../mcp-servers/kit/probe.ts';
import { openStore } from '../../mcp-servers/kit/store/store.ts';
import { createSlackChat } from '../../mcp-servers/slack/chat.ts';
import { slackServer, type SlackToolDeps } from '../../mcp-servers/slack/server.ts';
import { showPlainQuestion } from '../../mcp-servers/slack/tools/ask.ts';
import { createSlackWeb } from '../../mcp-servers/slack/web.ts';
import { createAloneLog, serveAlone } from './serve.ts';
import { secretsOf } from '../config/load.ts';
import type { slackAloneSchema } from '../config/schema.ts';
import { createMetrics } from '../http/metrics.ts';
import { proveToken } from '../slack-identity.ts';

/** Serves until the client goes away. */
export async function runSlackAlone(config: z.infer<typeof slackAloneSchema>): Promise<void> {
  const { log, redactor } = createAloneLog(config.logLevel, secretsOf(config));
  const web = createSlackWeb({ token: config.botToken, apiUrl: config.slackApiUrl, log });
  const { teamId, botUserId } = await proveToken(web);
  const [channel = '', thread = ''] = config.thread.split(':');
  const ref: ThreadRef = { team: teamId, channel, thread, dm: channel.startsWith('D') };

  // An outbox of its own: the service's is locked by the service.
  const dir = join(
    config.stateDir,
    'alone',
    createHash('sha256').update(config.thread).digest('hex').slice(0, 12),
  );
  await mkdir(dir, { recursive: true, mode: 0o700 });
  await using store = await openStore({ dir, log });
  await using chat = await createSlackChat({
    web,
    store,
    redactor,
    log,
    probe: noProbe,
    metrics: createMetrics({ processMetrics: false }),
    teamId,
    botUserId,
  });
  const deps: SlackToolDeps = {
    async say(_, message: ChatMessage) {
      await chat.say(ref, `alone/${randomUUID()}`, message);
      return { posted: true };
    },
    async attach(_, file: ChatFile) {
      await chat.attach(ref, `alone/${randomUUID()}`, file);
      return { posted: true };
    },
    // Nobody listens to clicks here.
    async ask(_, question) {
      await chat.say(ref, `alone/${randomUUID()}`, { kind: 'text', markdown: showPlainQuestion(question) });
      return { posted: true };
    },
    async mark(_, emoji) {
      if (thread === '') throw new FrontdeskError('thread_unknown', 'There is no message to react to.');
      await chat.mark(ref, thread, emoji, true);
    },
  };
  await serveAlone(slackServer, deps, log, ref);
  await chat.drain(5000);
}
