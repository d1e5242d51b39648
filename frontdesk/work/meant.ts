/** Which workspace a command without a name means where nothing can be plugged in: outside of a thread (IN-8). Pure. */
import type { ThreadRef } from '../../mcp-servers/kit/chat.ts';
import type { WorkspaceInfo } from '../../mcp-servers/kit/work.ts';
import type { Command } from './commands.ts';
import { pluggedIn } from '../../mcp-servers/kit/find-workspace.ts';

/** `choices`: a person has to say which; those of this channel first. */
export type Meant =
  | { readonly is: 'clear'; readonly command: Command }
  | { readonly is: 'open'; readonly choices: readonly WorkspaceInfo[] };

/** The one plugged in here; else the only one plugged into a thread of this channel; else the only one there is. */
export function decideMeant(command: Command, infos: readonly WorkspaceInfo[], ref: ThreadRef): Meant {
  if (!takesWorkspace(command) || command.workspace !== undefined || infos.length === 0)
    return { is: 'clear', command };
  const inChannel = infos.filter(
    ({ state: { thread } }) => thread?.team === ref.team && thread.channel === ref.channel,
  );
  // What is moved is seldom what is here already.
  const nearest = command.verb === 'plug' ? [infos] : [pluggedIn(infos, ref), inChannel, infos];
  const [only] = nearest.find((found) => found.length === 1) ?? [];
  if (only !== undefined) return { is: 'clear', command: { ...command, workspace: only.name } };
  // The whole picture says more than any one of them.
  if (command.verb === 'status') return { is: 'clear', command };
  return { is: 'open', choices: [...new Set([...inChannel, ...infos])] };
}

function takesWorkspace(command: Command): command is Exclude<Command, { verb: 'start' | 'help' | 'list' }> {
  return command.verb !== 'start' && command.verb !== 'help' && command.verb !== 'list';
}
