import { describe, expect, it } from 'vitest';
import { addWorkingMinutes, isQuiet, quietEndsAt, showTime } from './hours.ts';
import { type Hours, policySchema } from './policy.ts';

const hoursOf = (more: object = {}): Hours =>
  policySchema.parse({ hours: { timeZone: 'Europe/Berlin', ...more } }).hours;
const add = (hours: Hours, from: string, minutes: number) => {
  const due = addWorkingMinutes(hours, Date.parse(from), minutes);
  return due === null ? null : new Date(due).toISOString().slice(0, 16);
};

describe('working hours', () => {
  const hours = hoursOf();

  it.each([
    ['within a day', '2026-11-20T10:00+01:00', 120, '2026-11-20T11:00'],
    ['to the very end of a day', '2026-11-20T15:00+01:00', 120, '2026-11-20T16:00'],
    ['over a night', '2026-11-19T16:00+01:00', 120, '2026-11-20T09:00'],
    ['over a weekend', '2026-11-20T16:30+01:00', 120, '2026-11-23T09:30'],
    ['asked before hours', '2026-11-20T05:00+01:00', 120, '2026-11-20T10:00'],
    ['asked after hours', '2026-11-20T22:00+01:00', 120, '2026-11-23T10:00'],
    ['asked on a Sunday', '2026-11-22T12:00+01:00', 1, '2026-11-23T08:01'],
    ['over several days', '2026-11-20T16:00+01:00', 60 + 480 + 30, '2026-11-24T08:30'],
  ])('AS-3: %s', (_, from, minutes, due) => {
    expect(add(hours, from, minutes)).toBe(due);
  });

  it('AS-3: holidays are free, also beside a weekend', () => {
    const christmas = hoursOf({ holidays: ['2026-12-24', '2026-12-25', '2026-12-28'] });
    expect(add(christmas, '2026-12-23T16:30+01:00', 60)).toBe('2026-12-29T08:30');
    expect(add(christmas, '2026-12-24T10:00+01:00', 60)).toBe('2026-12-29T09:00');
  });

  it('AS-3: clocks go forward over the weekend: Monday has its own offset', () => {
    expect(add(hours, '2026-03-27T16:00+01:00', 120)).toBe('2026-03-30T08:00');
  });

  it('AS-3: clocks go back over the weekend', () => {
    expect(add(hours, '2026-10-23T16:00+02:00', 120)).toBe('2026-10-26T09:00');
  });

  it('AS-3: who works in the night of the change waits real minutes', () => {
    const night = hoursOf({ days: [7], from: '00:00', to: '06:00' });
    // 01:30 CET and an hour is 03:30 CEST; that night has five hours of six.
    expect(add(night, '2026-03-29T01:30+01:00', 60)).toBe('2026-03-29T01:30');
    expect(add(night, '2026-03-29T00:00+01:00', 300)).toBe('2026-03-29T04:00');
    expect(add(night, '2026-03-29T00:00+01:00', 301)).toBe('2026-04-04T22:01');
    // 01:30 CEST and two hours is 02:30 CET; that night has seven.
    expect(add(night, '2026-10-25T01:30+02:00', 120)).toBe('2026-10-25T01:30');
    expect(add(night, '2026-10-25T00:00+02:00', 420)).toBe('2026-10-25T05:00');
  });

  it('AS-3: a day that begins in the hour that is skipped begins after it', () => {
    const early = hoursOf({ days: [7], from: '02:30', to: '06:00' });
    expect(add(early, '2026-03-29T00:00+01:00', 30)).toBe('2026-03-29T02:00');
  });

  it('AS-3: asked at one moment, two projects in two zones are due at their own times', () => {
    const asked = '2026-11-20T20:00:00Z';
    expect(add(hours, asked, 120)).toBe('2026-11-23T10:00');
    expect(add(hoursOf({ timeZone: 'America/New_York' }), asked, 120)).toBe('2026-11-20T22:00');
    // Already Saturday in Tokyo; Sunday to Thursday are worked.
    const tokyo = hoursOf({ timeZone: 'Asia/Tokyo', days: [7, 1, 2, 3, 4] });
    expect(add(tokyo, asked, 120)).toBe('2026-11-22T02:00');
  });

  it('AS-3: a calendar of nothing but holidays has no deadline', () => {
    const days = Array.from({ length: 400 }, (_, at) =>
      new Date(Date.UTC(2026, 10, 20 + at)).toISOString().slice(0, 10),
    );
    expect(add(hoursOf({ holidays: days }), '2026-11-20T10:00Z', 1)).toBeNull();
  });
});

describe('quiet hours', () => {
  const quiet = (from: string, to: string) =>
    policySchema.parse({ hours: { timeZone: 'Europe/Berlin' }, quiet: { from, to } });
  const ends = (policy: ReturnType<typeof quiet>, now: string) => {
    const end = quietEndsAt(policy, Date.parse(now));
    expect(isQuiet(policy, Date.parse(now))).toBe(end !== null);
    return end === null ? null : new Date(end).toISOString().slice(0, 16);
  };

  it('WA-5: within a day, the end itself is loud again', () => {
    const noon = quiet('12:00', '13:00');
    expect(ends(noon, '2026-11-20T11:59+01:00')).toBeNull();
    expect(ends(noon, '2026-11-20T12:00+01:00')).toBe('2026-11-20T12:00');
    expect(ends(noon, '2026-11-20T13:00+01:00')).toBeNull();
  });

  it('WA-5: over midnight, and over a change of clocks', () => {
    const night = quiet('22:00', '07:00');
    expect(ends(night, '2026-11-20T21:59+01:00')).toBeNull();
    expect(ends(night, '2026-11-20T23:00+01:00')).toBe('2026-11-21T06:00');
    expect(ends(night, '2026-11-21T06:59+01:00')).toBe('2026-11-21T06:00');
    expect(ends(night, '2026-03-28T23:00+01:00')).toBe('2026-03-29T05:00');
    expect(ends(night, '2026-10-24T23:00+02:00')).toBe('2026-10-25T06:00');
  });

  it('WA-5: none set, or of no length, is never quiet', () => {
    expect(isQuiet(policySchema.parse({}), Date.parse('2026-11-20T03:00Z'))).toBe(false);
    expect(ends(quiet('08:00', '08:00'), '2026-11-20T08:00+01:00')).toBeNull();
  });
});

describe('showTime', () => {
  const now = Date.parse('2026-11-20T10:00Z');
  it.each([
    ['2026-11-20T13:00Z', '14:00 CET'],
    ['2026-11-23T09:30Z', 'Mon, 10:30 CET'],
    ['2026-11-30T09:30Z', 'Mon 30 Nov, 10:30 CET'],
    ['2026-11-18T09:30Z', 'Wed 18 Nov, 10:30 CET'],
    ['2026-11-20T23:30Z', 'Sat, 00:30 CET'],
  ])('AS-3: %s is %s', (time, shown) => {
    expect(showTime('Europe/Berlin', Date.parse(time), now)).toBe(shown);
  });
});
