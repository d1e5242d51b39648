import path from 'node:path';
import { FrontdeskError } from '../../kit/errors.ts';
import type { Log } from '../../kit/log.ts';
import { readIfThere } from '../../kit/store/document-file.ts';
import { type ProjectRef, showProject } from '../../kit/work.ts';
import type { ProjectEntry } from '../contract.ts';
import type { ProjectSetting } from '../options.ts';
import { parseProjectName } from '../names.ts';
import { type ListedProject, parseProjectList } from './project-list.ts';
import { nameOfRepository, resolveSources, type Source } from './sources.ts';

/** The projects of config and list together, and their repositories. */
export interface Catalog {
  read(): Promise<{ readonly projects: readonly ProjectEntry[]; readonly ignored: readonly string[] }>;
  /** @param byName names on the list need no folder @throws FrontdeskError workspace_invalid */
  resolve(project: ProjectRef, wanted: readonly string[], byName: boolean): Promise<Source[]>;
}

export interface CatalogOptions {
  readonly root: string;
  readonly repositoriesFolder: string;
  readonly settings: readonly ProjectSetting[];
  readonly log: Log;
}

export function createCatalog({ root, repositoriesFolder, settings, log }: CatalogOptions): Catalog {
  const file = path.join(root, '.ai', 'projectlist.md');

  const readListed = async () => {
    const list = parseProjectList((await readIfThere(file).catch(() => null)) ?? '');
    const ignored = list.ignored.map((line) => `${path.basename(file)}, ${line}`);
    const configured = settings.flatMap((setting): ListedProject[] => {
      try {
        const { repositories, description = '' } = setting;
        return [{ project: parseProjectName(setting.name), repositories, description }];
      } catch (error) {
        if (!(error instanceof FrontdeskError)) throw error;
        ignored.push(`config: ${error.detail}`);
        return [];
      }
    });
    // What the operator set counts before what is written in the list.
    const names = new Set(configured.map(({ project }) => showProject(project)));
    const listed = [
      ...configured,
      ...list.projects.filter(({ project }) => !names.has(showProject(project))),
    ];
    return { listed, ignored };
  };

  return {
    async read() {
      const { listed, ignored } = await readListed();
      for (const line of ignored) log.warn({ line }, 'workspaces.projects.ignored');
      const projects = listed.map(({ project, repositories, description }) => ({
        project,
        repositories: repositories.map((written) => nameOfRepository(written) || written),
        description,
      }));
      return { projects, ignored };
    },
    async resolve(project, wanted, byName) {
      const { listed } = await readListed();
      const own = listed.find((each) => showProject(each.project) === showProject(project));
      return await resolveSources({
        wanted,
        listed: own?.repositories ?? [],
        others: listed.filter((each) => each !== own).flatMap(({ repositories }) => repositories),
        repositoriesFolder,
        byName,
      });
    },
  };
}
