/**
 * The named points of the path a message takes. The service reports passing each one; nothing listens in
 * production. The chaos tests kill the process at them, the benchmark takes times at them.
 */
export const probePoints = [
  'inbox.storing',
  'inbox.stored',
  'envelope.acked',
  'turn.claimed',
  'session.created',
  'session.linked',
  'prompt.sending',
  'prompt.sent',
  'tool.called',
  'outbox.stored',
  'slack.posting',
  'slack.posted',
  'outbox.marked',
  'tool.answered',
  'turn.ending',
  'turn.ended',
] as const;

export type ProbePoint = (typeof probePoints)[number];

/** Told the point and the thread, turn or post it concerns. Must not throw. */
export type Probe = (point: ProbePoint, subject?: string) => void;

export const noProbe: Probe = () => {};
