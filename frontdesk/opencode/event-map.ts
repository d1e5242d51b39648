import { z } from 'zod';
import type { AgentEvent } from './agent.ts';

/** One V1 event as `/global/event` carries it in `payload`. */
export const v1Event = z.object({ type: z.string(), properties: z.record(z.string(), z.unknown()) });
export type V1Event = z.infer<typeof v1Event>;

const ofSession = z.object({
  sessionID: z.string().optional(),
  info: z.object({ sessionID: z.string().optional() }).optional().catch(undefined),
  part: z.object({ sessionID: z.string().optional() }).optional().catch(undefined),
});

/** The session an event belongs to; undefined for the server's own. */
export function sessionOf(event: V1Event): string | undefined {
  const parsed = ofSession.safeParse(event.properties);
  if (!parsed.success) return undefined;
  return parsed.data.sessionID ?? parsed.data.info?.sessionID ?? parsed.data.part?.sessionID;
}

const messageUpdated = z.object({ info: z.object({ id: z.string(), role: z.string() }) });
const partUpdated = z.object({
  part: z.object({
    id: z.string(),
    messageID: z.string(),
    type: z.string(),
    tool: z.string().nullish(),
    state: z.object({ status: z.string(), title: z.string().nullish() }).nullish(),
  }),
});
const partDelta = z.object({ partID: z.string(), field: z.string(), delta: z.string() });
const retryStatus = z.object({
  status: z.object({ type: z.literal('retry'), attempt: z.number(), message: z.string(), next: z.number() }),
});

/** What has to be remembered of one session's events to tell answers from prompts and reasoning. */
export interface MapState {
  /** Messages whose start was told as a step, and those of people. */
  readonly answers: Set<string>;
  readonly textParts: Set<string>;
  /** Last status told of each tool part: OpenCode repeats `running` for every line of output. */
  readonly tools: Map<string, string>;
}

export function createMapState(): MapState {
  return { answers: new Set(), textParts: new Set(), tools: new Map() };
}

/** Forgets the turn: after it ended, or when events were missed and half a text must not be continued. */
export function clearMapState(state: MapState): void {
  state.answers.clear();
  state.textParts.clear();
  state.tools.clear();
}

const toolStatuses = ['running', 'completed', 'error'] as const;

function mapPart(state: MapState, event: V1Event): AgentEvent | undefined {
  const parsed = partUpdated.safeParse(event.properties);
  if (!parsed.success) return undefined;
  const { part } = parsed.data;
  // People's own parts look the same; only an answer's text may be streamed.
  if (part.type === 'text' && state.answers.has(part.messageID)) state.textParts.add(part.id);
  if (part.type !== 'tool' || !part.tool || !part.state) return undefined;
  const status = toolStatuses.find((s) => s === part.state?.status);
  if (!status || state.tools.get(part.id) === status) return undefined;
  state.tools.set(part.id, status);
  return { kind: 'tool', tool: part.tool, title: part.state.title ?? '', status };
}

function mapMessage(state: MapState, event: V1Event): AgentEvent | undefined {
  const parsed = messageUpdated.safeParse(event.properties);
  if (!parsed.success || parsed.data.info.role !== 'assistant') return undefined;
  if (state.answers.has(parsed.data.info.id)) return undefined;
  // One assistant message per model call, made before the call: counts also the calls that answer nothing.
  state.answers.add(parsed.data.info.id);
  return { kind: 'step' };
}

/** Maps one event of one session, or gives undefined for what threads need not know. Updates `state`. */
export function mapEvent(state: MapState, event: V1Event): AgentEvent | undefined {
  switch (event.type) {
    case 'message.updated':
      return mapMessage(state, event);
    case 'message.part.updated':
      return mapPart(state, event);
    case 'message.part.delta': {
      const delta = partDelta.safeParse(event.properties).data;
      if (!delta || delta.field !== 'text' || !state.textParts.has(delta.partID)) return undefined;
      return { kind: 'text', partId: delta.partID, delta: delta.delta };
    }
    case 'session.status': {
      const retry = retryStatus.safeParse(event.properties).data?.status;
      if (!retry) return undefined;
      return { kind: 'retry', attempt: retry.attempt, message: retry.message, nextAt: retry.next };
    }
    case 'session.idle':
    case 'session.error':
      clearMapState(state);
      return { kind: 'check' };
    default:
      return undefined;
  }
}
