import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { startGateway } from '../../../frontdesk/http/gateway.ts';
import { createPluginHellos } from '../../../frontdesk/opencode/plugin-hellos.ts';
import { createMetrics } from '../../../frontdesk/http/metrics.ts';
import type { Agent, AgentEvent, PromptState } from '../../../frontdesk/opencode/agent.ts';
import { type OpenCodeOptions, startOpenCode } from '../../../frontdesk/opencode/start.ts';
import { createSilentLog } from '../../../mcp-servers/kit/log.ts';
import { createMcpService } from '../../../mcp-servers/kit/mcp-server.ts';
import { noProbe } from '../../../mcp-servers/kit/probe.ts';
import { createStamps } from '../../../mcp-servers/kit/stamps.ts';
import { defineTool } from '../../../mcp-servers/kit/tool.ts';
import { type ModelServer, startModelServer } from '../../model/server.ts';

export const agentsDir = resolve(import.meta.dirname, '../../../agents');

/** One call of the test's `slack_reply`, and the session its stamp vouched for. */
interface Reply {
  readonly text: string;
  readonly sessionId: string;
  readonly rawStamp: unknown;
}

/** The real HTTP gateway with a `slack` server of one tool that only notes what it was told. */
export async function startTools() {
  const stamps = createStamps({ now: Date.now });
  const hellos = createPluginHellos();
  const replies: Reply[] = [];
  const log = createSilentLog();
  const reply = defineTool({
    name: 'reply',
    title: 'Reply',
    description: 'Replies in the thread.',
    input: z.object({ text: z.string() }),
    output: z.object({ posted: z.boolean() }),
    hints: { readOnly: false, destructive: false, idempotent: false },
    run: async (_: undefined, { text }, { caller }) => {
      replies.push({ text, sessionId: caller.sessionId, rawStamp: seenStamps.at(-1) });
      return { posted: true };
    },
  });
  const seenStamps: unknown[] = [];
  const service = createMcpService({
    definition: { name: 'slack', tools: [reply] },
    deps: undefined,
    log,
    resolveCaller({ tool, stamp }) {
      seenStamps.push(stamp);
      const { sessionId, callId } = stamps.consume(String(stamp), tool);
      return { sessionId, callId, thread: { team: 'T1', channel: 'C1', threadTs: '1.1' } as never };
    },
  });
  const gateway = await startGateway({
    port: 0,
    log,
    mcp: { token: 'mcp-token', services: [service] },
    stamp: { token: 'stamp-token', stamps, hellos },
    health: () => ({ ready: true }),
    metrics: createMetrics({ processMetrics: false }),
  });
  return {
    url: gateway.url,
    hellos,
    replies,
    seenStamps,
    [Symbol.asyncDispose]: () => gateway[Symbol.asyncDispose](),
  };
}
export type Tools = Awaited<ReturnType<typeof startTools>>;

/** The options a service would pass, with the test's model and tools. */
export function optionsFor(stateDir: string, model: ModelServer, tools: Tools): OpenCodeOptions {
  return {
    stateDir,
    agentsDir,
    model: { id: 'test/m1', baseUrl: model.url, apiKey: 'model-key', contextLimit: 50_000 },
    mcp: { servers: ['slack'], url: (server) => `${tools.url}/mcp/${server}`, token: 'mcp-token' },
    stampUrl: `${tools.url}/opencode`,
    stampToken: 'stamp-token',
    hellos: tools.hellos,
    log: createSilentLog(),
    probe: noProbe,
  };
}

export async function makeStateDir() {
  const path = await mkdtemp(join(tmpdir(), 'frontdesk-opencode-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true, maxRetries: 5 }) };
}

/** Model, tools and OpenCode, ready for turns. */
export async function startDesk(overrides: Partial<OpenCodeOptions> = {}) {
  await using stack = new AsyncDisposableStack();
  const { path: stateDir } = stack.use(await makeStateDir());
  const model = stack.use(await startModelServer());
  const tools = stack.use(await startTools());
  const options = { ...optionsFor(stateDir, model, tools), ...overrides };
  const opencode = stack.use(await startOpenCode(options));
  const owned = stack.move();
  return {
    stateDir,
    model,
    tools,
    options,
    opencode,
    agent: opencode.agent,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** Collects a session's events, and waits for one. */
export function follow(agent: Agent, sessionId: string) {
  const events: AgentEvent[] = [];
  let wake = Promise.withResolvers<void>();
  const watch = agent.watch(sessionId, (event) => {
    events.push(event);
    wake.resolve();
    wake = Promise.withResolvers<void>();
  });
  return {
    events,
    /** The first event at or after `from` that fits. */
    async until(fits: (event: AgentEvent) => boolean, from = 0): Promise<AgentEvent> {
      for (;;) {
        const found = events.slice(from).find(fits);
        if (found) return found;
        await withDeadline(wake.promise, `an event of ${sessionId}; so far ${JSON.stringify(events)}`);
      }
    },
    [Symbol.dispose]: () => watch[Symbol.dispose](),
  };
}

/** Sends a prompt in a new session and reads its state once it has ended. */
export async function runTurn(agent: Agent, text: string) {
  const sessionId = await agent.createSession('a test');
  const promptId = agent.newPromptId();
  const state = await runPrompt(agent, sessionId, promptId, text);
  return { sessionId, promptId, state };
}

export async function runPrompt(agent: Agent, sessionId: string, promptId: string, text: string) {
  using follower = follow(agent, sessionId);
  await agent.prompt(sessionId, promptId, [{ type: 'text', text }]);
  return await awaitEnd(agent, sessionId, promptId, follower);
}

/** Reads the state, and again at each `check`, until the turn is over. */
async function awaitEnd(
  agent: Agent,
  sessionId: string,
  promptId: string,
  follower: ReturnType<typeof follow>,
): Promise<PromptState> {
  for (let seen = 0; ;) {
    const from = follower.events.length;
    const state = await agent.stateOf(sessionId, promptId);
    if (state.kind !== 'running') return state;
    await follower.until((event) => event.kind === 'check', Math.max(seen, from));
    seen = follower.events.length;
  }
}

/** Rejects, naming what was waited for, when it does not come within 2 minutes. */
export async function withDeadline<T>(promise: Promise<T>, what: string, ms = 120_000): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error(`waited in vain for ${what}`)), ms);
  try {
    return await Promise.race([promise, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
