import { pathToFileURL } from 'node:url';
import type { AgentFile } from './agent-file.ts';

export interface ModelOptions {
  /** `provider/model`, as OpenCode names it. */
  readonly id: string;
  /** Set for an OpenAI-compatible server of one's own; without it OpenCode's named provider is used. */
  readonly baseUrl?: string | undefined;
  readonly apiKey?: string | undefined;
  /** Tokens. Default 200,000 with `baseUrl`, else what OpenCode knows; needed for a model it does not know. */
  readonly contextLimit?: number | undefined;
}

export interface McpOptions {
  readonly servers: readonly string[];
  /** The loopback address of a server's streamable HTTP endpoint. */
  readonly url: (server: string) => string;
  readonly token: string;
}

export interface ConfigInput {
  readonly model: ModelOptions;
  readonly mcp: McpOptions;
  readonly agent: AgentFile;
  /** Absolute path of the stamp plugin. */
  readonly pluginPath: string;
  readonly stampUrl: string;
  readonly stampToken: string;
}

/** The servers whose tools the front-desk agent may call (MCP-1), whether or not they are served here. */
export const ourServers = ['slack', 'sessions', 'workspaces', 'lab', 'tests', 'runner'] as const;

/** The one agent that answers in Slack. */
export const agentName = 'frontdesk';

/** OpenCode's own agents that people could pick; without them nothing writable is left to fall back to. */
const otherAgents = ['build', 'plan', 'general', 'explore'] as const;

/** Default is 300 s each; a provider that is silent for a minute is retried instead. */
const providerTimeoutMs = 60_000;

/** Above MCP's 60 s default, so that a tool may wait for Slack's rate limit (notes/opencode.md §3). */
const mcpTimeoutMs = 90_000;

/** `provider/model` in two; the model's own name may hold slashes. */
export function splitModel(id: string): { providerId: string; modelId: string } {
  const at = id.indexOf('/');
  return { providerId: id.slice(0, at), modelId: id.slice(at + 1) };
}

/** OpenCode's `provider` entry for one model. */
export function buildProvider(model: ModelOptions): Record<string, unknown> {
  const { providerId, modelId } = splitModel(model.id);
  const options = {
    ...(model.apiKey === undefined ? {} : { apiKey: model.apiKey }),
    headerTimeout: providerTimeoutMs,
    chunkTimeout: providerTimeoutMs,
  };
  const limit = { context: model.contextLimit ?? 200_000, output: 8_000 };
  if (model.baseUrl === undefined) {
    const models = model.contextLimit === undefined ? {} : { models: { [modelId]: { limit } } };
    return { [providerId]: { options, ...models } };
  }
  const modalities = { input: ['text', 'image'], output: ['text'] };
  return {
    [providerId]: {
      npm: '@ai-sdk/openai-compatible', // bundled in the binary, nothing is installed
      name: providerId,
      options: { apiKey: 'none', ...options, baseURL: model.baseUrl },
      // Without `modalities` OpenCode takes it for blind, and puts an error in each image's place.
      models: { [modelId]: { name: modelId, tool_call: true, attachment: true, modalities, limit } },
    },
  };
}

/**
 * The whole configuration OpenCode runs on, for `OPENCODE_CONFIG_CONTENT`. Everything is denied at the root;
 * the agent's definition allows our tools. No project configuration, no sharing, no other provider.
 */
export function buildConfig(input: ConfigInput): Record<string, unknown> {
  const { model, mcp, agent } = input;
  const { providerId } = splitModel(model.id);
  const remote = (server: string) => ({
    type: 'remote',
    url: mcp.url(server),
    enabled: true,
    headers: { authorization: `Bearer ${mcp.token}` },
    oauth: false,
    timeout: mcpTimeoutMs,
  });
  return {
    $schema: 'https://opencode.ai/config.json',
    share: 'disabled',
    autoupdate: false,
    snapshot: false,
    enabled_providers: [providerId],
    provider: buildProvider(model),
    model: model.id,
    small_model: model.id,
    permission: { '*': 'deny' },
    default_agent: agentName,
    agent: {
      ...Object.fromEntries(otherAgents.map((name) => [name, { disable: true }])),
      [agentName]: {
        description: agent.description,
        mode: agent.mode,
        permission: agent.permission,
        prompt: agent.prompt,
      },
    },
    mcp: Object.fromEntries(mcp.servers.map((server) => [server, remote(server)])),
    plugin: [
      [
        pathToFileURL(input.pluginPath).href,
        { url: input.stampUrl, token: input.stampToken, servers: mcp.servers },
      ],
    ],
  };
}
