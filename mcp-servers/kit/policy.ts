/** What is set per project: how long a question waits, which updates are told and how often, when it is quiet. */
import { z } from 'zod';

const clock = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be HH:MM');
const minutes = z.number().int().min(1).max(100_000);

/** An IANA name, as `Intl` knows it. */
const timeZone = z.string().refine(
  (name) => {
    try {
      return Intl.DateTimeFormat('en', { timeZone: name }) !== undefined;
    } catch {
      return false;
    }
  },
  { error: 'must be an IANA time zone, e.g. Europe/Berlin' },
);

/** When people work. `days`: 1 Monday … 7 Sunday. `from` < `to`, local time of `timeZone`. Holidays: ISO dates there. */
const hoursSchema = z
  .object({
    timeZone: timeZone.default('UTC'),
    days: z.array(z.number().int().min(1).max(7)).min(1).default([1, 2, 3, 4, 5]),
    from: clock.default('09:00'),
    to: clock.default('17:00'),
    holidays: z.array(z.iso.date()).default([]),
  })
  .refine(({ from, to }) => from < to, { error: 'must end after it begins', path: ['to'] });
export type Hours = z.infer<typeof hoursSchema>;

/** AS-3. */
const deadlineSchema = z.union(
  [
    z.literal('continue-immediately'),
    z.object({ businessMinutes: minutes }),
    z.object({ wallMinutes: minutes }),
  ],
  {
    error:
      'must be "continue-immediately", {"businessMinutes":120} or {"wallMinutes":60}, in whole minutes from 1 to 100000',
  },
);
export type DeadlineRule = z.infer<typeof deadlineSchema>;

export const policySchema = z.object({
  hours: hoursSchema.prefault({}),
  deadline: deadlineSchema.default({ businessMinutes: 120 }),
  /** WA-5: which updates are posted; what is urgent (a question, a crash) always is. */
  updates: z
    .object({
      milestones: z.boolean().default(true),
      /** WA-3: those within so many seconds share one message. */
      milestoneSeconds: z.number().int().min(0).max(3600).default(30),
      /**
       * WA-3: new commits are a milestone once there are at least so many of them, with so many changed lines (added and
       * removed) in all; fewer wait for more. null: never.
       */
      commits: z
        .object({
          atLeast: z.number().int().min(1).max(1000).default(1),
          lines: z.number().int().min(0).max(1_000_000).default(0),
        })
        .nullable()
        .prefault({}),
      /**
       * A deploy or test run that ends so soon after its card appeared in the thread is told by the card alone: whoever asked is
       * still looking. Later, a message of its own rings the phone, which a card that changes does not. 0: always.
       */
      inSightSeconds: z.number().int().min(0).max(3600).default(15),
      /** WA-4: one message of tool lines per so many seconds. */
      eventSeconds: z.number().int().min(1).max(3600).default(15),
      /** Without a milestone for so long a summary is posted while work goes on; null: never. */
      summaryMinutes: minutes.nullable().default(90),
      /** Turns that end without anything being asked or complete. */
      turns: z.boolean().default(true),
    })
    .prefault({}),
  /** Local time of `hours.timeZone`; may pass midnight. What is not urgent waits until it ends. */
  quiet: z.object({ from: clock, to: clock }).nullable().default(null),
});
export type Policy = z.infer<typeof policySchema>;

/** Without settings. */
export const defaultPolicy: Policy = policySchema.parse({});
