/** OpenCode alone, for comparison: the same binary, configuration, prompt, tools and model; nothing of Frontdesk around it. */
import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { execFile } from 'node:child_process';
import { fastify } from 'fastify';
import { parseAgentFile } from '../../frontdesk/opencode/agent-file.ts';
import { findBinary } from '../../frontdesk/opencode/binary.ts';
import { basicAuth, createClient } from '../../frontdesk/opencode/client.ts';
import { buildConfig } from '../../frontdesk/opencode/config.ts';
import { buildEnvironment } from '../../frontdesk/opencode/environment.ts';
import { openEventStream } from '../../frontdesk/opencode/event-stream.ts';
import { prepareFolders } from '../../frontdesk/opencode/folders.ts';
import { createPromptIds, partIdOf } from '../../frontdesk/opencode/ids.ts';
import { launchOpenCode } from '../../frontdesk/opencode/process.ts';
import { createSilentLog } from '../../mcp-servers/kit/log.ts';
import { registerMcpHttp } from '../../mcp-servers/kit/mcp-http.ts';
import { createMcpService } from '../../mcp-servers/kit/mcp-server.ts';
import { slackServer } from '../../mcp-servers/slack/server.ts';
import type { ModelServer } from '../model/server.ts';
import { endWithBench } from './processes.ts';

/** As the service's model is named. */
const modelId = 'mock/front-desk';

/** Milliseconds since the prompt's request. */
export interface BareTimes {
  readonly toolCalledMs: number;
  /** `session.idle` came. */
  readonly idleMs: number;
}

export interface BareOpenCode extends AsyncDisposable {
  readonly pid: number;
  newSession(): Promise<string>;
  /** One prompt with two model steps: a tool call, and a text. */
  turn(sessionId: string, text: string): Promise<BareTimes>;
  /** The same message by `opencode run --session`. @returns its CPU time, children included, ms */
  runCli(sessionId: string, text: string): Promise<number>;
}

export async function startBareOpenCode(model: ModelServer): Promise<BareOpenCode> {
  await using stack = new AsyncDisposableStack();
  const root = await mkdtemp(join(tmpdir(), 'frontdesk-bench-bare-'));
  stack.defer(() => rm(root, { recursive: true, force: true, maxRetries: 5 }));
  const log = createSilentLog();
  const token = randomBytes(16).toString('hex');
  /** By the text of the call, which is the prompt's word. */
  const called = new Map<string, number>();
  const mcpUrl = await serveTrivialTools(stack, token, (text) => called.set(text, performance.now()));
  const directory = await prepareFolders(root);
  const agentFile = join(import.meta.dirname, '..', '..', 'agents', 'frontdesk.md');
  const { plugin: _, ...config } = buildConfig({
    model: { id: modelId, baseUrl: model.url },
    mcp: { servers: ['slack'], url: () => mcpUrl, token },
    agent: parseAgentFile(await readFile(agentFile, 'utf8')),
    pluginPath: '/none',
    stampUrl: '',
    stampToken: '',
  });
  const password = randomBytes(16).toString('hex');
  const environment = buildEnvironment({ root, config, password });
  const binary = findBinary();
  const pidFile = join(root, 'process.json');
  const child = await launchOpenCode({
    binary,
    environment,
    directory,
    pidFile,
    log,
    readyTimeoutMs: 30_000,
  });
  stack.defer(() => child.end(5_000));
  endWithBench(child.pid);
  const client = createClient({ url: child.url, password, directory, timeoutMs: 60_000 });

  const idle = new Map<string, () => void>();
  const stream = stack.use(
    openEventStream({
      url: child.url,
      authorization: basicAuth(password),
      onFrame(frame) {
        const { payload } = frame as { payload?: { type?: string; properties?: { sessionID?: string } } };
        if (payload?.type === 'session.idle') idle.get(payload.properties?.sessionID ?? '')?.();
      },
      onConnected() {},
      onStuck() {},
      silenceMs: 60_000,
      log,
    }),
  );
  await stream.connected;
  const newPromptId = createPromptIds();
  const owned = stack.move();
  return {
    pid: child.pid,
    newSession: () => client.createSession('bench'),
    async turn(sessionId, text) {
      const ended = Promise.withResolvers<void>();
      idle.set(sessionId, ended.resolve);
      const promptId = newPromptId();
      const startedAt = performance.now();
      await client.prompt(sessionId, promptId, modelId, [{ type: 'text', text, id: partIdOf(promptId, 0) }]);
      await ended.promise;
      const idleMs = performance.now() - startedAt;
      return { toolCalledMs: (called.get(`echo ${text}`) ?? Number.NaN) - startedAt, idleMs };
    },
    runCli: (sessionId, text) => runCli({ binary, environment, directory }, sessionId, text),
    [Symbol.asyncDispose]: () => owned[Symbol.asyncDispose](),
  };
}

/** The tools of the service, listed alike, that do nothing. */
async function serveTrivialTools(
  stack: AsyncDisposableStack,
  token: string,
  onReply: (text: string) => void,
): Promise<string> {
  const log = createSilentLog();
  const posted = async () => ({ posted: true });
  const service = createMcpService({
    definition: slackServer,
    deps: {
      async say(_, message) {
        if (message.kind === 'text') onReply(message.markdown);
        return { posted: true };
      },
      attach: posted,
      ask: posted,
      async mark() {},
    },
    resolveCaller: () => ({
      thread: { team: '', channel: '', thread: '', dm: false },
      sessionId: '',
      callId: '',
    }),
    log,
  });
  const app = fastify({ logger: false, forceCloseConnections: true });
  const sessions = registerMcpHttp(app, { services: [service], token, log });
  const url = await app.listen({ port: 0, host: '127.0.0.1' });
  stack.defer(() => app.close());
  stack.defer(() => sessions[Symbol.asyncDispose]());
  return `${url}/mcp/slack`;
}

/** bash's `time` counts the command and every child it waited for. */
async function runCli(
  { binary, environment, directory }: { binary: string; environment: NodeJS.ProcessEnv; directory: string },
  sessionId: string,
  text: string,
): Promise<number> {
  const script = 'TIMEFORMAT="cpu %U %S"; time "$@" </dev/null';
  const args = ['-c', script, 'bash', binary, 'run', '--session', sessionId, text];
  const { stderr, stdout } = await promisify(execFile)('bash', args, { env: environment, cwd: directory });
  const [, user, system] = /^cpu ([\d.]+) ([\d.]+)$/m.exec(stderr) ?? [];
  if (user === undefined || !stdout.includes('Done.')) throw new Error(`opencode run: ${stdout}${stderr}`);
  return (Number(user) + Number(system)) * 1000;
}
