import { z } from 'zod';
import type { ToolCall } from '../../kit/tool.ts';
import { sessionStatusSchema, workAgentSchema, type WorkMessage } from '../../kit/work.ts';
import type { Suggestion } from '../request.ts';

/** What was done, or asked of a person, in words the model may pass on. */
interface Told {
  readonly text: string;
  /** The thread shows it already (a card, a notice): it need not be said again. */
  readonly shown: boolean;
}

/** One work session, as lists show it. */
export interface SessionRow {
  readonly workspace: string;
  readonly title: string;
  readonly project: string;
  readonly session: string;
  readonly agent: z.infer<typeof workAgentSchema>;
  readonly model: string;
  readonly status: z.infer<typeof sessionStatusSchema>;
  /** Plugged into the thread that asks. */
  readonly here: boolean;
}

/**
 * What the tools need of the service. Where `workspace` is left out, the one plugged into the caller's thread is meant.
 * All throw FrontdeskError, which the model reads: workspace_unknown, host_unavailable, session_limit …
 */
export interface SessionToolDeps {
  route(call: ToolCall, task: { title: string; description: string }): Promise<Suggestion>;
  /** Puts the proposal's card into the thread; nothing runs before a person clicks. */
  start(call: ToolCall, request: StartWords): Promise<Told>;
  list(call: ToolCall): Promise<SessionRow[]>;
  status(call: ToolCall, workspace?: string): Promise<{ session: SessionRow | null; text: string }>;
  send(call: ToolCall, text: string, workspace?: string): Promise<Told>;
  readMessages(call: ToolCall, limit: number, workspace?: string): Promise<WorkMessage[]>;
  /** @param answers one list of options or words for each question */
  respondToQuestion(call: ToolCall, ask: string, answers: readonly (readonly string[])[]): Promise<Told>;
  /** Denies; to allow, the card with its buttons is shown again: only a click allows (MCP-5). */
  respondToPermission(
    call: ToolCall,
    ask: string,
    decision: 'deny' | 'allow',
    reason: string | undefined,
  ): Promise<Told>;
  pause(call: ToolCall, workspace?: string): Promise<Told>;
  resume(call: ToolCall, workspace?: string): Promise<Told>;
  stop(call: ToolCall, workspace?: string): Promise<Told>;
  switchModel(call: ToolCall, model: string, workspace?: string): Promise<Told>;
  fork(call: ToolCall, title: string | undefined, workspace?: string): Promise<Told>;
}

/** A start as an agent words it; the service finds the project. */
export interface StartWords {
  /** `category/project`, a project's name alone, or a repository's. */
  readonly project: string;
  readonly repositories?: readonly string[];
  readonly title: string;
  readonly description: string;
  readonly priority: 'low' | 'normal' | 'high';
}

export const workspaceInput = z
  .string()
  .min(1)
  .max(40)
  .optional()
  .describe('Name of the workspace; leave it out for the one plugged into this thread.');

export const toldSchema = z.object({
  text: z.string(),
  shown: z.boolean().describe('True when the person sees it in the thread already.'),
});

export function describeTold({ text, shown }: z.infer<typeof toldSchema>): string {
  return shown ? `${text}\n(The person sees this in the thread already; do not repeat it.)` : text;
}

export const sessionRowSchema = z.object({
  workspace: z.string(),
  title: z.string(),
  project: z.string(),
  session: z.string(),
  agent: workAgentSchema,
  model: z.string(),
  status: sessionStatusSchema,
  here: z.boolean().describe('Plugged into this thread.'),
});
