/** @returns a JSON log line as a person reads it: time, level, event and the error; other lines unchanged. */
export function readableLogLine(line: string): string {
  const entry = parse(line);
  if (!entry) return line;
  const { time, level, msg, ...rest } = entry;
  const clock = typeof time === 'string' ? time.slice(11, 23) : '';
  const fields = Object.entries(rest).map(([key, value]) => `${key}=${short(value)}`);
  return [clock, level, msg, ...fields].filter((part) => part !== undefined && part !== '').join(' ');
}

function short(value: unknown): string {
  const error = value as { message?: unknown } | null;
  if (typeof value === 'object' && typeof error?.message === 'string') return error.message;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function parse(line: string): Record<string, unknown> | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    return JSON.parse(line) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}
