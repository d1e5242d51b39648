/** Node's own runner, where the repository names no other. */
import { type RepositoryFacts, scriptTest } from '../facts.ts';
import { findMissing, installWords } from './npm-script.ts';
import type { Runner } from './plan.ts';
import { nodeReporting } from './reporting.ts';
import { pickSuite, showCount } from './suite-files.ts';

export const node: Runner = (facts, { suite, reportFile }) => {
  const picked = pickSuite(findTests(facts), suite);
  if (picked.files.length === 0) return null;
  const shown = picked.all ? 'node --test' : `node --test ${showCount(picked.files)}`;
  const missing = findMissing(facts, 'node');
  if (missing !== null) return { kind: 'missing', runner: 'node', shown, reason: missing };
  const { env, report } = nodeReporting(reportFile);
  return {
    kind: 'run',
    runner: 'node',
    argv: ['node', '--test', ...picked.files],
    shown,
    env,
    report,
    install: installWords(facts),
  };
};

/** Files of another runner have the same names, and would only fail here: those that speak of node's own. */
function findTests({ files, texts, package: own }: RepositoryFacts): string[] {
  // A part with a package of its own says itself how it is tested.
  const inPart = (file: string) => own === null && files.includes(`${file.split('/')[0]}/package.json`);
  const named = files.filter((file) => scriptTest.test(file) && !inPart(file));
  const speaks = (file: string) => texts[file]?.includes('node:test');
  // Not all of many are read.
  return named.some((file) => speaks(file) === true) ? named.filter((file) => speaks(file) !== false) : [];
}
