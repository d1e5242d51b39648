/** Node's own runner, where the repository names no other. */
import { findMissing, installWords } from './npm-script.ts';
import type { Runner } from './plan.ts';
import { nodeReporting } from './reporting.ts';
import { pickSuite, showCount } from './suite-files.ts';

/** As `node --test` looks for them; TypeScript only where node itself can run it. */
const testFile = /((\.|-|_)test|(^|\/)test(-[^/]+)?|(^|\/)tests?\/([^/]+\/)*[^/]+\.(test|spec))\.[cm]?[jt]s$/;

export const node: Runner = (facts, { suite, reportFile }) => {
  if (facts.package === null && !facts.files.some((file) => /\.[cm]?[jt]s$/.test(file))) return null;
  const picked = pickSuite(
    facts.files.filter((file) => testFile.test(file)),
    suite,
  );
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
