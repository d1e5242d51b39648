import { z } from 'zod';

import type { Json } from '../store/model.ts';

/** Arguments come as form fields, so numbers and booleans are text and nested values are JSON in a string. */
export const boolArg = z
  .union([z.boolean(), z.enum(['true', 'false', '1', '0'])])
  .transform((value) => value === true || value === 'true' || value === '1');

export const intArg = z.coerce.number().int().nonnegative();

export const textArg = z.coerce.string();

/** A nested value, given as JSON text or (in a JSON body) as it is. */
export function jsonArg<T extends z.ZodType>(schema: T) {
  return z.preprocess((value) => {
    if (typeof value !== 'string') return value;
    try {
      return JSON.parse(value) as unknown;
    } catch {
      return value;
    }
  }, schema);
}

/** Blocks are judged by limits/blocks.ts, which answers with Slack's codes; here they are only unpacked. */
export const anyJsonArg = jsonArg(z.unknown());

const metadataSchema = z.object({
  event_type: z.string().min(1).max(255),
  event_payload: z.record(z.string(), z.unknown()),
});

/** Message metadata; unlike elsewhere a malformed one is refused with its own code. */
export function parseMetadata(value: unknown): Json | undefined | 'malformed' {
  if (value === undefined || value === '') return undefined;
  const parsed = jsonArg(metadataSchema).safeParse(value);
  return parsed.success ? parsed.data : 'malformed';
}

export const pageArgs = { limit: intArg.optional(), cursor: z.string().optional() };
