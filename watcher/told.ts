/** What was told of a workspace: the watcher's memory, stored together with what is being said. */
import { z } from 'zod';
import { threadRefSchema } from '../mcp-servers/kit/chat.ts';
import { commitGroupSchema } from './commits.ts';

/** Ready to be said. */
const noticeSchema = z.object({
  id: z.string(),
  kind: z.string(),
  /** Where the workspace was plugged when it was decided. */
  ref: threadRefSchema,
  markdown: z.string(),
  footer: z.string(),
  edit: z.boolean(),
});
export type Notice = z.infer<typeof noticeSchema>;

export const toldSchema = z.object({
  life: z.string(),
  /** Number of the last news told. */
  news: z.number(),
  /** Ids, the latest. */
  milestones: z.array(z.string()),
  /** The message that milestones share which come soon after another (WA-3). */
  batch: z
    .object({
      key: z.string(),
      ref: threadRefSchema,
      from: z.number(),
      texts: z.array(z.string()),
      more: z.number(),
      /** By repository. */
      commits: z.array(commitGroupSchema).default([]),
      /** The agent itself told a milestone in it: its commits are that work, and are only counted. */
      said: z.boolean().default(false),
    })
    .nullable(),
  /** Ids, the latest; null: written by a version that did not look at them. */
  commits: z.array(z.string()).nullable().default(null),
  /** The last milestone, for the session's card. */
  reached: z.object({ session: z.string(), text: z.string() }).nullable().default(null),
  /** The list as it was last known: hosts forget it when they end. */
  todo: z.object({ session: z.string(), done: z.number(), total: z.number() }).nullable().default(null),
  /** Session whose todo list was told to be done, while it is; ''. */
  done: z.string(),
  /** `id/status`; ''. */
  lab: z.string(),
  /** Ids, the latest. */
  tests: z.array(z.string()),
  checks: z.array(z.string()),
  reminded: z.array(z.string()),
  /** Told to be silent, blind, or going in circles at this; cleared when it is not any more. */
  silent: z.boolean(),
  blind: z.boolean(),
  looping: z.string(),
  /** Works without a milestone or summary since, Unix ms; null: does not work. */
  since: z.number().nullable(),
  /** Names what has no id of its own. */
  seq: z.number(),
  /** What waits for the end of the quiet hours. */
  held: z.object({ texts: z.array(z.string()), more: z.number() }),
  /** Stored with all of the above, said after it, then taken away: said again after a crash, which the chat knows by the ids. */
  saying: z.array(noticeSchema),
});
export type Told = z.infer<typeof toldSchema>;

export function nothingTold(life: string): Told {
  return {
    life,
    news: 0,
    milestones: [],
    batch: null,
    commits: [],
    reached: null,
    todo: null,
    done: '',
    lab: '',
    tests: [],
    checks: [],
    reminded: [],
    silent: false,
    blind: false,
    looping: '',
    since: null,
    seq: 0,
    held: { texts: [], more: 0 },
    saying: [],
  };
}
