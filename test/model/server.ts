import { once } from 'node:events';
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { type Gate, createGates } from './gates.ts';
import { type CompletionRequest, type ModelMessage, completionRequestSchema } from './protocol.ts';
import { respond, sendJson } from './respond.ts';
import { type ScriptMatch, type ScriptSteps, createFaultCounter, createScripts } from './scripts.ts';
import type { Brain, PlainStep, Step } from './step.ts';
import { type ModelTurn, parseTurn } from './turn.ts';

/** One request the model received. */
interface ModelCall {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly kind: ModelTurn['kind'];
  readonly sessionId: string;
  readonly model: string;
  readonly tools: readonly string[];
  readonly lastUserText: string;
  readonly said: string;
  readonly messages: readonly ModelMessage[];
  /** Assistant messages after the last user message. */
  readonly stepIndex: number;
  /** As scripted: a gate or counted fault is recorded as itself. */
  readonly step: Step;
  /** answering until the response ended; aborted when the client left first. */
  outcome: 'answering' | 'ended' | 'aborted';
}

export interface ModelServerOptions {
  readonly port?: number;
  /** Answers what no script matches; without one that is "ok". */
  readonly brain?: Brain;
  /** Told of every call when it arrives. */
  readonly onCall?: (call: ModelCall) => void;
}

export interface ModelServer extends AsyncDisposable {
  /** `http://127.0.0.1:<port>/v1`: the provider's baseURL. */
  readonly url: string;
  /**
   * Scripts the turns whose person said something that matches. The first registered match wins. Steps are
   * indexed by the assistant messages after the last user message, so retries and restarts see the same.
   */
  script(match: ScriptMatch, steps: ScriptSteps): void;
  /** The gate of that name; a step `{ gate: name, next }` waits at it. */
  gate(name: string): Gate;
  /** Forgets scripts, calls and counted faults; opens every gate. */
  reset(): void;
  /** Oldest first, the last {@link maxCalls}. */
  readonly calls: readonly ModelCall[];
}

const maxCalls = 1_000;

/** Starts a scripted OpenAI-compatible model on loopback. */
export async function startModelServer(options: ModelServerOptions = {}): Promise<ModelServer> {
  const scripts = createScripts(options.brain);
  const faults = createFaultCounter();
  const gates = createGates();
  const calls: ModelCall[] = [];

  const settle = async (step: Step, turn: ModelTurn, signal: AbortSignal): Promise<PlainStep> => {
    if ('gate' in step) {
      await untilAborted(gates.pass(step.gate), signal);
      return settle(step.next, turn, signal);
    }
    const settled = faults.settle(step, turn);
    return settled === step ? step : settle(settled, turn, signal);
  };

  const complete = async (req: IncomingMessage, res: ServerResponse, request: CompletionRequest) => {
    const turn = parseTurn(request, String(req.headers['x-session-id'] ?? ''));
    const step = scripts.stepFor(turn);
    const call = record(turn, step);
    const left = new AbortController();
    res.once('close', () => {
      call.outcome = res.writableFinished ? 'ended' : 'aborted';
      left.abort();
    });
    calls.push(call);
    if (calls.length > maxCalls) calls.shift();
    options.onCall?.(call);
    try {
      const pass = (gate: string) => untilAborted(gates.pass(gate), left.signal);
      await respond(res, request, await settle(step, turn, left.signal), left.signal, pass);
    } catch (error) {
      // A client that leaves mid-answer is ordinary (Stop, kill -9); anything else is our bug.
      if (!left.signal.aborted) throw error;
    }
  };

  const http = createServer((req, res) => {
    handle(req, res, complete).catch((error: unknown) => {
      if (res.headersSent) res.destroy();
      else sendJson(res, 500, { error: { message: String(error), type: 'model_server_bug' } });
    });
  });
  http.listen(options.port ?? 0, '127.0.0.1');
  await once(http, 'listening');

  return {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}/v1`,
    calls,
    script: (match, steps) => scripts.add(match, steps),
    gate: (name) => gates.gate(name),
    reset() {
      scripts.clear();
      faults.clear();
      gates.clear();
      calls.length = 0;
    },
    async [Symbol.asyncDispose]() {
      const closed = once(http, 'close');
      http.close();
      http.closeAllConnections();
      gates.clear();
      await closed;
    },
  };
}

async function handle(
  req: IncomingMessage,
  res: ServerResponse,
  complete: (req: IncomingMessage, res: ServerResponse, request: CompletionRequest) => Promise<void>,
): Promise<void> {
  const path = new URL(req.url ?? '/', 'http://model').pathname;
  if (req.method === 'GET' && path === '/v1/models') {
    return sendJson(res, 200, {
      object: 'list',
      data: [{ id: 'front-desk', object: 'model', owned_by: 'test' }],
    });
  }
  if (req.method !== 'POST' || path !== '/v1/chat/completions') {
    return sendJson(res, 404, { error: { message: `no route ${req.method} ${path}`, type: 'not_found' } });
  }
  const request = completionRequestSchema.safeParse(parseJson(await text(req)));
  if (request.success) return complete(req, res, request.data);
  return sendJson(res, 400, { error: { message: request.error.message, type: 'invalid_request_error' } });
}

function record(turn: ModelTurn, step: Step): ModelCall {
  const { kind, sessionId, model, tools, said } = turn;
  const rest = { lastUserText: turn.userText, messages: turn.history, stepIndex: turn.step, step };
  return { at: Date.now(), kind, sessionId, model, tools, said, ...rest, outcome: 'answering' };
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

async function untilAborted(promise: Promise<void>, signal: AbortSignal): Promise<void> {
  const aborted = Promise.withResolvers<never>();
  signal.addEventListener('abort', () => aborted.reject(signal.reason), { once: true });
  if (signal.aborted) aborted.reject(signal.reason);
  await Promise.race([promise, aborted.promise]);
}
