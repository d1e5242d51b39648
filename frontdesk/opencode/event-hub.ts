import { z } from 'zod';
import { describeError } from '../../mcp-servers/kit/errors.ts';
import type { Log } from '../../mcp-servers/kit/log.ts';
import type { AgentEvent } from './agent.ts';
import { describeTurnError } from './error-text.ts';
import { clearMapState, createMapState, mapEvent, sessionOf, v1Event, type V1Event } from './event-map.ts';
import { turnError } from './messages.ts';

/** A raw event of the session, or `gap` when some may have been missed. */
type Tap = (event: V1Event | 'gap') => void;

const globalFrame = z.object({ payload: v1Event });
const sessionError = z.object({ error: turnError });

/** Errors kept for sessions that left no message behind; the oldest are forgotten. */
const maxErrors = 1_000;

export interface EventHub {
  /** One frame of the stream, as parsed from JSON. Never throws. */
  accept(frame: unknown): void;
  /** Events may have been missed: every watcher gets a `check`. */
  gap(): void;
  tap(sessionId: string, tap: Tap): Disposable;
  watch(sessionId: string, listener: (event: AgentEvent) => void): Disposable;
  /** The session's last error that was not an abort, in one line. */
  lastError(sessionId: string): string | undefined;
  forgetError(sessionId: string): void;
}

/** Hands the events of the one stream to whoever watches a session. It outlives OpenCode's restarts. */
export function createEventHub(log: Log): EventHub {
  const taps = new Map<string, Set<Tap>>();
  const errors = new Map<string, string>();

  function call(tap: Tap, event: V1Event | 'gap'): void {
    try {
      tap(event);
    } catch (error) {
      log.error({ error: describeError(error) }, 'opencode.listener.failed');
    }
  }
  function noteError(sessionId: string, event: V1Event): void {
    const error = sessionError.safeParse(event.properties).data?.error;
    if (!error || error.name === 'MessageAbortedError') return;
    errors.delete(sessionId);
    errors.set(sessionId, describeTurnError(error));
    for (const oldest of errors.keys()) {
      if (errors.size <= maxErrors) break;
      errors.delete(oldest);
    }
  }
  function tap(sessionId: string, listener: Tap): Disposable {
    const own = taps.get(sessionId) ?? new Set();
    taps.set(sessionId, own.add(listener));
    return {
      [Symbol.dispose]: () => {
        own.delete(listener);
        if (own.size === 0 && taps.get(sessionId) === own) taps.delete(sessionId);
      },
    };
  }

  return {
    tap,
    accept(frame) {
      const event = globalFrame.safeParse(frame).data?.payload;
      const sessionId = event && sessionOf(event);
      if (!event || sessionId === undefined) return;
      if (event.type === 'session.error') noteError(sessionId, event);
      for (const listener of taps.get(sessionId) ?? []) call(listener, event);
    },
    gap() {
      for (const own of taps.values()) for (const listener of own) call(listener, 'gap');
    },
    watch(sessionId, listener) {
      const state = createMapState();
      return tap(sessionId, (event) => {
        if (event === 'gap') clearMapState(state);
        const mapped = event === 'gap' ? ({ kind: 'check' } as const) : mapEvent(state, event);
        if (mapped) listener(mapped);
      });
    },
    lastError: (sessionId) => errors.get(sessionId),
    forgetError: (sessionId) => void errors.delete(sessionId),
  };
}
