/** Python: pytest, or unittest where nothing speaks of pytest. */
import { pythonTest, type RepositoryFacts } from '../facts.ts';
import type { Runner } from './plan.ts';
import { pytestReporting } from './reporting.ts';
import { pickSuite, showCount } from './suite-files.ts';

export const pytest: Runner = (facts, { suite, reportFile }) => {
  const picked = pickSuite(
    facts.files.filter((file) => pythonTest.test(file)),
    suite,
  );
  if (picked.files.length === 0) return null;
  const own = ['.venv/bin/python', 'venv/bin/python'].find((name) => facts.present.has(name));
  if (own === undefined && facts.files.includes('uv.lock'))
    return {
      kind: 'missing',
      runner: 'pytest',
      shown: 'uv run pytest',
      reason: '.venv is missing; install with `uv sync`',
    };
  const python = own ?? 'python3';
  const files = picked.all ? [] : picked.files;
  if (!speaksOfPytest(facts)) {
    const where =
      facts.files.includes('tests/__init__.py') || !hasFolder(facts, 'tests') ? [] : ['-s', 'tests'];
    const args = picked.all ? ['discover', '-v', ...where] : ['-v', ...files];
    return {
      kind: 'run',
      runner: 'unittest',
      argv: [python, '-m', 'unittest', ...args],
      shown: ['python -m unittest', ...(picked.all ? args : ['-v', showCount(files)])].join(' '),
      env: { PYTHONDONTWRITEBYTECODE: '1', PYTHONPATH: '.' },
      report: null,
      install: installWords(facts),
    };
  }
  const { env, report } = pytestReporting(reportFile);
  return {
    kind: 'run',
    runner: 'pytest',
    argv: [python, '-m', 'pytest', ...files],
    shown: picked.all ? 'python -m pytest' : `python -m pytest ${showCount(files)}`,
    env,
    report,
    install: installWords(facts),
  };
};

/** Also tests that are plain functions: unittest would find none of them. */
function speaksOfPytest({ files, texts }: RepositoryFacts): boolean {
  if (files.some((file) => /(^|\/)(pytest\.ini|conftest\.py)$/.test(file))) return true;
  return Object.entries(texts).some(
    ([name, text]) => /\bpytest\b/.test(text) || (pythonTest.test(name) && /^(async )?def test_/m.test(text)),
  );
}

function hasFolder({ files }: RepositoryFacts, folder: string): boolean {
  return files.some((file) => file.startsWith(`${folder}/`));
}

function installWords({ files }: RepositoryFacts): string {
  if (files.includes('uv.lock')) return 'install with `uv sync`';
  const list = ['requirements-dev.txt', 'requirements.txt'].find((name) => files.includes(name));
  return `install with \`python3 -m venv .venv && .venv/bin/pip install ${list === undefined ? 'pytest' : `-r ${list} pytest`}\``;
}
