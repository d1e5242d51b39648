import { describe, expect, it } from 'vitest';
import { playRound } from './round.ts';

/**
 * Two here, many under `npm run soak`: what dies at a named point is in kill-points.test.ts. In these OpenCode dies, alone
 * and with the service, which is also killed while it takes up what was left, and the clock is set. The seeds are fixed, but
 * no two machines hit the same moments.
 */
describe.concurrent('OP-4: kill -9 at random moments', () => {
  it.each([{ seed: 2 }, { seed: 4 }])(
    'IN-5, IN-6, OUT-1, AG-1: nothing is lost, said twice or out of order (seed $seed)',
    async ({ seed }) => {
      const { story, failure } = await playRound({ seed, acts: 8, blows: 2, threads: 3 });
      expect(failure === undefined ? '' : [...story, failure].join('\n')).toBe('');
    },
  );
});
