import { z } from 'zod';
import { describeError } from '../errors.ts';

/** What a document file contains. */
const envelopeSchema = z.object({ v: z.int().min(1), id: z.string(), data: z.unknown() });

export interface Shape<T> {
  readonly schema: z.ZodType<T>;
  /** Version written today, from 1. */
  readonly version: number;
  /** `migrations[n]` turns data of version n into data of version n + 1. */
  readonly migrations: Readonly<Record<number, (old: unknown) => unknown>>;
}

export type ParsedDocument<T> =
  | { readonly kind: 'ok'; readonly id: string; readonly value: T }
  | { readonly kind: 'damaged'; readonly reason: string }
  | { readonly kind: 'newer'; readonly version: number };

/** Reads a document's text: envelope, migrations step by step, schema. Pure. */
export function parseDocument<T>(text: string, shape: Shape<T>): ParsedDocument<T> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    return { kind: 'damaged', reason: `not JSON: ${describeError(error)}` };
  }
  const envelope = envelopeSchema.safeParse(json);
  if (!envelope.success) return { kind: 'damaged', reason: z.prettifyError(envelope.error) };
  const { v, id, data } = envelope.data;
  if (v > shape.version) return { kind: 'newer', version: v };
  let current = data;
  for (let from = v; from < shape.version; from += 1) {
    try {
      current = shape.migrations[from]?.(current);
    } catch (error) {
      return { kind: 'damaged', reason: `migration from version ${from} failed: ${describeError(error)}` };
    }
  }
  const parsed = shape.schema.safeParse(current);
  if (!parsed.success) return { kind: 'damaged', reason: z.prettifyError(parsed.error) };
  return { kind: 'ok', id, value: parsed.data };
}

/** @returns the text {@link parseDocument} reads back. */
export function renderDocument(version: number, id: string, data: unknown): string {
  return `${JSON.stringify({ v: version, id, data })}\n`;
}
