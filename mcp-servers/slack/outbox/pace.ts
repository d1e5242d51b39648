/** Tokens per minute, and how many may be spent at once. */
interface Tier {
  readonly perMinute: number;
  readonly burst: number;
  /** Live progress and durable calls share it: the former leaves a part to the latter. */
  readonly shared?: boolean;
}

/**
 * Slack's tiers (notes/slack.md §3). `chat.postMessage` counts per channel, all others per workspace. Slack
 * tolerates short bursts; where it does not it answers 429, which lowers ours for a while.
 */
const tiers: Readonly<Record<string, Tier>> = {
  'chat.postMessage': { perMinute: 58, burst: 4 },
  'chat.update': { perMinute: 50, burst: 50, shared: true },
  'chat.delete': { perMinute: 50, burst: 50 },
  'chat.postEphemeral': { perMinute: 100, burst: 100 },
  'chat.startStream': { perMinute: 20, burst: 20 },
  'chat.stopStream': { perMinute: 20, burst: 20 },
  'chat.appendStream': { perMinute: 100, burst: 30 },
  'files.completeUploadExternal': { perMinute: 100, burst: 20 },
  'reactions.add': { perMinute: 50, burst: 50 },
  'reactions.remove': { perMinute: 20, burst: 20 },
  'agents.sessions.setStatus': { perMinute: 50, burst: 50, shared: true },
};

/** The part of a shared bucket that only durable calls may use. */
const reservedShare = 0.4;

export interface Pace {
  /** Milliseconds until this call may be made; 0 is now. `droppable` calls leave a reserve to the others. */
  delay(method: string, channel: string, droppable: boolean): number;
  /** Notes that the call is made. */
  take(method: string, channel: string): void;
  /**
   * Slack said 429: pauses this method in this channel, and shortens bursts for some minutes. What counts per
   * workspace is spent for the others too; they go on at the steady rate.
   */
  limited(method: string, channel: string, retryAfterMs: number): void;
}

interface Bucket {
  tokens: number;
  at: number;
  limitedAt: number;
}

/**
 * @param now milliseconds, of a clock that nobody sets
 * @param factor how many times Slack's published rates are used; 429s are honoured whatever it is
 */
export function createPace(now: () => number, factor = 1): Pace {
  const buckets = new Map<string, Bucket>();
  const pausedUntil = new Map<string, number>();

  const ours = new Map(
    Object.entries(tiers).map(([method, tier]) => [
      method,
      { ...tier, perMinute: tier.perMinute * factor, burst: tier.burst * factor },
    ]),
  );

  const keyOf = (method: string, channel: string) =>
    method === 'chat.postMessage' ? `${method}:${channel}` : method;

  /** Full again one minute after the other: a burst that was refused once is tried with care. */
  const burstOf = (tier: Tier, { limitedAt }: Bucket) =>
    Math.min(tier.burst, 1 + Math.floor((now() - limitedAt) / 60_000));

  const refill = (tier: Tier, key: string): Bucket => {
    const bucket = buckets.get(key) ?? { tokens: tier.burst, at: now(), limitedAt: Number.NEGATIVE_INFINITY };
    buckets.set(key, bucket);
    bucket.tokens = Math.min(
      burstOf(tier, bucket),
      bucket.tokens + ((now() - bucket.at) * tier.perMinute) / 60_000,
    );
    bucket.at = now();
    return bucket;
  };

  return {
    delay(method, channel, droppable) {
      const paused = Math.max(0, (pausedUntil.get(`${method}:${channel}`) ?? 0) - now());
      const tier = ours.get(method);
      if (tier === undefined) return paused;
      const bucket = refill(tier, keyOf(method, channel));
      const burst = burstOf(tier, bucket);
      // Half a token of slack in rounding is not worth a timer.
      const wanted = Math.min(burst, 1 + (droppable && tier.shared ? burst * reservedShare : 0));
      const missing = wanted - bucket.tokens;
      return Math.max(paused, missing <= 1e-9 ? 0 : Math.ceil((missing * 60_000) / tier.perMinute));
    },
    take(method, channel) {
      const tier = ours.get(method);
      if (tier !== undefined) refill(tier, keyOf(method, channel)).tokens -= 1;
    },
    limited(method, channel, retryAfterMs) {
      pausedUntil.set(`${method}:${channel}`, now() + retryAfterMs);
      const tier = ours.get(method);
      if (tier === undefined) return;
      const bucket = refill(tier, keyOf(method, channel));
      bucket.limitedAt = now();
      if (method !== 'chat.postMessage') bucket.tokens = Math.min(bucket.tokens, 0);
    },
  };
}
