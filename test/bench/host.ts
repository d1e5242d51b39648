/** OpenCode's own HTTP API, and an OpenCode as the service's local host runs it, but without the bridge: what the bridge is compared with. */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { buildLocalConfig } from '../../frontdesk/hosts/local-config.ts';
import { prepareLocalFolders } from '../../frontdesk/hosts/local-folders.ts';
import { findBinary } from '../../frontdesk/opencode/binary.ts';
import { basicAuth } from '../../frontdesk/opencode/client.ts';
import { splitModel, type ModelOptions } from '../../frontdesk/opencode/config.ts';
import { buildEnvironment } from '../../frontdesk/opencode/environment.ts';
import { openEventStream } from '../../frontdesk/opencode/event-stream.ts';
import { launchOpenCode } from '../../frontdesk/opencode/process.ts';
import { createSilentLog } from '../../mcp-servers/kit/log.ts';
import { agentsDir } from '../e2e/hosts/rig.ts';
import { endWithBench } from './processes.ts';

export interface Direct {
  createSession(directory: string, title: string): Promise<string>;
  /** As the bridge prompts: accepted, not waited for. */
  prompt(o: {
    directory: string;
    sessionId: string;
    text: string;
    agent: string;
    model: string;
  }): Promise<void>;
  messages(directory: string, sessionId: string, limit: number): Promise<void>;
  disposeInstance(directory: string): Promise<void>;
}

/** Calls an OpenCode server by its HTTP API, with nothing in between. */
export function createDirect(url: string, password: string): Direct {
  const call = async (method: string, path: string, directory: string, body?: unknown): Promise<unknown> => {
    const query = `${path.includes('?') ? '&' : '?'}directory=${encodeURIComponent(directory)}`;
    const response = await fetch(`${url}${path}${query}`, {
      method,
      headers: {
        authorization: basicAuth(password),
        'content-type': 'application/json',
        'accept-encoding': 'identity',
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return text === '' ? undefined : (JSON.parse(text) as unknown);
  };
  return {
    createSession: async (directory, title) =>
      z.object({ id: z.string() }).parse(await call('POST', '/session', directory, { title })).id,
    async prompt({ directory, sessionId, text, agent, model }) {
      const { providerId: providerID, modelId: modelID } = splitModel(model);
      const body = { agent, model: { providerID, modelID }, parts: [{ type: 'text', text }] };
      await call('POST', `/session/${sessionId}/prompt_async`, directory, body);
    },
    async messages(directory, sessionId, limit) {
      await call('GET', `/session/${sessionId}/message?limit=${limit}`, directory);
    },
    async disposeInstance(directory) {
      await call('POST', '/instance/dispose', directory);
    },
  };
}

/** An event of a session, when it came; ms. */
export interface Told {
  readonly sessionId: string;
  readonly kind: 'tool' | 'idle';
  readonly at: number;
}

const frameSchema = z.object({
  payload: z.object({
    type: z.string(),
    properties: z.looseObject({
      sessionID: z.string().optional(),
      part: z
        .looseObject({
          id: z.string(),
          sessionID: z.string(),
          type: z.string(),
          state: z.looseObject({ status: z.string() }).optional(),
        })
        .optional(),
    }),
  }),
});

/** Follows OpenCode's own stream: the end of each tool call and of each turn. */
export async function followStream(
  url: string,
  password: string,
  onTold: (told: Told) => void,
): Promise<AsyncDisposable> {
  const ended = new Set<string>();
  const stream = openEventStream({
    url,
    authorization: basicAuth(password),
    onFrame(frame) {
      const at = performance.now();
      const parsed = frameSchema.safeParse(frame);
      if (!parsed.success) return;
      const { type, properties } = parsed.data.payload;
      const { sessionID, part } = properties;
      if (type === 'session.idle' && sessionID !== undefined)
        onTold({ sessionId: sessionID, kind: 'idle', at });
      if (type !== 'message.part.updated' || part?.state?.status !== 'completed' || ended.has(part.id))
        return;
      ended.add(part.id);
      onTold({ sessionId: part.sessionID, kind: 'tool', at });
    },
    onConnected() {},
    onStuck() {},
    silenceMs: 60_000,
    log: createSilentLog(),
  });
  await stream.connected;
  return stream;
}

export interface BareHost extends Direct, AsyncDisposable {
  readonly url: string;
  readonly password: string;
}

/** @param root the folder that holds every directory it is given */
export async function startBareHost(model: ModelOptions, root: string): Promise<BareHost> {
  await using stack = new AsyncDisposableStack();
  const own = await mkdtemp(join(tmpdir(), 'frontdesk-bench-host-'));
  stack.defer(() => rm(own, { recursive: true, force: true, maxRetries: 5 }));
  await prepareLocalFolders(own, agentsDir);
  const bridge = { url: '', token: '', host: '', roots: [], idleMinutes: 0 };
  const { plugin: _, ...config } = buildLocalConfig({ models: [model], pluginPath: '/none', bridge });
  const password = randomBytes(16).toString('hex');
  const child = await launchOpenCode({
    binary: findBinary(),
    environment: buildEnvironment({ root: own, config, password }),
    directory: root,
    pidFile: join(own, 'process.json'),
    readyTimeoutMs: 30_000,
    log: createSilentLog(),
  });
  stack.defer(() => child.end(5_000));
  endWithBench(child.pid);
  const owned = stack.move();
  return {
    ...createDirect(child.url, password),
    url: child.url,
    password,
    [Symbol.asyncDispose]: () => owned[Symbol.asyncDispose](),
  };
}
