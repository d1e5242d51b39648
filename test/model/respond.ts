import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type { CompletionRequest } from './protocol.ts';
import { type AnswerStep, type PlainStep, type StatusFault, type StreamFault, chunksOf } from './step.ts';

/** Small and always the same, so that footers in golden transcripts are stable. */
const defaultUsage = { promptTokens: 100, completionTokens: 10 };

/**
 * Performs a step on a response.
 * @param signal aborted when the client has gone; the returned promise then rejects with an AbortError
 * @param pass waits for a gate to be opened
 */
export async function respond(
  res: ServerResponse,
  request: CompletionRequest,
  step: PlainStep,
  signal: AbortSignal,
  pass: (gate: string) => Promise<void>,
): Promise<void> {
  if ('fault' in step) {
    if (step.fault === 'status') return failWithStatus(res, step);
    return failInStream(res, request, step, signal);
  }
  if (request.stream !== true) return answerWhole(res, request, step, signal);
  const stream = openStream(res, request);
  if (step.reasoning) stream.delta({ reasoning_content: step.reasoning });
  await streamChunks(stream, step, signal, pass);
  for (const [index, call] of toolCalls(step).entries()) {
    const { name, arguments: args } = call.function;
    // Name first and arguments after it, as providers stream them.
    stream.delta({ tool_calls: [{ ...call, index, function: { name, arguments: '' } }] });
    stream.delta({ tool_calls: [{ index, function: { arguments: args } }] });
  }
  stream.delta({}, finishReason(step));
  stream.frame({ choices: [], usage: usageOf(step) });
  res.end('data: [DONE]\n\n');
}

async function answerWhole(
  res: ServerResponse,
  request: CompletionRequest,
  step: AnswerStep,
  signal: AbortSignal,
): Promise<void> {
  const chunks = chunksOf(step);
  if (step.chunkDelayMs)
    await delay(step.chunkDelayMs * Math.max(0, chunks.length - 1), undefined, { signal });
  const calls = toolCalls(step);
  const message = {
    role: 'assistant',
    content: chunks.join(''),
    ...(step.reasoning ? { reasoning_content: step.reasoning } : {}),
    ...(calls.length > 0 ? { tool_calls: calls } : {}),
  };
  sendJson(res, 200, {
    ...envelope(request, 'chat.completion'),
    choices: [{ index: 0, message, finish_reason: finishReason(step) }],
    usage: usageOf(step),
  });
}

function failWithStatus(res: ServerResponse, { status, headers, body }: StatusFault): void {
  const message = `scripted error ${status}`;
  res.writeHead(status, { 'content-type': 'application/json', ...headers });
  res.end(body ?? JSON.stringify({ error: { message, type: 'scripted', code: null } }));
}

async function failInStream(
  res: ServerResponse,
  request: CompletionRequest,
  step: StreamFault,
  signal: AbortSignal,
): Promise<void> {
  if (step.fault === 'reset') return void res.socket?.resetAndDestroy();
  if (step.fault === 'html') {
    res.writeHead(200, { 'content-type': 'text/html' });
    return void res.end('<html><body><h1>Gateway</h1></body></html>');
  }
  const stream = openStream(res, request);
  await streamChunks(stream, step.text === undefined ? {} : { text: step.text }, signal);
  switch (step.fault) {
    case 'badjson':
      return void res.end('data: {not json\n\ndata: [DONE]\n\n');
    case 'errchunk':
      stream.bare({ error: { message: 'upstream blew up', type: 'server_error', code: 500 } });
      return void res.end();
    case 'nofinish':
      return void res.end();
    case 'cut':
      await stream.flushed();
      return void res.socket?.destroy();
    case 'stall':
      if (!signal.aborted) await once(signal, 'abort');
  }
}

type Stream = ReturnType<typeof openStream>;

function openStream(res: ServerResponse, request: CompletionRequest) {
  res.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
  const base = envelope(request, 'chat.completion.chunk');
  const bare = (frame: object) => void res.write(`data: ${JSON.stringify(frame)}\n\n`);
  const frame = (rest: object) => bare({ ...base, ...rest });
  const delta = (delta: object, finish: string | null = null) =>
    frame({ choices: [{ index: 0, delta, finish_reason: finish }] });
  const flushed = () => new Promise<void>((resolve) => res.write(': flushed\n\n', () => resolve()));
  delta({ role: 'assistant', content: '' });
  return { bare, frame, delta, flushed };
}

async function streamChunks(
  stream: Stream,
  step: AnswerStep,
  signal: AbortSignal,
  pass?: (gate: string) => Promise<void>,
): Promise<void> {
  const chunks = chunksOf(step);
  for (const [index, content] of chunks.entries()) {
    if (index > 0 && step.chunkDelayMs) await delay(step.chunkDelayMs, undefined, { signal });
    if (index === chunks.length - 1 && step.lastAt !== undefined) await pass?.(step.lastAt);
    stream.delta({ content });
  }
}

function toolCalls(step: AnswerStep) {
  return (step.tools ?? []).map(({ name, args }) => ({
    id: `call_${randomUUID().slice(0, 8)}`,
    type: 'function' as const,
    function: { name, arguments: JSON.stringify(args) },
  }));
}

function finishReason(step: AnswerStep): string {
  return step.tools && step.tools.length > 0 ? 'tool_calls' : 'stop';
}

function usageOf({ usage = defaultUsage }: AnswerStep) {
  const { promptTokens, completionTokens } = usage;
  return {
    prompt_tokens: promptTokens,
    completion_tokens: completionTokens,
    total_tokens: promptTokens + completionTokens,
  };
}

function envelope(request: CompletionRequest, object: string) {
  return {
    id: `chatcmpl-${randomUUID()}`,
    object,
    created: Math.floor(Date.now() / 1000),
    model: request.model,
  };
}

/** Sends a JSON body with its status. */
export function sendJson(res: ServerResponse, status: number, body: unknown): void {
  res.writeHead(status, { 'content-type': 'application/json' });
  res.end(JSON.stringify(body));
}
