/** Scripts of package.json: what its authors run, run the same way. */
import type { Suite } from '../../kit/tests.ts';
import type { PackageFacts, RepositoryFacts } from '../facts.ts';
import type { Plan, Runner } from './plan.ts';
import { reportingOf } from './reporting.ts';

/** The first that is there is taken. */
const scriptNames: Readonly<Record<Suite, readonly string[]>> = {
  unit: ['test:unit', 'unit', 'test'],
  integration: ['test:integration', 'integration'],
  acceptance: ['test:acceptance', 'acceptance', 'test:e2e', 'e2e'],
};

/** What `npm init` writes, and scripts that only say something: no test is run by them. */
const placeholder = /^\s*((echo\b[^&|;]*|true|:|exit \d+)\s*(&&|;|$)\s*)+$/;

export const npmScript: Runner = (facts, { suite, reportFile }) => {
  const script = scriptNames[suite].find((name) => facts.package?.scripts[name] !== undefined);
  return script === undefined ? null : planScript(facts, script, reportFile);
};

/** @param script a name in package.json's scripts */
export function planScript(facts: RepositoryFacts, script: string, reportFile: string): Plan {
  const line = facts.package?.scripts[script] ?? '';
  if (placeholder.test(line))
    return { kind: 'none', runner: 'npm', reason: `the script "${script}" of package.json runs no tests` };
  const { runner, args, env, report } = reportingOf(line, reportFile);
  const shown = script === 'test' ? 'npm test' : `npm run ${script}`;
  const missing = findMissing(facts, runner);
  if (missing !== null) return { kind: 'missing', runner, shown, reason: missing };
  const extra = args.length === 0 ? [] : ['--', ...args];
  return {
    kind: 'run',
    runner,
    argv: ['npm', 'run', '--silent', script, ...extra],
    shown,
    env,
    report,
    install: installWords(facts),
  };
}

/** Without a folder of packages only node's own runner can work, and only where the code needs none. */
export function findMissing(facts: RepositoryFacts, runner: string): string | null {
  const packages: PackageFacts = facts.package ?? { scripts: {}, dependencies: [], devDependencies: [] };
  if (facts.present.has('node_modules')) return null;
  const needed = packages.dependencies.length + (runner === 'node' ? 0 : packages.devDependencies.length);
  return needed === 0 ? null : `node_modules is missing; ${installWords(facts)}`;
}

export function installWords({ files }: RepositoryFacts): string {
  if (files.includes('pnpm-lock.yaml')) return 'install with `pnpm install`';
  if (files.includes('yarn.lock')) return 'install with `yarn install`';
  return files.includes('package-lock.json') ? 'install with `npm ci`' : 'install with `npm install`';
}
