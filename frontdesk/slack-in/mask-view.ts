/** OUT-3: a view does not pass the outbox, which takes the secrets out of messages. Pure. */
export function maskView(
  view: Record<string, unknown>,
  redact: (text: string) => string,
): Record<string, unknown> {
  const mask = (value: unknown): unknown => {
    if (typeof value === 'string') return redact(value);
    if (Array.isArray(value)) return value.map(mask);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mask(item)]));
  };
  return Object.fromEntries(Object.entries(view).map(([key, value]) => [key, mask(value)]));
}
