import { findWorkspace } from '../../kit/find-workspace.ts';
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

/**
 * The workspace that is meant: the one named, or the one plugged into the caller's thread.
 * @throws FrontdeskError workspace_none, workspace_unknown
 */
export function pickWorkspace(
  { workspaces }: Pick<WorkspaceToolDeps, 'workspaces'>,
  { caller }: ToolCall,
  name?: string,
): WorkspaceInfo {
  return findWorkspace(workspaces.list(), caller.thread, name);
}
