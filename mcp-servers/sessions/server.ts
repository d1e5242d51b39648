import type { ServerDefinition } from '../kit/tool.ts';
import type { SessionToolDeps } from './tools/deps.ts';
import { fork } from './tools/fork.ts';
import { list } from './tools/list.ts';
import { pause } from './tools/pause.ts';
import { readMessages } from './tools/read-messages.ts';
import { respondToPermission } from './tools/respond-to-permission.ts';
import { respondToQuestion } from './tools/respond-to-question.ts';
import { resume } from './tools/resume.ts';
import { route } from './tools/route.ts';
import { send } from './tools/send.ts';
import { start } from './tools/start.ts';
import { status } from './tools/status.ts';
import { stop } from './tools/stop.ts';
import { switchModel } from './tools/switch-model.ts';

export type { SessionRow, SessionToolDeps, StartWords } from './tools/deps.ts';

/** The `sessions` server: how an agent starts and steers the agents that code (MCP-4). */
export const sessionsServer: ServerDefinition<SessionToolDeps> = {
  name: 'sessions',
  tools: [
    route,
    start,
    list,
    status,
    send,
    readMessages,
    respondToQuestion,
    respondToPermission,
    pause,
    resume,
    stop,
    switchModel,
    fork,
  ],
};
