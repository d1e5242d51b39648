/** Working hours, quiet hours and dates in a project's time zone. The door to the calendar. Pure: `now` is given. */
import { Temporal } from 'temporal-polyfill';
import type { Hours, Policy } from './policy.ts';

/** Holidays and free days may follow each other; a calendar without any working day for so long has none. */
const mostFreeDays = 366;

const msPerMinute = 60_000;

/**
 * When so many working minutes have passed. Outside of working hours time stands still: what is asked on Friday at 16:30 with
 * 120 minutes is due on Monday at 10:30. Minutes are real ones: the hour that a change of clocks takes or gives back is not
 * counted or counted twice.
 * @param from Unix ms
 * @returns Unix ms; null when the calendar has no working time in the next year
 */
export function addWorkingMinutes(hours: Hours, from: number, minutes: number): number | null {
  const free = new Set(hours.holidays);
  let left = minutes * msPerMinute;
  let day = zoned(from, hours.timeZone).toPlainDate();
  for (let idle = 0; idle <= mostFreeDays; day = day.add({ days: 1 })) {
    const span = free.has(day.toString()) || !hours.days.includes(day.dayOfWeek) ? null : spanOf(hours, day);
    const begin = Math.max(span?.begin ?? 0, from);
    const room = span === null ? 0 : span.end - begin;
    if (room >= left) return begin + left;
    idle = room > 0 ? 0 : idle + 1;
    left -= Math.max(room, 0);
  }
  return null;
}

/** Whether what is not urgent waits (WA-5). */
export function isQuiet(policy: Policy, now: number): boolean {
  return quietEndsAt(policy, now) !== null;
}

/** @returns Unix ms when the quiet hours end that it is in; null: it is not quiet */
export function quietEndsAt({ quiet, hours: { timeZone } }: Policy, now: number): number | null {
  if (quiet === null || quiet.from === quiet.to) return null;
  const today = zoned(now, timeZone).toPlainDate();
  // Those that began yesterday may reach into today.
  for (const day of [today.subtract({ days: 1 }), today]) {
    const begin = at(day, quiet.from, timeZone);
    const end = at(quiet.from < quiet.to ? day : day.add({ days: 1 }), quiet.to, timeZone);
    if (begin <= now && now < end) return end;
  }
  return null;
}

/**
 * A time as the project's people say it: `15:30` today, `Mon, 10:30` within the week, else `Mon 30 Nov, 10:30`; with the zone's
 * short name, e.g. `CET`.
 * @param time Unix ms
 */
export function showTime(timeZone: string, time: number, now: number): string {
  const [then, today] = [zoned(time, timeZone), zoned(now, timeZone).toPlainDate()];
  const days = today.until(then.toPlainDate()).days;
  const day: Intl.DateTimeFormatOptions =
    days === 0
      ? {}
      : days > 0 && days < 7
        ? { weekday: 'short' }
        : { weekday: 'short', day: 'numeric', month: 'short' };
  return new Intl.DateTimeFormat('en-GB', {
    ...day,
    hour: '2-digit',
    minute: '2-digit',
    hour12: false,
    timeZone,
    timeZoneName: 'short',
  }).format(time);
}

function zoned(time: number, timeZone: string): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(time).toZonedDateTimeISO(timeZone);
}

/** `HH:MM` there, in Unix ms; one that a change of clocks skips is as much later, one that comes twice is the first. */
function at(day: Temporal.PlainDate, clock: string, timeZone: string): number {
  return day.toZonedDateTime({ timeZone, plainTime: clock }).epochMilliseconds;
}

function spanOf({ from, to, timeZone }: Hours, day: Temporal.PlainDate): { begin: number; end: number } {
  return { begin: at(day, from, timeZone), end: at(day, to, timeZone) };
}
