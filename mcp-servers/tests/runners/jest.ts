import { findMissing, installWords } from './npm-script.ts';
import type { Runner } from './plan.ts';
import { jestReporting } from './reporting.ts';
import { pickSuite, showCount } from './suite-files.ts';

const testFile = /(\.(test|spec)|(^|\/)__tests__\/[^/]+)\.[cm]?[jt]sx?$/;

export const jest: Runner = (facts, { suite, reportFile }) => {
  const { package: packages, files } = facts;
  if (packages === null || ![...packages.dependencies, ...packages.devDependencies].includes('jest'))
    return null;
  const picked = pickSuite(
    files.filter((file) => testFile.test(file)),
    suite,
  );
  if (picked.files.length === 0) return null;
  const shown = picked.all ? 'npx jest' : `npx jest ${showCount(picked.files)}`;
  const missing = findMissing(facts, 'jest');
  if (missing !== null) return { kind: 'missing', runner: 'jest', shown, reason: missing };
  const { args, env, report } = jestReporting(reportFile);
  return {
    kind: 'run',
    runner: 'jest',
    argv: ['node_modules/.bin/jest', ...args, ...(picked.all ? [] : ['--runTestsByPath', ...picked.files])],
    shown,
    env,
    report,
    install: installWords(facts),
  };
};
