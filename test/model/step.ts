import type { ModelTurn } from './turn.ts';

/** One answer of the model. Nothing set is an empty answer, which is legal and tests the caller. */
export interface AnswerStep {
  /** Streamed word by word. */
  readonly text?: string;
  /** Streamed as given, instead of `text`. */
  readonly chunks?: readonly string[];
  /** Pause before each chunk after the first. */
  readonly chunkDelayMs?: number;
  /** Gate that the last chunk waits at, so that a test can look at an answer half said. */
  readonly lastAt?: string;
  readonly reasoning?: string;
  readonly tools?: readonly { readonly name: string; readonly args: Record<string, unknown> }[];
  readonly usage?: { readonly promptTokens: number; readonly completionTokens: number };
}

interface FaultCommon {
  /** How many requests suffer it before `next` answers. Default: 1 with `next`, always without. (Not `then`: an object with that key looks like a promise.) */
  readonly times?: number;
  readonly next?: Step;
}

/** An HTTP error. `body` is sent as it is; without one it is OpenAI's error shape. */
export interface StatusFault extends FaultCommon {
  readonly fault: 'status';
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface StreamFault extends FaultCommon {
  /**
   * reset: connection dropped before any answer. html: a gateway's page with status 200. badjson: a frame
   * that is not JSON. errchunk: an error object within the stream. The others come after `text`:
   * cut drops the connection, stall never ends, nofinish ends without a finish reason.
   */
  readonly fault: 'reset' | 'html' | 'badjson' | 'errchunk' | 'cut' | 'stall' | 'nofinish';
  /** What is streamed before the fault. */
  readonly text?: string;
}

/** Holds the response until the test opens the gate. */
interface GateStep {
  readonly gate: string;
  readonly next: Step;
}

export type Step = AnswerStep | StatusFault | StreamFault | GateStep;

/** What is left of a step once gates are open and faults are counted. */
export type PlainStep = AnswerStep | StatusFault | StreamFault;

/** Decides what to answer; `undefined` leaves it to the default answer. */
export type Brain = (turn: ModelTurn) => Step | undefined;

/** @returns the chunks an answer is streamed in: words with their trailing space. */
export function chunksOf(step: AnswerStep): readonly string[] {
  if (step.chunks) return step.chunks;
  return step.text ? (step.text.match(/\s*\S+\s*/g) ?? [step.text]) : [];
}
