import type { WorkspaceState } from '../../kit/work.ts';

const shownLines = 20;

/** What changed, a line each, as `session.status: idle → running`; for the commit's message. */
export function describeChange(before: WorkspaceState | null, after: WorkspaceState): string[] {
  if (before === null) return [`created: ${after.title}`];
  const lines = compare('', before, after);
  return lines.length > shownLines
    ? [...lines.slice(0, shownLines), `… and ${lines.length - shownLines} more`]
    : lines;
}

function compare(at: string, before: unknown, after: unknown): string[] {
  if (isRecord(before) && isRecord(after)) {
    return [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((key) =>
      compare(at === '' ? key : `${at}.${key}`, before[key], after[key]),
    );
  }
  return show(before) === show(after) ? [] : [`${at}: ${cut(show(before))} → ${cut(show(after))}`];
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function show(value: unknown): string {
  if (value === undefined || value === null) return 'none';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function cut(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ');
  return line.length > 80 ? `${line.slice(0, 80)}…` : line;
}
