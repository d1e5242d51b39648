import { describe, expect, it } from 'vitest';
import { playRound } from './round.ts';

/** A few here; many under `npm run soak`. Fixed seeds, but no two machines hit the same moments. */
describe('OP-4: kill -9 at random moments', () => {
  it.each([{ seed: 1 }, { seed: 2 }, { seed: 3 }, { seed: 4 }])(
    'IN-5, IN-6, OUT-1, AG-1: nothing is lost, said twice or out of order (seed $seed)',
    async ({ seed }) => {
      const { story, failure } = await playRound({ seed, acts: 8, blows: 2, threads: 3 });
      expect(failure === undefined ? '' : [...story, failure].join('\n')).toBe('');
    },
  );
});
