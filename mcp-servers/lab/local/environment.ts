import path from 'node:path';
import type { AppPlan } from '../../kit/lab.ts';
import { cacheFolder, type Place } from './places.ts';
import { cacheVariable, labsVariable, labVariable } from './spec.ts';

/** What an app may know of the service's environment: how to reach the network and its tools. No token of ours is in it. */
const passedOn =
  /^(LANG|LC_[A-Z]+|TZ|(HTTPS?|NO|ALL)_PROXY|(https?|no|all)_proxy|SSL_CERT_(FILE|DIR)|NODE_EXTRA_CA_CERTS|npm_config_registry|REQUESTS_CA_BUNDLE|PIP_(INDEX_URL|CERT|FIND_LINKS)|UV_(INDEX_URL|DEFAULT_INDEX|PYTHON|PYTHON_INSTALL_DIR)|JAVA_HOME|PYENV_ROOT)$/;

/** Where programs are looked for; node is there in any case, since it runs us. */
export function searchPath(outside: string | undefined): string {
  return [outside ?? '', path.dirname(process.execPath)].filter((part) => part !== '').join(path.delimiter);
}

/** All of an app's environment. What says where it is and listens is ours; the rest may be set by its plan. */
export function buildEnvironment(o: {
  readonly id: string;
  readonly labs: string;
  readonly place: Place;
  readonly plan: AppPlan;
  readonly port: number;
  readonly path: string;
  readonly outside: Readonly<Record<string, string | undefined>>;
}): Record<string, string> {
  const { place, plan, outside } = o;
  const inherited = Object.entries(outside).filter(
    ([name, value]) => value !== undefined && passedOn.test(name),
  );
  const own = ['node_modules/.bin', '.deps/bin'].map((folder) => path.join(place.app, folder));
  return {
    LANG: 'C.UTF-8',
    npm_config_update_notifier: 'false',
    ...(Object.fromEntries(inherited) as Record<string, string>),
    PATH: [...own, o.path].join(path.delimiter),
    HOME: place.home,
    ...plan.env,
    TMPDIR: place.tmp,
    HOST: '127.0.0.1',
    PORT: String(o.port),
    ...(plan.serve === null ? {} : { [cacheVariable]: cacheFolder(place) }),
    [labVariable]: o.id,
    [labsVariable]: o.labs,
  };
}
