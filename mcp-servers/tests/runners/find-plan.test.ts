import { describe, expect, it } from 'vitest';
import { parseFrontdeskYaml } from '../../kit/frontdesk-yaml.ts';
import type { Suite } from '../../kit/tests.ts';
import type { RepositoryFacts } from '../facts.ts';
import { findPlan } from './find-plan.ts';

interface Given {
  readonly files?: readonly string[];
  readonly scripts?: Readonly<Record<string, string>>;
  readonly dependencies?: readonly string[];
  readonly devDependencies?: readonly string[];
  readonly texts?: Readonly<Record<string, string>>;
  readonly present?: readonly string[];
  readonly yaml?: string;
  /** Files with tests of node's own runner. */
  readonly node?: readonly string[];
}

function plan(given: Given, suite: Suite = 'unit') {
  const { scripts, dependencies = [], devDependencies = [], yaml, node = [] } = given;
  const own = Object.fromEntries(node.map((file) => [file, "import test from 'node:test';"]));
  const texts = { ...given.texts, ...own };
  const hasPackage = scripts !== undefined || dependencies.length + devDependencies.length > 0;
  const facts: RepositoryFacts = {
    folder: '/w/shop',
    files: [...(given.files ?? []), ...Object.keys(texts), ...(hasPackage ? ['package.json'] : [])],
    package: hasPackage ? { scripts: scripts ?? {}, dependencies, devDependencies } : null,
    texts,
    present: new Set(given.present ?? ['node_modules']),
    yaml: yaml === undefined ? { ok: true, settings: {} } : parseFrontdeskYaml(yaml),
  };
  return findPlan(facts, { suite, reportFile: '/r' });
}

/** The command, or why there is none. */
function shown(given: Given, suite?: Suite): string {
  const found = plan(given, suite);
  return found.kind === 'run' ? `${found.runner}: ${found.argv.join(' ')}` : `${found.kind}: ${found.reason}`;
}

const jestReport = '--json --outputFile=/r';
const vitestReport = '--reporter=default --reporter=json --outputFile.json=/r';

