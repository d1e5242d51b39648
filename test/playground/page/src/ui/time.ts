const clock = new Intl.DateTimeFormat(undefined, { hour: 'numeric', minute: '2-digit' });
const day = new Intl.DateTimeFormat(undefined, { weekday: 'long', month: 'long', day: 'numeric' });
const full = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'medium' });

/** A Slack ts (`seconds.micros`) as a date. */
export function dateOf(ts: string): Date {
  return new Date(Number(ts) * 1_000);
}

/** `14:05` */
export function clockTime(ts: string): string {
  return clock.format(dateOf(ts));
}

export function fullTime(ts: string): string {
  return full.format(dateOf(ts));
}

/** `Today`, `Yesterday`, or the day. */
export function dayName(ts: string, now = new Date()): string {
  const date = dateOf(ts);
  const midnight = new Date(now).setHours(0, 0, 0, 0);
  const days = Math.round((midnight - new Date(date).setHours(0, 0, 0, 0)) / 86_400_000);
  return days === 0 ? 'Today' : days === 1 ? 'Yesterday' : day.format(date);
}

/** `12 kB` */
export function fileSize(bytes: number): string {
  if (bytes < 1_000) return `${bytes} bytes`;
  return bytes < 1_000_000 ? `${Math.round(bytes / 1_000)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}
