import type { Suite } from '../../kit/tests.ts';

const integration = /(^|[/._-])integration([/._-]|$)/i;
const acceptance = /(^|[/._-])(acceptance|e2e|end-to-end)([/._-]|$)/i;

/** Which suite a test file belongs to, by its folders and its name; unit, where neither says otherwise. */
function suiteOf(file: string): Suite {
  if (acceptance.test(file)) return 'acceptance';
  return integration.test(file) ? 'integration' : 'unit';
}

/**
 * @returns the suite's files; `all` when the repository has no other suite, so that the runner may look for them itself
 */
export function pickSuite(
  tests: readonly string[],
  suite: Suite,
): { readonly files: readonly string[]; readonly all: boolean } {
  const files = tests.filter((file) => suiteOf(file) === suite);
  return { files, all: files.length === tests.length };
}

/** `3 files`, for a command whose full list nobody would read. */
export function showCount(files: readonly string[]): string {
  return files.length === 1 ? (files[0] ?? '') : `(${files.length} files)`;
}
