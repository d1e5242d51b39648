/** What a test run may know of the machine: nothing of ours, no token, no home of a person. */
import path from 'node:path';

const passedOn =
  /^(PATH|LANG|LANGUAGE|LC_[A-Z]+|TZ|JAVA_HOME|GO(PROXY|SUMDB|FLAGS|ROOT|TOOLCHAIN|NOSUMCHECK)|PYENV_ROOT|NVM_DIR|SSL_CERT_(FILE|DIR)|NODE_EXTRA_CA_CERTS|REQUESTS_CA_BUNDLE|(HTTPS?|NO|ALL)_PROXY|(https?|no|all)_proxy|npm_config_registry)$/;

/** A proxy's or registry's address may carry a password. */
const withPassword = /:\/\/[^/@\s]+@/;

/**
 * @param inherited of the service's process
 * @param o.home a folder of ours that stays, for what programs keep there
 * @param o.temporary removed after the run
 */
export function buildEnvironment(
  inherited: Readonly<Record<string, string | undefined>>,
  o: { readonly home: string; readonly temporary: string },
): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(inherited))
    if (value !== undefined && passedOn.test(name) && !withPassword.test(value)) kept[name] = value;
  return {
    ...kept,
    ...caches(inherited),
    HOME: o.home,
    TMPDIR: o.temporary,
    // Nobody watches: runners run once, ask nothing and draw nothing.
    CI: 'true',
    NO_COLOR: '1',
    npm_config_update_notifier: 'false',
    npm_config_fund: 'false',
    npm_config_audit: 'false',
  };
}

/** What was downloaded before is used again, though the home is another: modules, packages, browsers. */
function caches(inherited: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const { HOME: home, XDG_CACHE_HOME: cache, GOPATH: goPath } = inherited;
  if (home === undefined || home === '') return {};
  return {
    XDG_CACHE_HOME: cache ?? path.join(home, '.cache'),
    GOPATH: goPath ?? path.join(home, 'go'),
    npm_config_cache: path.join(home, '.npm'),
    MAVEN_OPTS: `-Dmaven.repo.local=${path.join(home, '.m2', 'repository')}`,
  };
}
