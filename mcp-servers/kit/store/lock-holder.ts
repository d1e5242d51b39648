/** Who holds a lock, as written in its file. */
export interface Holder {
  readonly pid: number;
  readonly host: string;
  /** The kernel's boot id; '' where there is none. */
  readonly boot: string;
  /** When the process started, in the system's own unit; '' where it cannot be told. */
  readonly start: string;
  readonly released: boolean;
}

export interface SeenLock {
  /** null: the file cannot be read as a holder. */
  readonly holder: Holder | null;
  /** Since the last heartbeat. */
  readonly ageMs: number;
  /** Start of the process that has the holder's pid here now; null: none; '': it runs, start unknown. */
  readonly runningStart: string | null;
}

/** A holder that cannot be looked at is believed to live this long after its last heartbeat (one every 5 s). */
export const foreignLockMs = 30_000;

/** Decides whether a lock still counts. A pid alone does not prove it: pids are used again, in containers at once. */
export function decideHolder(
  { holder, ageMs, runningStart }: SeenLock,
  self: Pick<Holder, 'host' | 'boot'>,
): { taken: false } | { taken: true; reason: string } {
  if (holder?.released) return { taken: false };
  if (holder === null || holder.host !== self.host) {
    if (ageMs >= foreignLockMs) return { taken: false };
    const who = holder ? `process ${holder.pid} on host ${holder.host}` : 'an unknown process';
    const left = Math.ceil((foreignLockMs - ageMs) / 1000);
    return { taken: true, reason: `held by ${who}, which is believed to live for another ${left} s` };
  }
  if (runningStart === null) return { taken: false };
  if (holder.boot !== '' && self.boot !== '' && holder.boot !== self.boot) return { taken: false };
  if (holder.start !== '' && runningStart !== '' && holder.start !== runningStart) return { taken: false };
  return { taken: true, reason: `held by process ${holder.pid} on this host (${holder.host})` };
}
