import type { ServerDefinition } from '../kit/tool.ts';
import type { TestToolDeps } from './tools/deps.ts';
import { results } from './tools/results.ts';
import { run } from './tools/run.ts';

export type { TestToolDeps, TestWish } from './tools/deps.ts';

/** The `tests` server: whether a workspace's code does what it should (MCP-4). */
export const testsServer: ServerDefinition<TestToolDeps> = { name: 'tests', tools: [run, results] };
