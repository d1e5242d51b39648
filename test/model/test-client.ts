/** A client of the model for tests: plain HTTP, and its own reading of the event stream. */

interface Delta {
  readonly content?: string;
  readonly reasoning_content?: string;
  readonly tool_calls?: readonly {
    readonly index: number;
    readonly function: { readonly name?: string; readonly arguments: string };
  }[];
}

interface Frame {
  readonly choices: readonly { readonly delta: Delta; readonly finish_reason: string | null }[];
  readonly usage?: Record<string, number>;
}

export interface Answer {
  readonly text: string;
  /** Content frames as they came, empty ones left out. */
  readonly chunks: readonly string[];
  readonly reasoning: string;
  readonly tools: readonly { readonly name: string; readonly args: unknown }[];
  readonly finish: string | undefined;
  readonly usage: Record<string, number> | undefined;
  /** `[DONE]` was received. */
  readonly done: boolean;
  /** The connection broke before the response ended. */
  readonly broken: boolean;
}

/** @returns a user message as the service writes it. */
export function userTurn(words: string, header = 'channel: #dev (thread)\nfrom: Anna (U_ANNA)') {
  return { role: 'user', content: `<turn>\n${header}\n</turn>\n${words}` };
}

export function askRaw(
  url: string,
  body: object,
  headers: Record<string, string> = {},
  signal?: AbortSignal,
): Promise<Response> {
  return fetch(`${url}/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ model: 'front-desk', ...body }),
    ...(signal ? { signal } : {}),
  });
}

/** Asks for a stream and reads it to its end. */
export async function ask(url: string, body: object, headers: Record<string, string> = {}): Promise<Answer> {
  const res = await askRaw(url, { stream: true, ...body }, headers);
  let raw = '';
  let broken = false;
  try {
    for await (const piece of res.body?.pipeThrough(new TextDecoderStream()) ?? []) raw += piece;
  } catch {
    broken = true;
  }
  const data = raw.split('\n\n').flatMap((line) => (line.startsWith('data: ') ? [line.slice(6)] : []));
  const frames = data.filter((line) => line !== '[DONE]').map((line) => JSON.parse(line) as Frame);
  return { ...collect(frames), done: data.includes('[DONE]'), broken };
}

function collect(frames: readonly Frame[]): Omit<Answer, 'done' | 'broken'> {
  const choices = frames.flatMap((frame) => frame.choices);
  const chunks = choices.flatMap(({ delta }) => (delta.content ? [delta.content] : []));
  const calls: { name: string; json: string }[] = [];
  for (const part of choices.flatMap(({ delta }) => delta.tool_calls ?? [])) {
    const call = (calls[part.index] ??= { name: part.function.name ?? '', json: '' });
    call.json += part.function.arguments;
  }
  return {
    text: chunks.join(''),
    chunks,
    reasoning: choices.map(({ delta }) => delta.reasoning_content ?? '').join(''),
    tools: calls.map(({ name, json }) => ({ name, args: JSON.parse(json) as unknown })),
    finish: choices.flatMap((choice) => choice.finish_reason ?? []).at(-1),
    usage: frames.findLast((frame) => frame.usage !== undefined)?.usage,
  };
}
