import { randomBytes } from 'node:crypto';
import { FrontdeskError } from './errors.ts';

/** What a stamp vouches for: this OpenCode session makes this call of this tool. */
interface StampClaim {
  readonly sessionId: string;
  readonly callId: string;
  /** As OpenCode names it: `<server>_<tool>`. */
  readonly tool: string;
}

/**
 * Single-use proofs of who is calling. OpenCode tells an MCP server nothing about the calling session
 * (notes/opencode.md §3), so our plugin fetches a stamp for each call and puts it into the arguments. The model
 * later sees old stamps in its history; spent or expired, they are worth nothing.
 */
export interface Stamps {
  issue(claim: StampClaim): string;
  /**
   * Spends a stamp. A stamp shown for another tool is spent as well.
   * @throws FrontdeskError stamp_refused when it is unknown, spent, expired or meant for another tool
   */
  consume(stamp: string, tool: string): { sessionId: string; callId: string };
}

export interface StampsOptions {
  /** Milliseconds. */
  readonly now: () => number;
  readonly ttlMs?: number;
  /** Unspent stamps kept; the oldest goes first. 50 threads with a handful of parallel calls need ~500. */
  readonly limit?: number;
}

export function createStamps({ now, ttlMs = 60_000, limit = 10_000 }: StampsOptions): Stamps {
  // In order of issue, and thus of expiry.
  const open = new Map<string, StampClaim & { readonly expiresAt: number }>();

  const dropStale = () => {
    for (const [stamp, { expiresAt }] of open) {
      if (expiresAt > now() && open.size < limit) return;
      open.delete(stamp);
    }
  };

  return {
    issue(claim) {
      dropStale();
      const stamp = randomBytes(24).toString('base64url');
      open.set(stamp, { ...claim, expiresAt: now() + ttlMs });
      return stamp;
    },
    consume(stamp, tool) {
      const claim = open.get(stamp);
      open.delete(stamp);
      if (claim === undefined || claim.expiresAt <= now() || claim.tool !== tool) {
        throw new FrontdeskError('stamp_refused');
      }
      return { sessionId: claim.sessionId, callId: claim.callId };
    },
  };
}
