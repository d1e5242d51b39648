import type { Clock } from '../clock.ts';

/** Slack's tiers; `post` is chat.postMessage's own rule, about one per second and channel. */
export type Tier = 1 | 2 | 3 | 4 | 'post' | 'none';

const perMinute = { 1: 1, 2: 20, 3: 50, 4: 100 } as const;

export interface RateLimits {
  /** @returns 0 when the call may pass, otherwise the seconds for Retry-After. */
  check(method: string, tier: Tier, channel: string | undefined): number;
}

/**
 * Token buckets: a tier's bucket holds one minute's worth, postMessage's holds `burst` per channel.
 * Real Slack counts more loosely; being stricter only finds callers that do not pace themselves.
 */
export function createRateLimits(clock: Clock, options: { enabled: boolean; burst: number }): RateLimits {
  const buckets = new Map<string, { tokens: number; at: number }>();
  return {
    check(method, tier, channel) {
      if (!options.enabled || tier === 'none') return 0;
      const capacity = tier === 'post' ? options.burst : perMinute[tier];
      const perMs = tier === 'post' ? 1 / 1000 : perMinute[tier] / 60_000;
      const key = tier === 'post' ? `${method} ${channel ?? ''}` : method;
      const now = clock.now();
      const bucket = buckets.get(key) ?? { tokens: capacity, at: now };
      bucket.tokens = Math.min(capacity, bucket.tokens + (now - bucket.at) * perMs);
      bucket.at = now;
      buckets.set(key, bucket);
      if (bucket.tokens >= 1) {
        bucket.tokens--;
        return 0;
      }
      return Math.max(1, Math.ceil((1 - bucket.tokens) / perMs / 1000));
    },
  };
}
