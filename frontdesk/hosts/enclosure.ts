import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Processes inside see and signal only each other; when the first one ends, all do. */
const ownProcesses = ['--pid', '--fork', '--mount-proc', '--kill-child'];

/** Without a user namespace where we may (root keeps its rights to files), else with one, as Linux lets anybody do. */
const enclosures: readonly (readonly string[])[] = [
  ['unshare', ...ownProcesses, '--'],
  ['unshare', '--user', '--map-current-user', ...ownProcesses, '--'],
];

/** Long: on a busy machine a shell that sees our processes would be the price of haste. */
const probeMs = 30_000;

/**
 * Finds how this machine can run a program so that it cannot see other processes: their environment is where secrets
 * are (`/proc/<pid>/environ` is open to every process of the same user).
 * @returns what is put before a program and its arguments; empty where there is no `unshare`, or it is not allowed
 */
export async function findEnclosure(): Promise<readonly string[]> {
  if (process.platform !== 'linux') return [];
  for (const enclosure of enclosures) if ((await exitCodeOf([...enclosure, 'true'])) === 0) return enclosure;
  return [];
}

const sshFailed = 255;

/**
 * The same for git, which talks to remotes over ssh: in a user namespace root's files are somebody else's, and ssh refuses to
 * read those of `/etc/ssh/ssh_config.d` ("Bad owner or permissions", seen with OpenSSH 9.2). Pushing comes first there.
 * @param environment of git: where `ssh` is, and whose settings it reads
 */
export async function findGitEnclosure(
  environment: Readonly<Record<string, string | undefined>>,
): Promise<readonly string[]> {
  const enclosure = await findEnclosure();
  if (enclosure.length === 0) return [];
  const env = { PATH: environment['PATH'], HOME: environment['HOME'] };
  // Prints what it would do, and connects to nothing.
  const code = await exitCodeOf([...enclosure, 'ssh', '-G', 'frontdesk.invalid'], env);
  return code === sshFailed ? [] : enclosure;
}

async function exitCodeOf(argv: readonly string[], env?: NodeJS.ProcessEnv): Promise<unknown> {
  const [program = '', ...args] = argv;
  return await run(program, args, { timeout: probeMs, env }).then(
    () => 0,
    ({ code }: { code?: unknown }) => code,
  );
}

const quote = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;

/** The script that runs `binary` enclosed, with the arguments it is given. Pure. */
export function renderLauncher(enclosure: readonly string[], binary: string): string {
  return `#!/bin/sh
# The first process of an enclosure gets no signal that it does not handle, so a shell is first: SIGTERM, sent to the
# whole group, ends OpenCode, and the shell after it.
exec ${enclosure.join(' ')} /bin/sh -c \\
  'trap : TERM INT; "$@" & child=$!; wait "$child"; code=$?; while kill -0 "$child" 2>/dev/null; do wait "$child"; code=$?; done; exit "$code"' \\
  sh ${quote(binary)} "$@"
`;
}

/** @returns what to run instead of `binary`: itself where nothing can be enclosed */
export async function enclose(binary: string, enclosure: readonly string[], launcher: string) {
  if (enclosure.length === 0) return binary;
  await writeFile(launcher, renderLauncher(enclosure, binary), { mode: 0o700 });
  return launcher;
}
