/** JUnit's XML, as node, pytest and maven write it. */
import { XMLParser } from 'fast-xml-parser';
import { z } from 'zod';
import type { Failure, Report } from './report.ts';

const text = z.union([z.string(), z.number()]).transform(String);
/** A child is text when it has no attributes, an object when it has; `@` marks attributes, `#` the text. */
const child = z.union([
  text.transform((said) => ({ message: '', said })),
  z
    .object({ '@message': text.optional(), '#text': text.optional() })
    .transform((each) => ({ message: each['@message'] ?? '', said: each['#text'] ?? '' })),
]);
const caseSchema = z.object({
  '@name': text.default(''),
  '@classname': text.default(''),
  '@file': text.default(''),
  failure: z.array(child).default([]),
  error: z.array(child).default([]),
  skipped: z.array(z.unknown()).optional(),
});
type Case = z.infer<typeof caseSchema>;

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  textNodeName: '#text',
  parseTagValue: false,
  parseAttributeValue: false,
  trimValues: false,
  // Also `&#10;`, with which lines of a message are set apart.
  htmlEntities: true,
  isArray: (name) => ['testsuite', 'testcase', 'failure', 'error', 'skipped'].includes(name),
});

/** @returns null when it is no such report */
export function parseJunit(xml: string): Report | null {
  let root: unknown;
  try {
    root = parser.parse(xml);
  } catch {
    return null;
  }
  if (typeof root !== 'object' || root === null || !('testsuites' in root || 'testsuite' in root))
    return null;
  const cases = [...findCases(root)].filter((each) => !isWholeFile(each));
  const failures: Failure[] = [];
  let skipped = 0;
  for (const each of cases) {
    const [first] = [...each.failure, ...each.error];
    if (first !== undefined) failures.push({ name: nameOf(each), lines: linesOf(first) });
    else if (each.skipped !== undefined) skipped += 1;
  }
  const passed = cases.length - failures.length - skipped;
  return { passed, failed: failures.length, skipped, failures };
}

function* findCases(node: unknown): Generator<Case> {
  if (typeof node !== 'object' || node === null) return;
  if (Array.isArray(node)) {
    for (const each of node) yield* findCases(each);
    return;
  }
  for (const [name, value] of Object.entries(node)) {
    if (name === 'testcase') {
      for (const each of z.array(z.unknown()).catch([]).parse(value)) {
        const parsed = caseSchema.safeParse(each);
        if (parsed.success) yield parsed.data;
      }
    } else if (name === 'testsuite' || name === 'testsuites') yield* findCases(value);
  }
}

/** Node counts a file that has no test in it, and ended well, as a test that passed (measured, 24.21). */
function isWholeFile(each: Case): boolean {
  const name = each['@name'];
  return (
    each['@classname'] === 'test' &&
    each.failure.length === 0 &&
    /^\S+\.[cm]?[jt]s$/.test(name) &&
    (each['@file'] === '' || each['@file'].endsWith(name))
  );
}

function nameOf(each: Case): string {
  // Node escapes quotes twice (measured, 24.21).
  const name = each['@name'].replaceAll('&quot;', '"');
  const group = each['@classname'];
  return group === '' || group === 'test' ? name : `${group} › ${name}`;
}

/** The message, else the beginning of what follows it. */
function linesOf({ message, said }: z.infer<typeof child>): string[] {
  return (message.trim() === '' ? said : message).split('\n');
}
