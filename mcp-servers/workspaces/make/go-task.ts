import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { FrontdeskError } from '../../kit/errors.ts';
import { readIfThere } from '../../kit/store/document-file.ts';
import type { Progress } from '../../kit/work.ts';
import { failed, maskAddress, type Run } from '../git/run.ts';

export const taskName = 'builder:init';

/** In the order go-task looks for them. */
const fileNames = [
  'Taskfile.yml',
  'taskfile.yml',
  'Taskfile.yaml',
  'taskfile.yaml',
  'Taskfile.dist.yml',
  'taskfile.dist.yml',
  'Taskfile.dist.yaml',
  'taskfile.dist.yaml',
];

const include = z.union([
  z.string(),
  z.object({ taskfile: z.string() }).transform(({ taskfile }) => taskfile),
]);
const taskfileSchema = z.object({
  tasks: z.record(z.string(), z.unknown()).nullish(),
  includes: z.record(z.string(), include.or(z.unknown().transform(() => null))).nullish(),
});

/**
 * Whether the root's Taskfile has `builder:init`: in itself, or in the file it includes as `builder`.
 * @throws FrontdeskError workspace_failed when a Taskfile cannot be read, lest work begins in the wrong way
 */
export async function hasInitTask(root: string): Promise<boolean> {
  const taskfile = await readTaskfile(root);
  if (taskfile === null) return false;
  if (taskfile.tasks && taskName in taskfile.tasks) return true;
  const [namespace = '', name = ''] = taskName.split(':');
  const included = taskfile.includes?.[namespace];
  if (!included) return false;
  const inner = await readTaskfile(path.resolve(root, included)).catch(() => null);
  return inner?.tasks !== undefined && inner.tasks !== null && name in inner.tasks;
}

/** @param at a Taskfile, or the folder it is in */
async function readTaskfile(at: string): Promise<z.infer<typeof taskfileSchema> | null> {
  const names = await readdir(at).catch(() => null);
  const name = names && fileNames.find((each) => names.includes(each));
  if (names && name === undefined) return null;
  const file = name ? path.join(at, name) : at;
  const text = await readIfThere(file);
  if (text === null) return null;
  try {
    return taskfileSchema.parse(parse(text));
  } catch (cause) {
    throw new FrontdeskError('workspace_failed', `${file} cannot be read as a Taskfile.`, { cause });
  }
}

export interface InitTask {
  readonly root: string;
  readonly workspace: string;
  readonly repositories: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  readonly progress: Progress;
}

/**
 * `task builder:init BUILDER_NAME=<workspace> REPOS=<a,b>`, its lines told as they come.
 * @throws FrontdeskError workspace_failed
 */
export async function runInitTask(run: Run, options: InitTask): Promise<void> {
  const { root, workspace, repositories, env, signal, progress } = options;
  progress(`task ${taskName} for ${repositories.join(', ')}`);
  const args = [taskName, `BUILDER_NAME=${workspace}`, `REPOS=${repositories.join(',')}`];
  const onLine = (line: string) => {
    const text = clean(line);
    if (text !== '') progress(text);
  };
  const result = await run('task', args, { cwd: root, env, signal, onLine });
  if (result.missing) {
    throw new FrontdeskError(
      'workspace_failed',
      `The Taskfile in ${root} has ${taskName}, but go-task is not installed: \`brew install go-task\`, or \`go install github.com/go-task/task/v3/cmd/task@v3.44.0\`, and have \`task\` in the service's PATH.`,
    );
  }
  if (!result.ok) throw failed(`task ${taskName}`, result);
}

function clean(line: string): string {
  const text = maskAddress(line.replaceAll(/\u001b\[[0-9;]*[A-Za-z]/g, '')).trim();
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}
