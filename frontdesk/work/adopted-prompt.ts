import type { WorkspaceInfo } from '../../mcp-servers/kit/work.ts';

/**
 * What a person's own session is told once it works in its workspace (WS-6). They read it, too.
 * @param began the folder it was begun in
 */
export function adoptedPrompt({ name, folder, state }: WorkspaceInfo, began: string): string {
  // Begun in a repository, OpenCode's page lists it there still (ADR 11).
  const isListed = state.repositories.some((repository) => began.split('/').includes(repository));
  return [
    `Task: ${state.title}`,
    '',
    `This session works in the workspace ${name} now: ${folder}.`,
    `The repositories are in ./repos: ${state.repositories.join(', ')}. Work on their branch ${state.branch} and commit there; what is outside of the workspace stays as it is.`,
    'The write that was held has not happened. Do it in the workspace, and go on with what you were asked for.',
    'Keep decisions that matter in ./arch-decisions.md.',
    ...(isListed ? [] : ['', listedElsewhere(folder)]),
  ].join('\n');
}

function listedElsewhere(folder: string): string {
  return `For the person at OpenCode's page: it lists this session under ${folder} from now on, no more where it began. “Add project” with that path brings it back into the list; its address stays.`;
}
