/** AG-3: what to do about a turn that is long or silent. Pure; asked again every second. */

export interface TurnLimits {
  readonly remindAfterMs: number;
  readonly stalledAfterMs: number;
  readonly turnLimitMs: number;
  readonly turnSteps: number;
}

export interface TurnSigns {
  /** Unix ms, all three. */
  readonly now: number;
  readonly startedAt: number;
  readonly lastEventAt: number;
  readonly steps: number;
  /** What was told since the last event: silence is told once, not every second. */
  readonly told: 'nothing' | 'reminder' | 'stalled';
}

export type TurnVerdict =
  | { readonly kind: 'none' }
  | { readonly kind: 'remind' | 'stalled'; readonly silentMs: number }
  | { readonly kind: 'end'; readonly note: string };

/** OpenCode has no limit of its own, and can loop without bound (notes/opencode.md §10). */
export function decideTurnWatch(signs: TurnSigns, limits: TurnLimits): TurnVerdict {
  const { now, startedAt, lastEventAt, steps, told } = signs;
  if (steps > limits.turnSteps)
    return {
      kind: 'end',
      note: `the agent made ${limits.turnSteps} steps, the limit for one turn; it may be going in circles`,
    };
  if (now - startedAt > limits.turnLimitMs)
    return {
      kind: 'end',
      note: `the turn took longer than ${Math.round(limits.turnLimitMs / 60_000)} min, the limit`,
    };
  const silentMs = now - lastEventAt;
  if (silentMs >= limits.stalledAfterMs && told !== 'stalled') return { kind: 'stalled', silentMs };
  if (silentMs >= limits.remindAfterMs && told === 'nothing') return { kind: 'remind', silentMs };
  return { kind: 'none' };
}
