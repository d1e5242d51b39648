import { pathToFileURL } from 'node:url';
import { buildProvider, type ModelOptions, splitModel } from '../opencode/config.ts';

interface BridgeSettings {
  /** Of the service's gateway, `http://…` or `ws://…`, without a slash at the end. */
  readonly url: string;
  readonly token: string;
  readonly host: string;
  readonly roots: readonly string[];
  /** Directory instances idle for longer are ended; 0 never. */
  readonly idleMinutes: number;
}

export interface LocalConfigInput {
  /** The first one is the default. */
  readonly models: readonly [ModelOptions, ...ModelOptions[]];
  /** Absolute path of the bridge plugin. */
  readonly pluginPath: string;
  readonly bridge: BridgeSettings;
}

/**
 * In force for every agent, also for subagents, to whom the rules of the agent that starts them do not pass
 * (notes/opencode.md §4). OpenCode's default is to ask, and an unattended session would wait for ever. No `*` here: it
 * would come after the rules of OpenCode's own agents, and let `plan` write.
 */
const unattended = {
  external_directory: 'deny',
  read: { '*': 'allow', '*.env': 'deny', '*.env.*': 'deny', '*.env.example': 'allow' },
  doom_loop: 'deny',
} as const;

interface Provider {
  readonly models?: Record<string, unknown>;
  readonly [key: string]: unknown;
}

function buildProviders(models: readonly ModelOptions[]): Record<string, Provider> {
  const all: Record<string, Provider> = {};
  for (const model of models) {
    for (const [name, entry] of Object.entries(buildProvider(model) as Record<string, Provider>))
      all[name] = { ...all[name], ...entry, models: { ...all[name]?.models, ...entry.models } };
  }
  return all;
}

/** The local host's whole configuration, for `OPENCODE_CONFIG_CONTENT`. Its agents are files in its config folder. */
export function buildLocalConfig({ models, pluginPath, bridge }: LocalConfigInput): Record<string, unknown> {
  const [first] = models;
  return {
    $schema: 'https://opencode.ai/config.json',
    share: 'disabled',
    autoupdate: false,
    snapshot: false,
    enabled_providers: [...new Set(models.map(({ id }) => splitModel(id).providerId))],
    provider: buildProviders(models),
    model: first.id,
    small_model: first.id,
    permission: unattended,
    plugin: [[pathToFileURL(pluginPath).href, bridge]],
  };
}
