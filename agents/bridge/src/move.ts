import { access, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Command } from '../protocol.ts';
import type { Api } from './api.ts';

/** An aborted turn is over within this. */
const restMs = 5_000;
const lookEveryMs = 50;

/**
 * Moves a session into another folder; with one that is there already nothing happens.
 *
 * OpenCode moves sessions within a project only, and reads a repository's project from `.git/opencode` (measured with
 * 1.18.33; ADR 11): a new workspace, in which nothing was ever begun, becomes one more folder of the project that the session
 * is of. Written before OpenCode has made an instance there.
 * @throws Error with what OpenCode said, e.g. that the folder belongs to another project
 */
export async function moveSession(
  api: Api,
  { directory, session_id, to, title }: Extract<Command, { type: 'session.move' }>,
  abort: () => Promise<void>,
): Promise<void> {
  const session = await api.session(directory, session_id);
  if (session.directory !== to) {
    await abort();
    await atRest(api, directory, session_id);
    if (session.projectID) await claim(to, session.projectID);
    await api.moveSession(directory, session_id, to);
  }
  await api.entitle(to, session_id, title);
}

async function atRest(api: Api, directory: string, sessionId: string): Promise<void> {
  for (let waited = 0; waited < restMs; waited += lookEveryMs) {
    if (!(await api.busy(directory)).includes(sessionId)) return;
    await pause(lookEveryMs);
  }
  throw new Error(`session ${sessionId} does not come to rest`);
}

/** OpenCode's own, where it has been here before, stays. */
async function claim(folder: string, project: string): Promise<void> {
  try {
    await writeFile(join(folder, '.git', 'opencode'), project, { flag: 'wx' });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'EEXIST') return;
    // No repository, e.g. where it came from: OpenCode says whether that will do. No folder at all will not.
    if (code !== 'ENOENT' && code !== 'ENOTDIR') throw error;
    await access(folder);
  }
}
