/** OUT-3: a form and its errors do not pass the outbox, which takes the secrets out of messages. Keys stay. Pure. */
export function maskView<V extends object>(view: V, redact: (text: string) => string): V {
  const mask = (value: unknown): unknown => {
    if (typeof value === 'string') return redact(value);
    if (Array.isArray(value)) return value.map(mask);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mask(item)]));
  };
  return mask(view) as V;
}
