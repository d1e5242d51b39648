import { expect, it } from 'vitest';
import { formatRoute, parseRoute } from './route.ts';

it('keeps person, place and thread in the address', () => {
  for (const hash of ['#U_ANNA/C_DEV/1760000000.000100', '#U_BEN/home', '#U_BEN/D_BEN', '#']) {
    expect(formatRoute(parseRoute(hash))).toBe(hash);
  }
  expect(parseRoute('#U_BEN/home')).toEqual({ person: 'U_BEN', channel: '', home: true, thread: '' });
});
