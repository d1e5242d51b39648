import { randomUUID } from 'node:crypto';
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import {
  CallToolRequestSchema,
  type CallToolResult,
  ListToolsRequestSchema,
  type Tool as ListedTool,
} from '@modelcontextprotocol/sdk/types.js';
import { z } from 'zod';
import { describeError, FrontdeskError } from './errors.ts';
import type { Log } from './log.ts';
import type { Probe } from './probe.ts';
import { type Caller, type ServerDefinition, type Tool, type ToolCall, ToolInputError } from './tool.ts';

/** The argument in which our plugin sends the stamp. Taken out before validation; never listed. */
const stampArgument = '_stamp';

/**
 * Finds out who calls.
 * @param tool `<server>_<tool>`, as OpenCode names it
 * @param input its arguments, unchecked
 * @throws FrontdeskError stamp_refused or thread_unknown
 */
export type ResolveCaller = (claim: {
  readonly tool: string;
  readonly stamp: unknown;
  readonly input: Readonly<Record<string, unknown>>;
}) => Caller | Promise<Caller>;

/** A server with what it works on, ready to be put on a transport. */
export interface McpService {
  readonly name: string;
  /** Builds one SDK server; each client session gets its own. */
  createServer(): Server;
}

export interface McpServiceOptions<Deps> {
  readonly definition: ServerDefinition<Deps>;
  readonly deps: Deps;
  readonly resolveCaller: ResolveCaller;
  readonly log: Log;
  readonly probe?: Probe;
  readonly version?: string;
}

export function createMcpService<Deps>(options: McpServiceOptions<Deps>): McpService {
  const { definition, version = '0.1.0' } = options;
  const listed = definition.tools.map(listTool);
  const tools = new Map(definition.tools.map((tool) => [tool.name, tool]));

  return {
    name: definition.name,
    createServer() {
      const server = new Server({ name: definition.name, version }, { capabilities: { tools: {} } });
      server.setRequestHandler(ListToolsRequestSchema, () => ({ tools: listed }));
      server.setRequestHandler(CallToolRequestSchema, async (request, extra): Promise<CallToolResult> => {
        const token = extra._meta?.progressToken;
        let step = 0;
        const progress = (message: string) => {
          if (token === undefined) return;
          step += 1;
          const params = { progressToken: token, progress: step, message };
          // The client may be gone; its call is then cancelled through the signal.
          extra.sendNotification({ method: 'notifications/progress', params }).catch(() => {});
        };
        return await callTool(options, tools.get(request.params.name), request.params, {
          signal: extra.signal,
          progress,
        });
      });
      return server;
    },
  };
}

async function callTool<Deps>(
  { definition, deps, resolveCaller, log, probe }: McpServiceOptions<Deps>,
  tool: Tool<Deps> | undefined,
  params: { readonly name: string; readonly arguments?: Record<string, unknown> | undefined },
  context: Pick<ToolCall, 'signal' | 'progress'>,
): Promise<CallToolResult> {
  const { [stampArgument]: stamp, ...input } = params.arguments ?? {};
  let caller: Caller | undefined;
  try {
    if (tool === undefined) return failure(`There is no tool "${params.name}" here.`);
    // First of all: whoever has no stamp learns nothing, not even which arguments would fit.
    caller = await resolveCaller({ tool: `${definition.name}_${tool.name}`, stamp, input });
    probe?.('tool.called', caller.callId);
    const { structured, text } = await tool.call(deps, input, { caller, ...context });
    probe?.('tool.answered', caller.callId);
    return { structuredContent: structured, content: [{ type: 'text', text }] };
  } catch (error) {
    return explain(error, log, { server: definition.name, tool: params.name, session: caller?.sessionId });
  }
}

/** Foreign error text never reaches a model: it may carry secrets, or instructions. */
function explain(error: unknown, log: Log, fields: Record<string, unknown>): CallToolResult {
  if (error instanceof FrontdeskError) {
    log.info({ ...fields, code: error.code }, 'mcp.call.refused');
    return failure(error.advice);
  }
  if (error instanceof ToolInputError) {
    return failure(new FrontdeskError('tool_input_invalid', describeIssues(error.issues)).advice);
  }
  const ref = randomUUID().slice(0, 8);
  log.error({ ...fields, ref, err: error, reason: describeError(error) }, 'mcp.call.failed');
  return failure(
    `Something went wrong inside Frontdesk (ref ${ref}). Try once more; if it fails again, tell the person.`,
  );
}

function describeIssues(issues: readonly z.core.$ZodIssue[]): string {
  return issues
    .map((issue) => `${issue.path.length === 0 ? 'arguments' : issue.path.join('.')}: ${issue.message}.`)
    .join(' ');
}

function failure(text: string): CallToolResult {
  return { isError: true, content: [{ type: 'text', text }] };
}

function listTool<Deps>(tool: Tool<Deps>): ListedTool {
  const { readOnly, destructive, idempotent, openWorld = false } = tool.hints;
  return {
    name: tool.name,
    title: tool.title,
    description: tool.description,
    inputSchema: jsonSchema(tool.input, 'input'),
    outputSchema: jsonSchema(tool.output, 'output'),
    annotations: {
      title: tool.title,
      readOnlyHint: readOnly,
      destructiveHint: destructive,
      idempotentHint: idempotent,
      openWorldHint: openWorld,
    },
  };
}

/** Draft 7 without `$schema`: what every client's validator understands. */
function jsonSchema(schema: z.ZodObject, io: 'input' | 'output') {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, target: 'draft-7' });
  return rest as ListedTool['inputSchema'];
}
