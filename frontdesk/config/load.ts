import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { parse as parseYaml } from 'yaml';
import { z } from 'zod';
import { describeError, FrontdeskError } from '../../mcp-servers/kit/errors.ts';
import { type Config, configSchema } from './schema.ts';
import { type Setting, settings } from './settings.ts';

type Environment = Readonly<Record<string, string | undefined>>;
const settingRows = Object.entries(settings) as [keyof typeof settings, Setting][];

/**
 * Environment over file over defaults (OP-5). The file is `FRONTDESK_CONFIG`, else `config.yaml` in the state
 * folder; its keys are the variables' names.
 * @throws FrontdeskError config_invalid, listing every problem at once with its variable and fix
 */
export function loadConfig(env: Environment): Config;
export function loadConfig<T>(env: Environment, schema: z.ZodType<T>): T;
export function loadConfig(env: Environment, schema: z.ZodType = configSchema): unknown {
  const stateDir = env['FRONTDESK_STATE_DIR'] ?? join(homedir(), '.config', 'frontdesk');
  const file = env['FRONTDESK_CONFIG'] ?? join(stateDir, 'config.yaml');
  return parseConfig(env, readConfigFile(file, env['FRONTDESK_CONFIG'] !== undefined), file, schema);
}

/** Pure part of {@link loadConfig}. `fileValues` are keyed by variable name. */
export function parseConfig(env: Environment, fileValues: Record<string, unknown>): Config;
export function parseConfig<T>(
  env: Environment,
  fileValues: Record<string, unknown>,
  file: string,
  schema: z.ZodType<T>,
): T;
export function parseConfig(
  env: Environment,
  fileValues: Record<string, unknown>,
  file = 'the config file',
  schema: z.ZodType = configSchema,
): unknown {
  const problems: string[] = [];
  const known = new Set(settingRows.map(([, setting]) => setting.variable));
  for (const key of Object.keys(fileValues))
    if (!known.has(key)) problems.push(`${key} in ${file} is not a setting. Remove it or correct its name.`);
  const raw = Object.fromEntries(
    settingRows.flatMap(([key, { variable }]) => {
      const value =
        env[variable] === undefined || env[variable] === '' ? fileValues[variable] : env[variable];
      return value === undefined ? [] : [[key, value]];
    }),
  );
  const parsed = schema.safeParse(raw);
  if (!parsed.success) problems.push(...parsed.error.issues.map(renderIssue));
  if (!parsed.success || problems.length > 0)
    throw new FrontdeskError('config_invalid', `\n${problems.map((line) => `  - ${line}`).join('\n')}\n`);
  return parsed.data;
}

/** Every secret value the configuration holds, for exact masking (OUT-3). */
export function secretsOf(config: {
  readonly [setting in keyof Config]?: Config[setting] | undefined;
}): { name: string; value: string }[] {
  const values: Readonly<Record<string, unknown>> = config;
  return settingRows.flatMap(([key, setting]) => {
    const value = values[key];
    if (!setting.secret) return [];
    const held = typeof value === 'string' ? [value] : keysIn(value);
    return held.map((secret) => ({ name: setting.variable, value: secret }));
  });
}

/** API keys within a list of objects. */
function keysIn(value: unknown): string[] {
  const list = z.array(z.object({ apiKey: z.string().optional() })).safeParse(value);
  return list.success ? list.data.flatMap(({ apiKey }) => apiKey ?? []) : [];
}

function renderIssue(issue: z.core.$ZodIssue): string {
  const setting = settings[issue.path[0] as keyof typeof settings] as Setting;
  // The value itself is never printed: it may be a secret in the wrong place.
  const within = issue.path.slice(1).join('.');
  return `${setting.variable}${within === '' ? '' : ` (${within})`} ${sayIssue(issue)}. To fix it, ${setting.fix}.`;
}

/** Our own messages continue the variable's name; zod's are sentences of their own. */
function sayIssue(issue: z.core.$ZodIssue): string {
  if (issue.code === 'too_big' && issue.origin === 'number') return `must be ${issue.maximum} or less`;
  if (issue.code === 'too_small' && issue.origin === 'number') return `must be ${issue.minimum} or more`;
  return issue.message.replace(/^Invalid (input|option): /, 'is not right: ');
}

function readConfigFile(file: string, required: boolean): Record<string, unknown> {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if (!required && (error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw new FrontdeskError('config_invalid', `${file} cannot be read: ${describeError(error)}`, {
      cause: error,
    });
  }
  try {
    return z.record(z.string(), z.unknown()).parse(parseYaml(text) ?? {});
  } catch (error) {
    throw new FrontdeskError(
      'config_invalid',
      `${file} is not a YAML map of settings: ${describeError(error)}`,
      {
        cause: error,
      },
    );
  }
}
