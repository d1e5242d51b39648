import type { ServerDefinition } from '../kit/tool.ts';
import { cleanup } from './tools/cleanup.ts';
import { deploy } from './tools/deploy.ts';
import type { LabToolDeps } from './tools/deps.ts';
import { list } from './tools/list.ts';
import { logs } from './tools/logs.ts';
import { status } from './tools/status.ts';

/** The `lab` server: where a workspace's code runs (MCP-4). */
export const labServer: ServerDefinition<LabToolDeps> = {
  name: 'lab',
  tools: [deploy, status, logs, list, cleanup],
};
