import type { Deployment, Lab } from '../../kit/lab.ts';
import type { ToolCall } from '../../kit/tool.ts';

/** What a deploy tool asks for. */
interface DeployWish {
  readonly workspace: string;
  readonly repository?: string | undefined;
  readonly ifRunning: 'wait' | 'replace';
}

/** What the tools need of the service, which knows threads, people and cards. */
export interface LabToolDeps {
  readonly lab: Lab;
  /**
   * The workspace that is meant: the one named (a part of name or title will do when it is clear), or the one plugged
   * into the caller's thread.
   * @throws FrontdeskError workspace_unknown
   */
  workspaceOf(call: ToolCall, name: string | undefined): Promise<string>;
  /**
   * Begins a deploy for who speaks in this turn.
   * @returns `shown`: a card in the thread tells its steps and its end; nobody has to wait for `done`
   */
  deploy(
    call: ToolCall,
    wish: DeployWish,
  ): Promise<{ deployment: Deployment; done: Promise<Deployment>; shown: boolean }>;
  /** Shows a card with a button; an allowlisted person's click runs `lab.cleanup(workspace)`. Returns at once (MCP-5). */
  confirm(
    call: ToolCall,
    request: { readonly title: string; readonly detail: string; readonly workspace: string },
  ): Promise<'asked'>;
}
