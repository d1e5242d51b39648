import type { WorkspaceInfo } from '../../mcp-servers/kit/work.ts';

/** What a person's own session is told once it works in its workspace (WS-6). */
export function adoptedPrompt({ name, folder, state }: WorkspaceInfo): string {
  return [
    `Task: ${state.title}`,
    '',
    `This session works in the workspace ${name} now: ${folder}.`,
    `The repositories are in ./repos: ${state.repositories.join(', ')}. Work on their branch ${state.branch} and commit there; what is outside of the workspace stays as it is.`,
    'The write that was held has not happened. Do it in the workspace, and go on with what you were asked for.',
    'Keep decisions that matter in ./arch-decisions.md.',
  ].join('\n');
}
