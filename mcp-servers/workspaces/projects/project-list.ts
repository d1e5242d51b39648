/**
 * `.ai/projectlist.md`: which projects there are. Anything a person would write is read; either a table
 *
 *     | category | project      | repositories                     | description     |
 *     | -------- | ------------ | -------------------------------- | --------------- |
 *     | ai-dev   | domain-apis  | api, https://host/acme/web.git   | The public APIs |
 *
 * with its columns in any order (`ai-dev/domain-apis` in the project column needs no category column), or a list
 *
 *     - ai-dev/domain-apis: api, web — The public APIs
 *
 * Repositories are separated by commas, spaces or <br>; each is the name of a folder below the repositories folder, an
 * absolute path, or an address git can clone; `code` and [links](…) are looked through. Other text is passed over.
 */
import type { ProjectRef } from '../../kit/work.ts';
import { describeError, FrontdeskError } from '../../kit/errors.ts';
import { checkProject, parseProjectName } from '../names.ts';

export interface ListedProject {
  readonly project: ProjectRef;
  /** As written: names, paths, addresses. */
  readonly repositories: readonly string[];
  readonly description: string;
}

export interface ProjectList {
  readonly projects: readonly ListedProject[];
  /** Lines that look like a project and are none, with the reason. */
  readonly ignored: readonly string[];
}

const columns = {
  category: /^(category|cat|group|team)$/,
  project: /^(project|name|id|project (id|name))$/,
  repositories: /^(repositor(y|ies)|repos?)$/,
  description: /^(description|about|what|purpose|notes?)$/,
} as const;
type Column = keyof typeof columns;

/** Characters; what reads a line takes a time that grows with its square. */
const longestLine = 4000;

export function parseProjectList(text: string): ProjectList {
  const projects: ListedProject[] = [];
  const ignored: string[] = [];
  let header: (Column | null)[] | null = null;
  let fenced = false;
  for (const [at, raw] of text.split(/\r?\n/).entries()) {
    if (raw.length > longestLine) {
      ignored.push(`line ${at + 1}: it is longer than ${longestLine} characters`);
      continue;
    }
    const line = raw.trim();
    if (/^(```|~~~)/.test(line)) fenced = !fenced;
    if (fenced) continue;
    const cells = line.startsWith('|') ? splitRow(line) : null;
    if (cells === null) header = null;
    if (cells && isRule(cells)) continue;
    if (cells && header === null) {
      header = readHeader(cells);
      continue;
    }
    try {
      const entry: ListedProject | null =
        cells && header?.includes('project') ? readRow(header, cells) : cells ? null : readItem(line);
      if (entry) addTo(projects, entry);
    } catch (error) {
      const reason = error instanceof FrontdeskError ? error.detail : describeError(error);
      ignored.push(`line ${at + 1}: ${reason}`);
    }
  }
  return { projects, ignored };
}

function addTo(projects: ListedProject[], entry: ListedProject): void {
  const same = projects.some(
    ({ project }) => project.category === entry.project.category && project.project === entry.project.project,
  );
  if (same)
    throw new Error(`${entry.project.category}/${entry.project.project} is there twice; the first counts`);
  projects.push(entry);
}

function splitRow(line: string): string[] {
  const inner = line.replace(/^\|/, '').replace(/\|$/, '');
  return inner.split(/(?<!\\)\|/).map((cell) => cell.replaceAll('\\|', '|').trim());
}

function isRule(cells: readonly string[]): boolean {
  return cells.every((cell) => /^:?-+:?$/.test(cell));
}

function readHeader(cells: readonly string[]): (Column | null)[] {
  return cells.map((cell) => {
    const word = plain(cell).toLowerCase();
    return (Object.keys(columns) as Column[]).find((column) => columns[column].test(word)) ?? null;
  });
}

function readRow(header: readonly (Column | null)[], cells: readonly string[]): ListedProject | null {
  const cell = (column: Column) => {
    const at = header.indexOf(column);
    return at < 0 ? '' : (cells[at] ?? '');
  };
  const project = plain(cell('project'));
  const category = plain(cell('category'));
  if (project === '' && category === '') return null;
  return {
    project:
      project.includes('/') || category === ''
        ? parseProjectName(project)
        : checkProject({ category, project }),
    repositories: splitRepositories(cell('repositories')),
    description: plain(cell('description')),
  };
}

/** `- ai-dev/domain-apis: api, web — The public APIs`; other list items are passed over. */
function readItem(line: string): ListedProject | null {
  const match = /^[-*+]\s+(?:\[.\]\s+)?[*_`]*([^\s:*_`]+\/[^\s:*_`]+?)[*_`]*\s*(?::\s*(.*))?$/.exec(line);
  if (!match) return null;
  const [, name = '', rest = ''] = match;
  const [repositories = '', ...description] = rest.split(/\s+(?:—|–|-{1,2})\s+/);
  return {
    project: parseProjectName(name),
    repositories: splitRepositories(repositories),
    description: plain(description.join(' — ')),
  };
}

function splitRepositories(text: string): string[] {
  const looked = text.replaceAll(/\[[^\]]*\]\(([^)]*)\)/g, '$1').replaceAll(/<br\s*\/?>/gi, ' ');
  return looked
    .split(/[\s,;]+/)
    .map((each) => each.replaceAll(/[`<>*]/g, ''))
    .filter((each) => each !== '' && each !== '-' && each !== '—');
}

function plain(cell: string): string {
  return cell
    .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replaceAll(/[`*]/g, '')
    .trim();
}
