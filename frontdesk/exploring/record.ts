import { z } from 'zod';
import { threadRefSchema } from '../../mcp-servers/kit/chat.ts';
import { startRequestSchema } from '../../mcp-servers/sessions/request.ts';

/**
 * A session that a person began in OpenCode's own UI (WS-6), by its id:
 * exploring ⇄ asking → starting → done; back to exploring when nothing came of it, and asked again at the next write.
 */
export const exploringSchema = z.object({
  id: z.string(),
  host: z.string(),
  directory: z.string(),
  /** As OpenCode shows it. */
  title: z.string(),
  /** The last prompt. */
  said: z.string(),
  /** `provider/model`. */
  model: z.string(),
  /** Unix ms of the last prompt typed in the UI; 0: not known. */
  typedAt: z.number(),
  status: z.enum(['exploring', 'asking', 'starting', 'done']),
  /** How often it was asked: names the card and the start, so that neither is there twice. */
  asked: z.number(),
  /** The write that was held. `waits`: still; else it was refused with the form. null while starting: the turn was stopped. */
  hold: z.object({ id: z.string(), tool: z.string(), what: z.string(), waits: z.boolean() }).nullable(),
  /** In OpenCode: the agent was told to show the form; the question that is it, and the run of OpenCode that shows it. */
  form: z.object({ requestId: z.string().nullable(), run: z.string().default('') }).nullable(),
  /** In the chat; null: not asked there. */
  card: z.object({ ref: threadRefSchema, id: z.string() }).nullable(),
  request: startRequestSchema.nullable(),
  /** Who configured it; '' for nobody, `opencode`: in the UI. */
  by: z.string(),
  /** Its workspace, once it is there. */
  workspace: z.string().nullable(),
  /** Why nothing came of the last answer; '' for none. */
  note: z.string(),
  /** Unix ms. */
  changedAt: z.number(),
});
export type Exploring = z.infer<typeof exploringSchema>;

/** Something is waited for. */
export function isOpen({ status }: Pick<Exploring, 'status'>): boolean {
  return status === 'asking' || status === 'starting';
}

/** Who answered where there is no person of the chat to name. */
export const inOpenCode = 'opencode';

/** The start's request id: the same however often it is asked for. */
export function adoptionId({ id, asked }: Pick<Exploring, 'id' | 'asked'>): string {
  return `exploring/${id}/${asked}`;
}
