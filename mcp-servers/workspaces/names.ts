import { FrontdeskError } from '../kit/errors.ts';
import { type ProjectRef, showProject } from '../kit/work.ts';

/** Characters. `{workspace}-lab` is a namespace of at most 63, and `{workspace}-config-<hash>` must fit as well. */
const maxLength = 40;
const allowed = 'a-z, 0-9 and -, beginning and ending with a letter or digit, at most 40 characters';
const pattern = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/;

/** Whether a folder below `.builders/` can be a workspace; ours that begin with a dot never are. */
export function isWorkspaceName(name: string): boolean {
  return name.length <= maxLength && pattern.test(name);
}

/**
 * The guard of every path below `.builders/` (WS-1).
 * @throws FrontdeskError workspace_invalid saying what is allowed
 */
export function parseWorkspaceName(name: string): string {
  if (isWorkspaceName(name)) return name;
  throw new FrontdeskError('workspace_invalid', `"${shorten(name)}" cannot be a name; allowed: ${allowed}.`);
}

/**
 * `ai-dev/proj-name` as people write it. The category is what comes before the slash.
 * @throws FrontdeskError workspace_invalid
 */
export function parseProjectName(text: string): ProjectRef {
  const [category = '', project = '', ...rest] = text.trim().split('/');
  if (rest.length > 0 || !pattern.test(category) || !pattern.test(project)) refuseProject(text);
  return { category, project };
}

/** @throws FrontdeskError workspace_invalid when either part is not `[a-z0-9-]` */
export function checkProject(ref: ProjectRef): ProjectRef {
  if (!pattern.test(ref.category) || !pattern.test(ref.project)) refuseProject(showProject(ref));
  return ref;
}

function refuseProject(text: string): never {
  throw new FrontdeskError(
    'workspace_invalid',
    `"${shorten(text)}" is no project; write category/project with a-z, 0-9 and -, e.g. ai-dev/domain-apis.`,
  );
}

/**
 * `{category}-{project}[-{slug}]`, the slug being as much of the title as fits, in whole words where it can.
 * @param turn 2 and up: another one beside those of the same name, `…-2`
 * @throws FrontdeskError workspace_invalid when category and project alone do not fit
 */
export function buildWorkspaceName(ref: ProjectRef, title: string, turn = 1): string {
  const { category, project } = checkProject(ref);
  const base = parseWorkspaceName(`${category}-${project}`);
  const suffix = turn > 1 ? `-${turn}` : '';
  const room = maxLength - base.length - suffix.length - 1;
  const slug = cutSlug(slugify(title), room);
  return parseWorkspaceName(`${base}${slug === '' ? '' : `-${slug}`}${suffix}`);
}

/** Letters with accents lose them; whatever else is not a letter or digit becomes one dash. */
export function slugify(text: string): string {
  return text
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');
}

/**
 * Whether two titles are one task: case, accents and punctuation apart. In any script: as slugs “日本語” and “🚀” would be the
 * same, nothing.
 */
export function isSameTitle(one: string, other: string): boolean {
  return titleKey(one) === titleKey(other);
}

function titleKey(title: string): string {
  const text = title
    .trim()
    .normalize('NFKD')
    .replaceAll(/[\u0300-\u036f]/g, '')
    .toLowerCase();
  const words = text.match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];
  return words.length === 0 ? text : words.join('-');
}

function cutSlug(slug: string, room: number): string {
  if (slug.length <= room) return slug;
  if (room < 1) return '';
  const word = slug.slice(0, room + 1).lastIndexOf('-');
  return slug.slice(0, word > 0 ? word : room).replace(/-$/, '');
}

function shorten(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
