import { join } from 'node:path';

export interface EnvironmentInput {
  /** OpenCode's own root; every folder it writes is below. */
  readonly root: string;
  readonly config: Record<string, unknown>;
  readonly password: string;
  /** Further variables the operator allows (a proxy, a CA file). They cannot override ours. */
  readonly extra?: Readonly<Record<string, string>> | undefined;
}

/** Flags that keep OpenCode from connecting outside or reading what is not ours (notes/opencode.md §1). */
const flags = [
  'OPENCODE_DISABLE_MODELS_FETCH',
  'OPENCODE_DISABLE_AUTOUPDATE',
  'OPENCODE_DISABLE_LSP_DOWNLOAD',
  'OPENCODE_DISABLE_DEFAULT_PLUGINS',
  'OPENCODE_DISABLE_SHARE',
  'OPENCODE_DISABLE_EXTERNAL_SKILLS',
  'OPENCODE_DISABLE_CLAUDE_CODE',
  'OPENCODE_DISABLE_PROJECT_CONFIG',
  'OPENCODE_EXPERIMENTAL_DISABLE_FILEWATCHER',
] as const;

/** The folders below `root`, by the variable that names them. */
export function foldersOf(root: string) {
  return {
    HOME: join(root, 'home'),
    XDG_DATA_HOME: join(root, 'data'),
    XDG_CONFIG_HOME: join(root, 'config'),
    XDG_CACHE_HOME: join(root, 'cache'),
    XDG_STATE_HOME: join(root, 'state'),
    TMPDIR: join(root, 'tmp'),
  };
}

/**
 * OpenCode's whole environment. Nothing is inherited: no Slack token nor any other secret of the service is
 * in it. What OpenCode must hold (its password, the model's key, its bearer tokens) is.
 */
export function buildEnvironment(input: EnvironmentInput): Record<string, string> {
  return {
    ...input.extra,
    PATH: '/usr/local/bin:/usr/bin:/bin',
    LANG: 'C.UTF-8',
    // A proxy meant for the model must not see our loopback calls.
    NO_PROXY: '127.0.0.1,localhost',
    ...foldersOf(input.root),
    ...Object.fromEntries(flags.map((flag) => [flag, '1'])),
    OPENCODE_SERVER_PASSWORD: input.password,
    OPENCODE_CONFIG_CONTENT: JSON.stringify(input.config),
  };
}
