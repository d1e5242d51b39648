import { randomBytes } from 'node:crypto';

import type { Clock } from '../clock.ts';
import type { Journal } from '../journal.ts';
import { str, type Json } from '../store/model.ts';
import type { Identity } from '../store/world.ts';
import type { EnvelopeType, SendOutcome, Transport } from './transport.ts';

/** Slack's schedule after a first attempt that was not acknowledged: at once, +1 min, +5 min. */
const retryAfterMs = [0, 60_000, 300_000] as const;

export interface Delivery {
  /** Delivers at least once; returns at once. Every event goes its own way: there is no order. */
  event(event: Json): void;
  /** One attempt only: clicks, commands and submissions are never repeated. */
  interact(type: 'interactive' | 'slash_commands', payload: Json): Promise<SendOutcome>;
  /** Events neither acknowledged nor given up. */
  readonly pending: number;
}

export interface DeliveryParts {
  readonly clock: Clock;
  readonly journal: Journal;
  readonly identity: Identity;
  readonly ackMs: number;
  /** Asked before each attempt, since an app may change how it listens. */
  transport(): Transport;
}

function nameOf(payload: Json): string {
  const event = payload['event'] as Json | undefined;
  const subtype = event?.['subtype'] === undefined ? '' : `.${str(event['subtype'])}`;
  return event ? `${String(event['type'])}${subtype}` : String(payload['command'] ?? payload['type']);
}

/** Who is behind an event or interaction, and in which thread. */
function originOf(event: Json): { by?: string | undefined; thread?: string | undefined } {
  const inner = (event['message'] ?? event['previous_message'] ?? {}) as Json;
  const text = (...values: unknown[]) => values.find((value) => typeof value === 'string');
  const user = (event['user'] as Json | undefined)?.['id'];
  return {
    by: text(event['user'], user, event['user_id'], inner['user']),
    thread: text(event['thread_ts'], inner['thread_ts']),
  };
}

/** The wrapper every event comes in. `event_id` stays the same over retries. */
function wrapEvent(event: Json, identity: Identity, now: number): Json {
  const { teamId, appId, botUserId } = identity;
  return {
    token: 'verification-token-is-deprecated',
    team_id: teamId,
    context_team_id: teamId,
    context_enterprise_id: null,
    api_app_id: appId,
    event,
    type: 'event_callback',
    event_id: `Ev${randomBytes(5).toString('hex').toUpperCase()}`,
    event_time: Math.floor(now / 1000),
    authorizations: [
      {
        enterprise_id: null,
        team_id: teamId,
        user_id: botUserId,
        is_bot: true,
        is_enterprise_install: false,
      },
    ],
    is_ext_shared_channel: false,
    event_context: `4-${teamId}-${appId}`,
  };
}

/** @returns the sender of events and interactions, with Slack's retries for the former. */
export function createDelivery(parts: DeliveryParts): Delivery {
  const { clock, journal, identity, ackMs } = parts;
  let pending = 0;

  const attemptOnce = async (type: EnvelopeType, payload: Json, attempt: number, reason: string) => {
    const event = (payload['event'] ?? payload) as Json;
    const note = {
      name: nameOf(payload),
      id: payload['event_id'] as string | undefined,
      channel: (typeof event['channel'] === 'string' ? event['channel'] : event['channel_id']) as
        | string
        | undefined,
      ts: event['ts'] as string | undefined,
      ...originOf(event),
      attempt,
    };
    journal.add({ kind: 'envelope', ...note }, payload);
    const outcome = await parts.transport().send({ type, payload, attempt, reason }, ackMs);
    if (outcome.acked) journal.add({ kind: 'ack', ...note, ms: outcome.ms }, outcome.payload);
    else journal.add({ kind: 'unacked', ...note, outcome: outcome.reason });
    return outcome;
  };

  const attemptEvent = async (payload: Json, attempt: number, reason: string): Promise<void> => {
    const outcome = await attemptOnce('events_api', payload, attempt, reason);
    const wait = retryAfterMs[attempt];
    if (outcome.acked || !outcome.retry || wait === undefined) {
      pending--;
      if (!outcome.acked) {
        journal.add({ kind: 'given-up', name: nameOf(payload), id: String(payload['event_id']) });
      }
      return;
    }
    clock.after(wait, () => void attemptEvent(payload, attempt + 1, outcome.reason));
  };

  return {
    get pending() {
      return pending;
    },
    event(event) {
      const payload = wrapEvent(event, identity, clock.now());
      const { channel, ts } = event as { channel?: unknown; ts?: unknown };
      journal.add({
        kind: 'event',
        name: nameOf(payload),
        id: String(payload['event_id']),
        channel: typeof channel === 'string' ? channel : undefined,
        ts: typeof ts === 'string' ? ts : undefined,
        ...originOf(event),
      });
      pending++;
      void attemptEvent(payload, 0, '');
    },
    interact: (type, payload) => attemptOnce(type, payload, 0, ''),
  };
}
