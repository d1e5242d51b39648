/** What a runner says of its tests, whatever form it says it in. */

export interface Failure {
  readonly name: string;
  readonly lines: readonly string[];
}

export interface Report {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly failures: readonly Failure[];
}

/** More would not be read on a phone. */
const maxFailures = 20;
const maxLines = 3;
const maxLineLength = 300;
const maxNameLength = 200;

/** Where in a runner's own code a test was called: nobody's fault, and the first lines are few. */
const insideOthers = /^\s+at .*(node_modules|node:internal|new Promise \(<anonymous>\))/;

/** Names and first lines as they are shown: few, short, without colours and blank lines. */
export function trimFailures(failures: readonly Failure[]): Failure[] {
  return failures.slice(0, maxFailures).map(({ name, lines }) => ({
    name: cut(plain(name).replaceAll(/\s+/g, ' ').trim(), maxNameLength),
    lines: lines
      .flatMap((line) => plain(line).split('\n'))
      .map((line) => cut(line.trimEnd(), maxLineLength))
      .filter((line) => line.trim() !== '' && !insideOthers.test(line))
      .slice(0, maxLines),
  }));
}

/** Without terminal colours and control characters. */
export function plain(text: string): string {
  // oxlint-disable-next-line no-control-regex -- they are what is removed
  return text
    .replaceAll(/\u001B\[[\d;?]*[ -/]*[@-~]/g, '')
    .replaceAll(/[\u0000-\u0008\u000B-\u001F\u007F]/g, '');
}

function cut(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`;
}
