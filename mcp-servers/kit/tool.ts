import type { z } from 'zod';
import type { ThreadRef } from './chat.ts';

/** Who calls a tool. Decided by the service from the stamp, never from the model's arguments (MCP-2). */
export interface Caller {
  readonly thread: ThreadRef;
  readonly sessionId: string;
  /** Of what is asked for: a turn that was cut off asks for the same once more by the same id. */
  readonly callId: string;
}

export interface ToolCall {
  readonly caller: Caller;
  /** Aborted when the client cancels the call or goes away. */
  readonly signal: AbortSignal;
  /** Tells the client that the call is alive, and what it is doing. OpenCode's 60 s limit starts anew. */
  readonly progress: (text: string) => void;
}

interface ToolHints {
  readonly readOnly: boolean;
  readonly destructive: boolean;
  readonly idempotent: boolean;
  /** Reaches beyond the service, e.g. a web search. */
  readonly openWorld?: boolean;
}

type Shape = z.ZodRawShape;

export interface ToolOptions<Deps, In extends Shape, Out extends Shape> {
  /** Without the server's name: OpenCode adds it (`slack` + `reply` → `slack_reply`). */
  readonly name: string;
  readonly title: string;
  /** Product text: the model decides by it when to call, and what to expect. */
  readonly description: string;
  readonly input: z.ZodObject<In>;
  readonly output: z.ZodObject<Out>;
  readonly hints: ToolHints;
  /** What the model reads; the structured result goes along. Default: the result as JSON. */
  readonly text?: (output: z.infer<z.ZodObject<Out>>) => string;
  run(deps: Deps, input: z.infer<z.ZodObject<In>>, call: ToolCall): Promise<z.infer<z.ZodObject<Out>>>;
}

/** A tool with its types closed over, so that tools of different shapes fit one list. */
export interface Tool<Deps> {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly input: z.ZodObject;
  readonly output: z.ZodObject;
  readonly hints: ToolHints;
  /**
   * Checks the arguments, runs, checks the result.
   * @throws ZodError of the arguments before anything is done
   */
  call(
    deps: Deps,
    input: unknown,
    call: ToolCall,
  ): Promise<{ structured: Record<string, unknown>; text: string }>;
}

/** One capability as a list of tools, for HTTP and stdio alike. */
export interface ServerDefinition<Deps> {
  readonly name: string;
  readonly tools: readonly Tool<Deps>[];
}

/** Arguments that do not fit; kept apart from zod errors thrown by the tool's own work. */
export class ToolInputError extends Error {
  readonly issues: readonly z.core.$ZodIssue[];

  constructor(issues: readonly z.core.$ZodIssue[]) {
    super('tool input');
    this.issues = issues;
  }
}

/**
 * Makes a tool. Its input is strict whatever the schema says: an argument nobody reads is a misunderstanding
 * that the model should hear about.
 */
export function defineTool<Deps, In extends Shape, Out extends Shape>(
  options: ToolOptions<Deps, In, Out>,
): Tool<Deps> {
  const { name, title, description, output, hints, text = asJson } = options;
  const input = options.input.strict();
  return {
    name,
    title,
    description,
    input,
    output,
    hints,
    async call(deps, raw, call) {
      const parsed = input.safeParse(raw);
      if (!parsed.success) throw new ToolInputError(parsed.error.issues);
      const result = output.parse(await options.run(deps, parsed.data, call));
      return { structured: result, text: text(result) };
    },
  };
}

function asJson(output: object): string {
  return JSON.stringify(output);
}
