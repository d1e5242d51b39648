/**
 * What became of a work session, as the state file keeps it: written with the status in one step, so that what happened is
 * known for as long as it is not told, whoever dies in between.
 */
import { z } from 'zod';

export const newsSchema = z.object({
  /** Counts up from 1 in a workspace. */
  n: z.number().int().positive(),
  kind: z.enum([
    /** It ended a turn and waits. */
    'turn',
    /** It ended a turn with every todo done; note: `3/3`. */
    'complete',
    'interrupted',
    /** note: the error. */
    'crashed',
    /** Its host does not know it any more; note: the host. */
    'gone',
    /** Cut off too often; note: how often. */
    'given-up',
    /** Cut off by the end of its host, and told to go on. */
    'cut',
    /** note: the host, with both. */
    'lost',
    'back',
    /** Paused or stopped here, and at work again: somebody wrote to it in OpenCode. */
    'woken',
    /** What a person did in another place than its thread; note: the person's name. */
    'paused',
    'stopped',
    'resumed',
    'forked',
  ]),
  note: z.string(),
});
export type News = z.infer<typeof newsSchema>;

/** The last of a session's turn: nothing of that turn follows it. */
export const isEnding = ({ kind }: News): boolean =>
  ['turn', 'complete', 'interrupted', 'crashed', 'gone', 'given-up', 'paused', 'stopped'].includes(kind);
