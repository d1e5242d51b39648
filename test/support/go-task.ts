import { execFile } from 'node:child_process';
import { access, chmod, constants, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';

const exec = promisify(execFile);

/** The newest that can be had from the Go proxy alone (v3.54.0 needs a module the proxy refuses). */
const version = 'v3.44.0';
const cache = path.join(import.meta.dirname, '../../node_modules/.cache/go-task');

/**
 * Finds go-task: in PATH, in our cache, or builds it with `go` (a minute or two, once).
 * @returns the folder it is in. Where there is neither, a stand-in that runs plain `cmds`, and says so loudly
 */
export async function findGoTask(): Promise<string> {
  const places = [...(process.env.PATH ?? '').split(path.delimiter), path.join(cache, version)];
  for (const place of places) {
    if (place !== '' && (await isProgram(path.join(place, 'task')))) return place;
  }
  try {
    return await build();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    console.warn(
      `⚠️ go-task is neither in PATH nor can it be built (${reason.slice(0, 300)}). These tests run against a stand-in of ours, which proves less: install go, or task (https://taskfile.dev).`,
    );
    return await writeStandIn();
  }
}

async function isProgram(file: string): Promise<boolean> {
  return await access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
}

async function build(): Promise<string> {
  await mkdir(cache, { recursive: true });
  const made = await mkdtemp(path.join(cache, 'build-'));
  try {
    const env = { ...process.env, GOBIN: made, GOFLAGS: '-mod=mod' };
    await exec('go', ['install', `github.com/go-task/task/v3/cmd/task@${version}`], {
      env,
      timeout: 300_000,
    });
    // Two test files may build at once; either's is good.
    await mkdir(path.join(cache, version), { recursive: true });
    await rename(path.join(made, 'task'), path.join(cache, version, 'task'));
    return path.join(cache, version);
  } finally {
    await rm(made, { recursive: true, force: true });
  }
}

/** `task <name> VAR=value …` for tasks whose `cmds` are plain lines. */
const standIn = (yaml: string) => `#!${process.execPath}
const { readFileSync } = require('node:fs');
const { spawnSync } = require('node:child_process');
const { parse } = require(${JSON.stringify(yaml)});
const [name, ...rest] = process.argv.slice(2);
const vars = Object.fromEntries(rest.map((each) => [each.slice(0, each.indexOf('=')), each.slice(each.indexOf('=') + 1)]));
for (const cmd of parse(readFileSync('Taskfile.yml', 'utf8')).tasks[name].cmds) {
  const line = cmd.replaceAll(/{{\\s*\\.(\\w+)\\s*}}/g, (_, key) => vars[key] ?? '');
  const { status } = spawnSync('sh', ['-c', line], { stdio: 'inherit' });
  if (status !== 0) process.exit(201);
}
`;

async function writeStandIn(): Promise<string> {
  const folder = path.join(cache, 'stand-in');
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, 'task'), standIn(path.resolve(cache, '../../yaml')));
  await chmod(path.join(folder, 'task'), 0o755);
  return folder;
}
