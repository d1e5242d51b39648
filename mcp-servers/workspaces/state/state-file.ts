import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { describeError } from '../../kit/errors.ts';
import type { Log } from '../../kit/log.ts';
import { createDocumentFile, readIfThere } from '../../kit/store/document-file.ts';
import { type WorkspaceState, workspaceStateSchema } from '../../kit/work.ts';
import type { Git } from '../git/git.ts';
import { explain } from '../git/run.ts';
import { describeChange } from './describe-change.ts';
import { createStateRepository } from './state-repository.ts';
import { renderState, stateFileName } from './state-text.ts';

/** One workspace's `.session-state.yaml` with its history (WS-3). */
export interface StateFile {
  readonly file: string;
  /** The text; null when there is none. */
  read(): Promise<string | null>;
  /**
   * Durable, then committed. A commit that fails is logged and made up for by the next: the file is the truth.
   * @throws FrontdeskError workspace_failed, the old state being in place, when it cannot be written
   */
  write(before: WorkspaceState | null, after: WorkspaceState): Promise<void>;
}

/** @param folder the workspace's, which exists */
export function createStateFile(git: Git, folder: string, log: Log): StateFile {
  const file = path.join(folder, stateFileName);
  const repository = createStateRepository(git, folder);
  // Half-written files stay where nobody looks.
  const document = createDocumentFile(file, path.join(folder, '.git'));
  return {
    file,
    read: () => readIfThere(file),
    async write(before, after) {
      workspaceStateSchema.parse(after);
      try {
        await mkdir(folder, { recursive: true });
        await repository.init(after.title);
        await document.write(renderState(after));
      } catch (error) {
        throw await explain(`Writing the state of ${after.workspace}`, folder, error);
      }
      const changes = describeChange(before, after);
      // A first state belongs to making the workspace, which is whole or not at all.
      const commit = repository.commit(changes);
      await (before === null
        ? commit
        : commit.catch((error: unknown) => {
            log.error(
              { workspace: after.workspace, reason: describeError(error) },
              'workspaces.state.uncommitted',
            );
          }));
    },
  };
}