describe('how tests are found', () => {
  it.each<[string, Given, Suite, string]>([
    ['npm script', { scripts: { test: 'mocha' } }, 'unit', 'mocha: npm run --silent test'],
    [
      'of its own for unit',
      { scripts: { test: 'x', 'test:unit': 'jest src' } },
      'unit',
      `jest: npm run --silent test:unit -- ${jestReport}`,
    ],
    [
      'vitest in a script',
      { scripts: { test: 'tsc && vitest' } },
      'unit',
      `vitest: npm run --silent test -- ${vitestReport}`,
    ],
    [
      'integration',
      { scripts: { 'test:integration': 'x' } },
      'integration',
      'x: npm run --silent test:integration',
    ],
    ['acceptance', { scripts: { 'test:e2e': 'x' } }, 'acceptance', 'x: npm run --silent test:e2e'],
    [
      'vitest without a script',
      { devDependencies: ['vitest'], files: ['a.test.ts'] },
      'unit',
      `vitest: node_modules/.bin/vitest run ${vitestReport}`,
    ],
    [
      'jest without a script',
      { devDependencies: ['jest'], files: ['a.test.js', 'test/integration/b.test.js'] },
      'integration',
      `jest: node_modules/.bin/jest ${jestReport} --runTestsByPath test/integration/b.test.js`,
    ],
    [
      'node',
      { scripts: {}, node: ['test/a.test.js', 'e2e/b.test.mjs'], files: ['src/a.js'] },
      'unit',
      'node: node --test test/a.test.js',
    ],
    ['node, acceptance', { node: ['e2e/b.test.mjs'] }, 'acceptance', 'node: node --test e2e/b.test.mjs'],
    [
      'pytest',
      { texts: { 'pytest.ini': '[pytest]', 'tests/test_a.py': '' } },
      'unit',
      'pytest: python3 -m pytest',
    ],
    [
      'pytest of the venv',
      { texts: { 'tests/test_a.py': 'def test_a(): pass' }, present: ['.venv/bin/python'] },
      'unit',
      'pytest: .venv/bin/python -m pytest',
    ],
    [
      'pytest, by folder',
      { texts: { 'tests/test_a.py': 'import pytest', 'tests/integration/test_b.py': '' } },
      'integration',
      'pytest: python3 -m pytest tests/integration/test_b.py',
    ],
    [
      'unittest',
      {
        texts: { 'tests/test_a.py': 'import unittest\nclass T(unittest.TestCase):\n  def test_a(self): ...' },
      },
      'unit',
      'unittest: python3 -m unittest discover -v -s tests',
    ],
    ['go', { files: ['go.mod', 'x/a_test.go'] }, 'unit', 'go: go test -json ./...'],
    [
      'go, integration',
      { files: ['go.mod', 'x/a_test.go', 'x/b_integration_test.go'] },
      'integration',
      'go: go test -json -tags=integration ./x',
    ],
    [
      'maven',
      { files: ['src/test/java/ATest.java'], texts: { 'pom.xml': '<project/>' } },
      'unit',
      'maven: mvn --batch-mode --no-transfer-progress test',
    ],
    [
      'maven, integration',
      { texts: { 'pom.xml': 'maven-failsafe-plugin' }, present: ['mvnw'] },
      'integration',
      'maven: ./mvnw --batch-mode --no-transfer-progress verify',
    ],
    [
      '.frontdesk.yaml before all',
      { scripts: { test: 'jest' }, yaml: 'tests: {unit: "make check"}' },
      'unit',
      'make: /bin/sh -c make check',
    ],
    [
      '.frontdesk.yaml with npm',
      { scripts: { verify: 'jest' }, yaml: 'tests: {unit: npm run verify}' },
      'unit',
      `jest: npm run --silent verify -- ${jestReport}`,
    ],
    [
      '.frontdesk.yaml with a list',
      { yaml: 'tests: {unit: [npx, vitest, run]}' },
      'unit',
      `vitest: npx vitest run ${vitestReport}`,
    ],
    [
      '.frontdesk.yaml with words for the shell',
      { yaml: 'tests: {unit: cd web && npx jest}' },
      'unit',
      `jest: /bin/sh -c cd web && npx jest '--json' '--outputFile=/r'`,
    ],
  ])('TE-1: %s', (_, given, suite, expected) => {
    expect(shown(given, suite)).toBe(expected);
  });

  it.each<[string, Given, string]>([
    ['nothing at all', { files: ['README.md'] }, 'none: no unit tests were found; say how they are run in'],
    [
      "npm's own words",
      { scripts: { test: 'echo "Error: no test specified" && exit 1' } },
      'none: the script "test"',
    ],
    ['only words', { scripts: { test: 'echo ok' } }, 'none: the script "test" of package.json runs no tests'],
    [
      'of a runner that is not named',
      { texts: { 'a.test.js': "import { it } from 'bun:test'" } },
      'none: no unit tests',
    ],
    ['switched off', { yaml: 'tests: {unit: false}', scripts: { test: 'jest' } }, 'none: switched off in'],
    ['unreadable', { yaml: 'tests: {unit: 1}' }, 'none: .frontdesk.yaml: tests.unit'],
    [
      'no packages',
      { scripts: { test: 'jest' }, devDependencies: ['jest'], files: ['package-lock.json'], present: [] },
      'missing: node_modules is missing; install with `npm ci`',
    ],
    [
      'no packages, of pnpm',
      { dependencies: ['x'], files: ['pnpm-lock.yaml'], node: ['a.test.js'], present: [] },
      'missing: node_modules is missing; install with `pnpm install`',
    ],
    [
      'no venv, with uv',
      { texts: { 'tests/test_a.py': 'import pytest' }, files: ['uv.lock'] },
      'missing: .venv is missing; install with `uv sync`',
    ],
  ])('TE-2: %s', (_, given, expected) => {
    expect(shown(given)).toContain(expected);
  });

  it('TE-1: words that are only a placeholder do not hide tests that are there', () => {
    expect(shown({ scripts: { test: 'echo none' }, node: ['a.test.js'] })).toBe(
      'node: node --test a.test.js',
    );
  });

  it('TE-1: node and pytest leave a report through the environment, where arguments would be files', () => {
    expect(plan({ scripts: { test: 'node --import tsx --test' } })).toMatchObject({
      runner: 'node',
      argv: ['npm', 'run', '--silent', 'test'],
      env: {
        NODE_OPTIONS:
          '--test-reporter=spec --test-reporter-destination=stdout --test-reporter=junit --test-reporter-destination=/r',
      },
      report: { kind: 'junit', file: '/r' },
    });
    expect(plan({ yaml: 'tests: {unit: "cd api && python3 -m pytest -q"}' })).toMatchObject({
      runner: 'pytest',
      argv: ['/bin/sh', '-c', 'cd api && python3 -m pytest -q'],
      env: { PYTEST_ADDOPTS: '-p no:cacheprovider "--junitxml=/r"' },
    });
  });

  it('a command of many files is shown short', () => {
    const node = ['e2e/a.test.js', 'a.test.js', 'b.test.js'];
    expect(plan({ node })).toMatchObject({ shown: 'node --test (2 files)' });
  });
});
