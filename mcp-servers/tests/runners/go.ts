import type { Runner } from './plan.ts';
import { pickSuite } from './suite-files.ts';

/** Files of other suites carry a build tag of the suite's name, as is usual in Go, or have a package of their own. */
export const go: Runner = ({ files }, { suite }) => {
  if (!files.includes('go.mod')) return null;
  const picked = pickSuite(
    files.filter((file) => file.endsWith('_test.go')),
    suite,
  );
  if (picked.files.length === 0) return null;
  const folders = new Set(picked.files.map((file) => `./${file.split('/').slice(0, -1).join('/')}`));
  const packages = picked.all ? ['./...'] : [...folders];
  const tags = suite === 'unit' ? [] : [`-tags=${suite}`];
  return {
    kind: 'run',
    runner: 'go',
    argv: ['go', 'test', '-json', ...tags, ...packages],
    shown: ['go test', ...tags, ...packages].join(' '),
    env: {},
    report: { kind: 'go' },
    install: 'install with `go mod download`',
  };
};
