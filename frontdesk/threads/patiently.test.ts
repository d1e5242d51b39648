import { afterEach, describe, expect, it, vi } from 'vitest';
import { patiently } from './patiently.ts';

afterEach(() => void vi.useRealTimers());

/** OpenCode, away for the first call; `meanwhile` happens then. */
function awayOnce(meanwhile: () => void): () => Promise<string> {
  let calls = 0;
  return async () => {
    calls += 1;
    if (calls > 1) return 'here';
    meanwhile();
    throw new Error('restarting');
  };
}

describe('OpenCode restarts under a turn', () => {
  it('AG-1: it is called again, also when the clock is set on by an hour meanwhile (chaos seed 4)', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const call = awayOnce(() => vi.setSystemTime(Date.now() + 3_600_000));
    expect(await patiently({ stopped: false }, call)).toBe('here');
  });

  it('IN-7: not for a turn that was stopped, nor when no patience helps', async () => {
    const call = async () => await Promise.reject(new Error('restarting'));
    await expect(patiently({ stopped: true }, call)).rejects.toThrow('restarting');
    await expect(patiently({ stopped: false }, call, () => true)).rejects.toThrow('restarting');
  });
});
