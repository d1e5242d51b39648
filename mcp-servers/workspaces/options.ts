import type { Log } from '../kit/log.ts';

/** A project as config names it. */
export interface ProjectSetting {
  /** `category/project`. */
  readonly name: string;
  /** Names of folders below the repositories folder, absolute paths, or addresses git can clone. */
  readonly repositories: readonly string[];
  readonly description?: string;
}

export interface GithubSetting {
  readonly token: string;
  /** Default `https://api.github.com`. */
  readonly apiUrl?: string;
  /** Host of the remotes it is for; default `github.com`. */
  readonly host?: string;
}

export interface WorkspacesOptions {
  /** Absolute; `.builders/`, `.ai/projectlist.md` and the Taskfile are in it. */
  readonly root: string;
  /** Default: `{root}/repos`. */
  readonly repositoriesFolder?: string;
  /** Besides those of `.ai/projectlist.md`. */
  readonly projects: readonly ProjectSetting[];
  readonly github?: GithubSetting;
  /** The service's environment; git and task get only what they need of it, never our tokens. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Put before git and task; see git/run.ts. Default: nothing. */
  readonly enclosure?: readonly string[];
  readonly log: Log;
  /** Unix ms. */
  readonly now: () => number;
}
