import type { Json } from '../wire.ts';

/** @returns a value that should be text as text; `otherwise` for what is neither text nor a number */
export function str(value: unknown, otherwise = ''): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : otherwise;
}

/** @returns a value that should be a list of objects as one */
export function list(value: unknown): Json[] {
  return Array.isArray(value) ? (value as Json[]) : [];
}
