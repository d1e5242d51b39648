/** How a command line that somebody wrote is made to leave a report, without changing what it runs. */
import type { ReportPlace } from './plan.ts';

export interface Reporting {
  readonly runner: string;
  /** Added at the end of the command line. */
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly report: ReportPlace | null;
}

/** The person's own reporter stays: its lines are what is streamed. */
export function nodeReporting(file: string): Reporting {
  const words = [
    '--test-reporter=spec',
    '--test-reporter-destination=stdout',
    '--test-reporter=junit',
    `--test-reporter-destination=${file}`,
  ];
  // In a variable: after the test files, node would take options for more files.
  const env = { NODE_OPTIONS: words.map(quoteOption).join(' ') };
  return { runner: 'node', args: [], env, report: { kind: 'junit', file } };
}

function quoteOption(word: string): string {
  return /\s/.test(word) ? `"${word.replaceAll(/["\\]/g, String.raw`\$&`)}"` : word;
}

export function vitestReporting(file: string): Reporting {
  return {
    runner: 'vitest',
    args: ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`],
    env: {},
    report: { kind: 'jest', file },
  };
}

export function jestReporting(file: string): Reporting {
  return {
    runner: 'jest',
    args: ['--json', `--outputFile=${file}`],
    env: {},
    report: { kind: 'jest', file },
  };
}

/** Neither caches nor bytecode: what a test run leaves behind would be committed with the work. */
export function pytestReporting(file: string): Reporting {
  return {
    runner: 'pytest',
    args: [],
    env: {
      PYTEST_ADDOPTS: `-p no:cacheprovider "--junitxml=${file}"`,
      PYTHONDONTWRITEBYTECODE: '1',
    },
    report: { kind: 'junit', file },
  };
}

/**
 * By the last command of the line, which is where arguments added at its end arrive. What is not known gets nothing: then
 * the exit code and the words on its output must do.
 */
export function reportingOf(line: string, file: string): Reporting {
  const last = line.split(/&&|\|\||[;|]/).at(-1) ?? '';
  const words = last
    .trim()
    .split(/\s+/)
    .filter((word) => !/^([A-Za-z_]\w*=.*|npx|cross-env|exec|pnpm|yarn|bunx|--yes|-y)$/.test(word));
  const [program = '', second = ''] = words;
  const name = program.replace(/^.*\//, '').replace(/\.(m?js|cmd)$/, '');
  if (name === 'vitest') return vitestReporting(file);
  if (name === 'jest' || (name === 'react-scripts' && second === 'test')) return jestReporting(file);
  if (/^(node|tsx)$/.test(name) && words.some((word) => /^--test(=|$)/.test(word)))
    return nodeReporting(file);
  if (
    name === 'pytest' ||
    /\bpython3?\b.* -m pytest\b/.test(` ${last}`) ||
    /\buv run\b.*\bpytest\b/.test(last)
  )
    return pytestReporting(file);
  return { runner: name || 'shell', args: [], env: {}, report: null };
}
