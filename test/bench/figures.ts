/** What a measure reports, and the arithmetic behind it. */

/** One line of the table. */
export interface Figure {
  readonly what: string;
  readonly value: number;
  /** '×' for ratios, 'ms', 'MB', 's', '%', or '' for counts. */
  readonly unit: '×' | 'ms' | 'MB' | 's' | '%' | '';
  /** The goal of issue 2 §7, where there is one: at most (or exactly) so much. */
  readonly goal?: { readonly atMost: number } | { readonly exactly: number };
  readonly note?: string;
}

export interface Measure {
  readonly name: string;
  readonly about: string;
  /** @param quick a short run: the ratios are rough */
  run(this: void, options: MeasureOptions): Promise<readonly Figure[]>;
}

interface MeasureOptions {
  readonly quick: boolean;
  /** Options for the service's Node, e.g. `--cpu-prof`. */
  readonly nodeOptions: readonly string[];
  readonly say: (line: string) => void;
}

/** @param share 0.5 is the median */
function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

export const p50 = (values: readonly number[]): number => quantile(values, 0.5);
export const p95 = (values: readonly number[]): number => quantile(values, 0.95);

/** @returns undefined where there is no goal */
export function isMet({ value, goal }: Figure): boolean | undefined {
  if (goal === undefined) return undefined;
  return 'atMost' in goal ? value <= goal.atMost : value === goal.exactly;
}

/** The figures as a table for a terminal and for the README. */
export function renderTable(name: string, figures: readonly Figure[]): string {
  const rows = figures.map((figure) => [figure.what, shown(figure), goalOf(figure), figure.note ?? '']);
  const widths = [0, 1, 2].map((at) => Math.max(...rows.map((row) => row[at]?.length ?? 0)));
  const lines = rows.map((row) =>
    row
      .map((cell, at) => cell.padEnd(widths[at] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  return [`── ${name}`, ...lines, ''].join('\n');
}

function shown({ value, unit }: Figure): string {
  const digits = unit === '×' ? 2 : unit === '' || value >= 100 ? 0 : 1;
  return `${value.toFixed(digits)}${unit === '' || unit === '×' ? unit : ` ${unit}`}`;
}

function goalOf(figure: Figure): string {
  const { goal, unit } = figure;
  if (goal === undefined) return '';
  const wanted = 'atMost' in goal ? `≤ ${goal.atMost}` : `= ${goal.exactly}`;
  return `${isMet(figure) ? 'met' : 'MISSED'} (${wanted}${unit === '' || unit === '×' ? unit : ` ${unit}`})`;
}
