/** What is stored beside the asks themselves. */
import { z } from 'zod';

/** What a person allowed a session to do without being asked again. Ours: OpenCode's `always` leaks to other sessions. */
export const askRulesSchema = z.object({
  rules: z.array(
    z.object({
      /** Of `ruleKey`. */
      key: z.string(),
      /** Who allowed it. */
      by: z.string(),
      /** True: used up by the next request (its answer came as a message, after OpenCode forgot the request). */
      once: z.boolean(),
    }),
  ),
  /** When one was last added, Unix ms. */
  at: z.number().default(0),
});
export type AskRules = z.infer<typeof askRulesSchema>;
