import { glob, stat } from 'node:fs/promises';
import path from 'node:path';
import { readBounded } from '../kit/read-bounded.ts';
import { parseJestJson } from './reports/jest-json.ts';
import { parseJunit } from './reports/junit.ts';
import type { Report } from './reports/report.ts';
import type { ReportPlace } from './runners/plan.ts';

/** Bytes; a report of more is not read, the exit code and the summary must do. Reading this much takes seconds. */
const maxReport = 8 * 1024 * 1024;
const maxFiles = 5000;

/**
 * @param o.since Unix ms: older files are of another run
 * @returns null when there is none that can be read
 */
export async function readReport(
  place: Exclude<ReportPlace, { kind: 'go' }>,
  o: { readonly folder: string; readonly since: number },
): Promise<Report | null> {
  if (place.kind === 'junit-files') return await readMany(place.pattern, o);
  const text = await readBounded(place.file, { within: path.dirname(place.file), most: maxReport });
  if (text === null) return null;
  return place.kind === 'junit' ? parseJunit(text) : parseJestJson(text, o.folder);
}

async function readMany(
  pattern: string,
  { folder, since }: { readonly folder: string; readonly since: number },
): Promise<Report | null> {
  let sum: Report | null = null;
  let files = 0;
  for await (const name of glob(pattern, { cwd: folder, exclude: ['**/node_modules/**'] })) {
    files += 1;
    if (files > maxFiles) break;
    const file = path.join(folder, name);
    // Some file systems keep whole seconds only.
    const written = (await stat(file).catch(() => null))?.mtimeMs ?? 0;
    if (written < Math.floor(since / 1000) * 1000) continue;
    const text = await readBounded(file, { within: folder, most: maxReport });
    const report = text === null ? null : parseJunit(text);
    if (report !== null) sum = sum === null ? report : add(sum, report);
  }
  return sum;
}

function add(one: Report, other: Report): Report {
  return {
    passed: one.passed + other.passed,
    failed: one.failed + other.failed,
    skipped: one.skipped + other.skipped,
    failures: [...one.failures, ...other.failures],
  };
}
