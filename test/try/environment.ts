/** The service's environment for one try; the person's own FRONTDESK_ settings are kept where they make sense. */

type Environment = Readonly<Record<string, string | undefined>>;

export interface TryParts {
  readonly slack: { readonly botToken: string; readonly appToken: string; readonly apiUrl: string };
  readonly modelUrl: string;
  readonly stateDir: string;
  /** Of the sample, or the one the person set. */
  readonly workspaceRoot: string;
  readonly allowed: readonly string[];
}

/** What a program needs to run at all, and to reach a real model from behind a proxy. */
const inherited = [
  'PATH',
  'HOME',
  'LANG',
  'TZ',
  'TMPDIR',
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'NODE_EXTRA_CA_CERTS',
];

/** @returns whether the person brought a model of their own. */
export function usesOwnModel(env: Environment): boolean {
  return (env['FRONTDESK_MODEL'] ?? '') !== '';
}

/** @returns the whole environment of the service; nothing else of `env` reaches it. */
export function buildServiceEnvironment(env: Environment, parts: TryParts): Record<string, string> {
  const kept = Object.entries(env).filter(
    ([name]) => inherited.includes(name) || name.startsWith('FRONTDESK_'),
  );
  const { slack, stateDir, workspaceRoot, allowed } = parts;
  return defined({
    FRONTDESK_LOG_LEVEL: 'info',
    FRONTDESK_WORKSPACE_ROOT: workspaceRoot,
    FRONTDESK_LABS_STAY: 'false',
    ...Object.fromEntries(kept),
    ...(usesOwnModel(env) ? ownModelKey(env) : standInModel(parts)),
    SLACK_BOT_TOKEN: slack.botToken,
    SLACK_APP_TOKEN: slack.appToken,
    SLACK_API_URL: slack.apiUrl,
    SLACK_ALLOWED_USERS: allowed.join(','),
    FRONTDESK_STATE_DIR: stateDir,
    FRONTDESK_PORT: '0',
  });
}

function standInModel({ modelUrl }: TryParts): Environment {
  return {
    FRONTDESK_MODEL: 'stand-in/front-desk',
    FRONTDESK_MODEL_BASE_URL: modelUrl,
    FRONTDESK_MODEL_API_KEY: undefined,
  };
}

/** `anthropic/…` takes ANTHROPIC_API_KEY when no key was set for Frontdesk itself. */
function ownModelKey(env: Environment): Environment {
  const provider = (env['FRONTDESK_MODEL'] ?? '').split('/')[0] ?? '';
  const variable = `${provider.toUpperCase().replaceAll(/[^A-Z0-9]+/g, '_')}_API_KEY`;
  return { FRONTDESK_MODEL_API_KEY: env['FRONTDESK_MODEL_API_KEY'] ?? env[variable] };
}

function defined(env: Environment): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}
