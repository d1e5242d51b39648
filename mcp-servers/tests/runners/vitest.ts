import { findMissing, installWords } from './npm-script.ts';
import type { Runner } from './plan.ts';
import { vitestReporting } from './reporting.ts';
import { pickSuite, showCount } from './suite-files.ts';

const testFile = /\.(test|spec)\.[cm]?[jt]sx?$/;

export const vitest: Runner = (facts, { suite, reportFile }) => {
  const { package: packages, files } = facts;
  if (packages === null || ![...packages.dependencies, ...packages.devDependencies].includes('vitest'))
    return null;
  const picked = pickSuite(
    files.filter((file) => testFile.test(file)),
    suite,
  );
  if (picked.files.length === 0) return null;
  const shown = picked.all ? 'npx vitest run' : `npx vitest run ${showCount(picked.files)}`;
  const missing = findMissing(facts, 'vitest');
  if (missing !== null) return { kind: 'missing', runner: 'vitest', shown, reason: missing };
  const { args, env, report } = vitestReporting(reportFile);
  return {
    kind: 'run',
    runner: 'vitest',
    argv: ['node_modules/.bin/vitest', 'run', ...args, ...(picked.all ? [] : picked.files)],
    shown,
    env,
    report,
    install: installWords(facts),
  };
};
