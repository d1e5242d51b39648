import { threadKey } from '../../kit/chat.ts';
import { FrontdeskError } from '../../kit/errors.ts';
import type { ToolCall } from '../../kit/tool.ts';
import type { WorkspaceInfo } from '../../kit/work.ts';
import type { Workspaces } from '../contract.ts';

/** What happened in a workspace, as the thread would have been told. */
interface WorkspaceEvent {
  /** ISO. */
  readonly at: string;
  readonly text: string;
}

/** What a click of a person sets off (MCP-5). */
export interface ClickRequest {
  /** E.g. `Clean up ai-dev-api?` */
  readonly title: string;
  /** Markdown: what will be done, and what is kept. */
  readonly detail: string;
  /** Data, not a function: the click may come after a restart. The service runs it on {@link Workspaces}, once. */
  readonly action: { readonly kind: 'promote' | 'cleanup' | 'reset'; readonly workspace: string };
}

/** What the tools need of the service, which knows threads, people and events. */
export interface WorkspaceToolDeps {
  readonly workspaces: Workspaces;
  /** Who speaks in this turn, as the audit log names people. */
  personOf(call: ToolCall): Promise<string>;
  /** Moves the workspace to the caller's thread; both threads are told (WS-4). @returns what to tell, if anything */
  connect(call: ToolCall, workspace: string): Promise<{ readonly movedFrom: string | null }>;
  /** Unplugs it from the caller's thread. @throws FrontdeskError when it is plugged elsewhere */
  disconnect(call: ToolCall, workspace: string): Promise<void>;
  /** Event updates of the caller's thread (WA-4). */
  setEventUpdates(call: ToolCall, workspace: string, on: boolean): Promise<void>;
  /** The last `limit` events, oldest first. */
  readEvents(call: ToolCall, workspace: string, limit: number): Promise<readonly WorkspaceEvent[]>;
  /** Shows a card with a button in the caller's thread; an allowlisted person's click runs it. Returns at once. */
  confirm(call: ToolCall, request: ClickRequest): Promise<'asked'>;
}

/** Those plugged into the caller's thread. */
function pluggedHere({ workspaces }: WorkspaceToolDeps, { caller }: ToolCall): WorkspaceInfo[] {
  const here = threadKey(caller.thread);
  return workspaces.list().filter(({ state }) => state.thread !== null && threadKey(state.thread) === here);
}

/**
 * The workspace that is meant: the one named (a part of name or title will do when it is clear), or the one plugged into
 * the thread.
 * @throws FrontdeskError workspace_unknown
 */
export function pickWorkspace(deps: WorkspaceToolDeps, call: ToolCall, name?: string): WorkspaceInfo {
  if (name !== undefined) return findNamed(deps, name);
  const plugged = pluggedHere(deps, call);
  if (plugged.length === 1 && plugged[0]) return plugged[0];
  const names = plugged.map(({ name: each }) => each).join(', ');
  throw new FrontdeskError(
    'workspace_unknown',
    plugged.length === 0
      ? 'None is plugged into this thread, so say which one.'
      : `Several are plugged into this thread: ${names}. Say which one.`,
  );
}

function findNamed({ workspaces }: WorkspaceToolDeps, name: string): WorkspaceInfo {
  const words = name.trim().toLowerCase();
  const near = workspaces
    .list()
    .filter((info) => info.name.includes(words) || info.state.title.toLowerCase().includes(words));
  const [only, ...others] = near;
  const exact = workspaces.find(words);
  if (exact === undefined && only !== undefined && others.length === 0) return only;
  return exact ?? workspaces.get(name);
}
