import type { ServerDefinition } from '../kit/tool.ts';
import type { SlackToolDeps } from './tools/deps.ts';
import { ask } from './tools/ask.ts';
import { react } from './tools/react.ts';
import { reply } from './tools/reply.ts';
import { replyBlocks } from './tools/reply-blocks.ts';
import { upload } from './tools/upload.ts';

export type { SlackToolDeps } from './tools/deps.ts';

/** The `slack` server: how an agent speaks in its thread (MCP-4). */
export const slackServer: ServerDefinition<SlackToolDeps> = {
  name: 'slack',
  tools: [reply, replyBlocks, upload, react, ask],
};
