/** `.frontdesk.yaml` in a repository: how its code is run and tested, where that cannot be seen from it. */
import { lstat } from 'node:fs/promises';
import path from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { readBounded } from './read-bounded.ts';

export const frontdeskYamlName = '.frontdesk.yaml';

/** A line for the shell, or an argument list that is run as it is; `false`: none. */
const commandSchema = z.union([
  z.string().trim().min(1, 'is empty; use false for none'),
  z.array(z.string().min(1)).min(1),
  z.literal(false),
]);
export type YamlCommand = z.infer<typeof commandSchema>;

const runtimeNameSchema = z.enum(['node', 'python', 'java', 'static']);
export type RuntimeName = z.infer<typeof runtimeNameSchema>;

const memorySchema = z.number().int().min(32).max(65_536);

/** Every field may be left out: then it is detected. Unknown fields are refused, since nobody would read them. */
const frontdeskYamlSchema = z.strictObject({
  runtime: runtimeNameSchema.optional(),
  /** Run once after copying, before `build`. */
  install: commandSchema.optional(),
  build: commandSchema.optional(),
  start: commandSchema.optional(),
  /** Folder of a static site, where it is not found by itself (e.g. what `build` makes). */
  serve: z
    .string()
    .regex(/^(?!\/)(?!(.*\/)?\.\.(\/|$)).+$/, 'must be a folder inside the repository')
    .optional(),
  /** For an app that listens on one port and does not read PORT. */
  port: z.number().int().min(1024).max(65_535).optional(),
  /** A path that answers below 500 when the app is well. */
  health: z.string().startsWith('/', 'must begin with /').max(500).optional(),
  /** It has failed when it has not answered so long after its start. (A whole deploy may take 5 minutes, LAB-4.) */
  readySeconds: z.number().int().min(1).max(300).optional(),
  env: z
    .record(
      z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'must be a variable name'),
      z.union([z.string(), z.number(), z.boolean()]).transform(String),
    )
    .optional(),
  memoryMb: memorySchema.optional(),
  tests: z
    .strictObject({
      unit: commandSchema.optional(),
      integration: commandSchema.optional(),
      acceptance: commandSchema.optional(),
      /** Of all processes of a run together. */
      memoryMb: memorySchema.optional(),
    })
    .optional(),
  /** Unit tests run before a deploy of it. */
  testOnDeploy: z.boolean().optional(),
});
export type FrontdeskYaml = z.infer<typeof frontdeskYamlSchema>;

/** `problem`: what is wrong with the file, in words that name the field. */
export type ReadYaml =
  | { readonly ok: true; readonly settings: FrontdeskYaml }
  | { readonly ok: false; readonly problem: string };

/** Bytes. */
const largest = 256 * 1024;

/** @param folder of the repository's worktree. No file: no settings. Never throws for what is in the file. */
export async function readFrontdeskYaml(folder: string): Promise<ReadYaml> {
  const file = path.join(folder, frontdeskYamlName);
  const text = await readBounded(file, { within: folder, most: largest });
  if (text === null) {
    if ((await lstat(file).catch(() => null)) === null) return { ok: true, settings: {} };
    const must = `it must be a file of at most ${largest / 1024} kB in the repository`;
    return { ok: false, problem: `${frontdeskYamlName} cannot be read: ${must}.` };
  }
  return parseFrontdeskYaml(text);
}

export function parseFrontdeskYaml(text: string): ReadYaml {
  let value: unknown;
  try {
    // An alias can make a small file huge.
    value = parse(text, { maxAliasCount: 100 });
  } catch (error) {
    const [first = ''] = (error as Error).message.split('\n');
    return { ok: false, problem: `${frontdeskYamlName} is not YAML: ${first}` };
  }
  const parsed = frontdeskYamlSchema.safeParse(value ?? {});
  if (parsed.success) return { ok: true, settings: parsed.data };
  const problems = parsed.error.issues.map(({ path: at, message }) => `${at.join('.') || 'it'}: ${message}`);
  return { ok: false, problem: `${frontdeskYamlName}: ${problems.join('; ')}.` };
}

/** As an argument list; empty for none. */
export function argumentsOf(command: YamlCommand): readonly string[] {
  if (command === false) return [];
  return typeof command === 'string' ? ['/bin/sh', '-c', command] : command;
}

/** As a person would type it; '' for none. */
export function showArguments(argv: readonly string[]): string {
  if (argv[0] === '/bin/sh' && argv[1] === '-c' && argv.length === 3) return argv[2] ?? '';
  return argv
    .map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`))
    .join(' ');
}
