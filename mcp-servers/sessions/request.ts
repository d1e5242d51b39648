import { z } from 'zod';
import { projectRefSchema, type Routing } from '../kit/work.ts';

/** What a person wants to have done, whoever took it down: words, command, form or button. */
export const startRequestSchema = z.object({
  project: projectRefSchema,
  /** Names as the project list knows them; at least one. */
  repositories: z.array(z.string().min(1).max(200)).min(1).max(20),
  title: z.string().trim().min(1).max(150),
  description: z.string().trim().max(6000),
  priority: z.enum(['low', 'normal', 'high']),
});
export type StartRequest = z.infer<typeof startRequestSchema>;

/** A model that was suggested, and whether it answers now. */
export interface ModelChoice {
  /** `provider/model`. */
  readonly id: string;
  readonly reason: string;
  readonly available: boolean;
  /** Why it is not available, in words; '' when it is. */
  readonly problem: string;
}

export interface Suggestion {
  readonly routing: Routing;
  readonly model: ModelChoice;
}
