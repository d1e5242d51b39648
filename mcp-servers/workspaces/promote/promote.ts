import { describeError, FrontdeskError } from '../../kit/errors.ts';
import { type Progress, showProject, type WorkspaceInfo } from '../../kit/work.ts';
import type { GithubSetting } from '../options.ts';
import { findBase, readBranch } from '../git/branches.ts';
import { countUncommitted } from '../git/status.ts';
import type { Git } from '../git/git.ts';
import { buildCompareUrl, parseRemote, type RemoteAddress } from '../git/remote.ts';
import { lastWords, maskAddress } from '../git/run.ts';
import { listRepositories, type WorkspaceRepository } from '../git/worktree-files.ts';
import { createGithub, type Github } from './github.ts';
import { pushBranch, readUnused, usesLfs } from './push.ts';
import type { PromotedRepository, PromoteResult } from './shapes.ts';

const defaultHost = 'github.com';

export interface PromoteDeps {
  readonly git: Git;
  /** Where workspaces are made. */
  readonly builders: string;
  readonly github: GithubSetting | undefined;
}

/** Each repository by itself: what one refuses does not take back what another has. */
export async function promote(
  deps: PromoteDeps,
  info: WorkspaceInfo,
  progress: Progress,
): Promise<PromoteResult> {
  const repositories = await listRepositories(info.folder);
  if (repositories.length === 0) {
    throw new FrontdeskError('workspace_failed', `${info.name} has no repository left to push.`);
  }
  const github = deps.github && createGithub(deps.github);
  const results: PromotedRepository[] = [];
  for (const repository of repositories) {
    results.push(await promoteOne({ ...deps, api: github, info, progress }, repository));
  }
  return { workspace: info.name, repositories: results };
}

interface Context extends PromoteDeps {
  readonly api: Github | undefined;
  readonly info: WorkspaceInfo;
  readonly progress: Progress;
}

async function promoteOne(
  context: Context,
  { name, folder }: WorkspaceRepository,
): Promise<PromotedRepository> {
  const { git, builders, progress, github } = context;
  const branch = await readBranch(git, folder);
  const base = await findBase(git, name, folder);
  const uncommitted = await countUncommitted(git, folder);
  const commits = Number((await git.read(folder, ['rev-list', '--count', `${base.ref}..HEAD`])) ?? 0);
  const known = { repository: name, branch, commits, uncommitted };
  if (branch === '')
    return { ...known, outcome: 'failed', note: 'No branch is checked out; make one first.' };
  if (branch === base.branch) {
    return {
      ...known,
      outcome: 'failed',
      note: `${branch} is the default branch; it is not pushed from here.`,
    };
  }
  if (commits === 0) return { ...known, outcome: 'nothing' };

  // As configured: git would replace it by what `insteadOf` says.
  const address = await git.read(folder, ['config', '--get', 'remote.origin.url']);
  if (!address)
    return { ...known, outcome: 'local', note: 'It has no remote; the branch stays in the repository.' };
  const remote = parseRemote(address);
  progress(`Pushing ${branch} of ${name}`);
  const env = credentials(remote, github);
  const pushed = await pushBranch(git, { folder, branch, address, env, builders });
  const shown = { ...known, remote: maskAddress(address) };
  const unused = await readUnused(git, folder);
  const large = (await usesLfs(git, folder))
    ? [`Large files are not pushed: \`git lfs push origin ${branch}\` does it.`]
    : [];
  if (!pushed.ok) {
    const why = explainPush(`${pushed.stdout}\n${pushed.stderr}`, lastWords(pushed), unused);
    return { ...shown, outcome: 'failed', note: [why, ...large].join(' ') };
  }
  const elsewhere = unused.includes('remote.origin.pushurl')
    ? [`Pushed to ${shown.remote}. ${notUsed(unused)}`]
    : [];
  const requested = remote ? await request(context, remote, name, branch, base.branch) : {};
  const note = [requested.note ?? [], ...elsewhere, ...large].flat().join(' ');
  return { ...shown, outcome: 'pushed', ...requested, ...(note === '' ? {} : { note }) };
}

/** The pull request, or the page to open it. */
async function request(
  { api, github, info, progress }: Context,
  remote: RemoteAddress,
  name: string,
  branch: string,
  base: string,
): Promise<Partial<PromotedRepository>> {
  const host = github?.host ?? defaultHost;
  const compareUrl = buildCompareUrl(remote, base, branch, host);
  const page = compareUrl === null ? {} : { compareUrl };
  if (!api || remote.host !== host) return page;
  progress(`Opening the pull request of ${name}`);
  const body = [
    info.state.description,
    `Workspace \`${info.name}\` of ${showProject(info.state.project)}, begun by ${info.state.createdBy} on ${info.state.createdAt.slice(0, 10)}.`,
  ];
  try {
    const pullRequest = await api.openPullRequest({
      repository: remote.path,
      branch,
      base,
      title: info.state.title,
      body: body.filter(Boolean).join('\n\n'),
    });
    return { pullRequest };
  } catch (error) {
    const detail = error instanceof FrontdeskError ? error.detail : describeError(error);
    return { ...page, note: `Pushed, but without a pull request: ${detail}` };
  }
}

function notUsed(names: readonly string[]): string {
  const shown = names.slice(0, 5).map((name) => `\`${name.slice(0, 80)}\``);
  return `Not used, because agents can write it: ${shown.join(', ')} of the repository’s configuration; what belongs to you goes into your own (\`git config --global\`).`;
}

function explainPush(output: string, words: string, unused: readonly string[]): string {
  if (/non-fast-forward|fetch first|\(stale info\)/.test(output)) {
    return 'The remote has commits of this branch that are not here. Have the agent pull and merge them, then promote again.';
  }
  if (
    /could not read Username|Authentication failed|Permission denied|terminal prompts disabled/i.test(output)
  ) {
    return `The remote did not let us in: ${words}${unused.length === 0 ? '' : ` ${notUsed(unused)}`}`;
  }
  return words;
}

/** The token goes along in git's environment, where no list of processes shows it. */
function credentials(
  remote: RemoteAddress | null,
  github: GithubSetting | undefined,
): Record<string, string> {
  const host = github?.host ?? defaultHost;
  if (!github || remote?.scheme !== 'https' || remote.host !== host) return {};
  const basic = Buffer.from(`x-access-token:${github.token}`).toString('base64');
  return {
    GIT_CONFIG_COUNT: '1',
    GIT_CONFIG_KEY_0: `http.https://${host}/.extraheader`,
    GIT_CONFIG_VALUE_0: `AUTHORIZATION: basic ${basic}`,
  };
}
