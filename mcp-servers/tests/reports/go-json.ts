/** `go test -json`: one event a line, on standard output. */
import { z } from 'zod';
import type { Failure, Report } from './report.ts';

const eventSchema = z.object({
  Action: z.string(),
  Package: z.string().default(''),
  ImportPath: z.string().default(''),
  Test: z.string().optional(),
  Output: z.string().default(''),
  FailedBuild: z.string().optional(),
});

export interface GoReader {
  /** @returns what a person would have seen of it; null: nothing */
  read(line: string): string | null;
  report(): Report;
}

/** Lines of a failing test that say nothing of why. */
const noise = /^\s*(=== |--- |FAIL\b|ok\b|PASS\b|exit status \d+)/;
const keptLines = 10;

export function createGoReader(): GoReader {
  const ended = new Map<string, string>();
  const said = new Map<string, string[]>();
  const failedPackages = new Map<string, string>();

  const keep = (key: string, output: string) => {
    const lines = said.get(key) ?? [];
    if (lines.length < keptLines && !noise.test(output) && output.trim() !== '')
      said.set(key, [...lines, output.trim()]);
  };

  return {
    read(line) {
      const event = parseEvent(line);
      // What the compiler or the program itself printed.
      if (event === null) return line;
      const { Action, Package, ImportPath, Test, Output, FailedBuild } = event;
      const key = Test === undefined ? Package || ImportPath : `${Package} ${Test}`;
      if (Action === 'output' || Action === 'build-output') {
        keep(key, Output);
        return Output.trimEnd() === '' ? null : Output.trimEnd();
      }
      if (Test !== undefined && /^(pass|fail|skip)$/.test(Action)) ended.set(key, Action);
      else if (Test === undefined && Action === 'fail') failedPackages.set(Package, FailedBuild ?? Package);
      return null;
    },
    report() {
      // A test with parts of its own has their outcome: only the parts are counted.
      const leaves = [...ended].filter(
        ([key]) => ![...ended.keys()].some((other) => other.startsWith(`${key}/`)),
      );
      const count = (action: string) => leaves.filter(([, each]) => each === action).length;
      const failures: Failure[] = leaves
        .filter(([, action]) => action === 'fail')
        .map(([key]) => ({ name: key.slice(key.indexOf(' ') + 1), lines: said.get(key) ?? [] }));
      const named = new Set(
        leaves.filter(([, action]) => action === 'fail').map(([key]) => key.split(' ')[0]),
      );
      const broken = [...failedPackages].filter(([name]) => !named.has(name));
      for (const [name, source] of broken)
        failures.push({
          name,
          lines: (said.get(source) ?? said.get(name) ?? []).filter((l) => !l.startsWith('# ')),
        });
      return {
        passed: count('pass'),
        failed: count('fail') + broken.length,
        skipped: count('skip'),
        failures,
      };
    },
  };
}

function parseEvent(line: string): z.infer<typeof eventSchema> | null {
  if (!line.startsWith('{')) return null;
  try {
    return eventSchema.parse(JSON.parse(line));
  } catch {
    return null;
  }
}
