/** Numbers that can be drawn again: mulberry32, enough to mix test cases. */
export interface Rng {
  /** 0 ≤ n < `below`, whole. */
  whole(below: number): number;
  /** True once in `of`. */
  oneIn(of: number): boolean;
  pick<T>(from: readonly T[]): T;
}

export function createRng(seed: number): Rng {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const whole = (below: number) => Math.floor(next() * below);
  return {
    whole,
    oneIn: (of) => whole(of) === 0,
    pick(from) {
      const found = from[whole(from.length)];
      if (found === undefined) throw new Error('nothing to pick from');
      return found;
    },
  };
}
