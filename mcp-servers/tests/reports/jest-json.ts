/** Jest's JSON, which vitest writes, too. */
import { z } from 'zod';
import type { Failure, Report } from './report.ts';

const reportSchema = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  numPendingTests: z.number(),
  numTodoTests: z.number().default(0),
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      message: z.string().default(''),
      assertionResults: z.array(
        z.object({
          fullName: z.string(),
          ancestorTitles: z.array(z.string()).default([]),
          title: z.string().default(''),
          status: z.string(),
          failureMessages: z.array(z.string()).nullable().default([]),
        }),
      ),
    }),
  ),
});

/**
 * @param folder of the repository, taken off file names
 * @returns null when it is no such report
 */
export function parseJestJson(json: string, folder: string): Report | null {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    return null;
  }
  const parsed = reportSchema.safeParse(value);
  if (!parsed.success) return null;
  const { numPassedTests, numFailedTests, numPendingTests, numTodoTests, testResults } = parsed.data;
  const failures: Failure[] = [];
  let broken = 0;
  for (const { name, status, message, assertionResults } of testResults) {
    const failed = assertionResults.filter((each) => each.status === 'failed');
    for (const { ancestorTitles, title, fullName, failureMessages } of failed)
      failures.push({
        name: title === '' ? fullName : [...ancestorTitles, title].join(' › '),
        lines: (failureMessages?.[0] ?? '').split('\n'),
      });
    // A file that could not even be loaded is counted nowhere.
    if (status !== 'failed' || failed.length > 0) continue;
    broken += 1;
    failures.push({
      name: name.startsWith(`${folder}/`) ? name.slice(folder.length + 1) : name,
      lines: message.split('\n').filter((line) => !line.includes('● Test suite failed to run')),
    });
  }
  return {
    passed: numPassedTests,
    failed: numFailedTests + broken,
    skipped: numPendingTests + numTodoTests,
    failures,
  };
}
