import { createOpencodeClient, type FilePartInput, type TextPartInput } from '@opencode-ai/sdk/v2/client';
import { z } from 'zod';
import { describeError, FrontdeskError } from '../../mcp-servers/kit/errors.ts';
import { agentName, splitModel } from './config.ts';
import { type SessionMessage, sessionMessage } from './messages.ts';

/** The one door to the OpenCode SDK: its V1 routes only (V2 would leave for another provider, notes §11). */

const permissionRule = z.object({ permission: z.string(), pattern: z.string(), action: z.string() });
const agentInfo = z.object({
  name: z.string(),
  mode: z.string(),
  hidden: z.boolean().nullish(),
  prompt: z.string().nullish(),
  permission: z.array(permissionRule),
});
export type AgentInfo = z.infer<typeof agentInfo>;
export type PermissionRule = z.infer<typeof permissionRule>;

const health = z.object({ version: z.string() });
const session = z.object({ id: z.string() });
const statuses = z.record(z.string(), z.object({ type: z.string() }));
const mcpStatuses = z.record(z.string(), z.object({ status: z.string(), error: z.string().nullish() }));
const config = z.object({ default_agent: z.string().nullish() });
const pending = z.array(z.object({ id: z.string(), sessionID: z.string() }));
const providers = z.object({
  providers: z.array(
    z.object({
      id: z.string(),
      models: z.record(z.string(), z.object({ limit: z.object({ context: z.number() }) })),
    }),
  ),
});

interface Answer {
  readonly data?: unknown;
  readonly error?: unknown;
  readonly response?: Response;
}

export interface ClientOptions {
  readonly url: string;
  readonly password: string;
  /** The shared folder whose instance serves every front-desk session. */
  readonly directory: string;
  readonly timeoutMs: number;
}

export type PartInput = (TextPartInput | FilePartInput) & { id: string };

/** The `authorization` header OpenCode expects. */
export function basicAuth(password: string): string {
  return `Basic ${Buffer.from(`opencode:${password}`).toString('base64')}`;
}

function failure(what: string, cause: unknown): FrontdeskError {
  const body = z.object({ data: z.object({ message: z.string() }) }).safeParse(cause);
  const detail = body.success ? body.data.data.message : describeError(cause);
  return new FrontdeskError('opencode_failed', `${what}: ${detail}`, { cause });
}

/**
 * @returns the calls we make, each with a deadline: a request that meets OpenCode's bind hangs for ever
 * (notes/opencode.md §1). They throw FrontdeskError `opencode_failed`.
 */
export function createClient({ url, password, directory, timeoutMs }: ClientOptions) {
  const sdk = createOpencodeClient({
    baseUrl: url,
    directory,
    // Compressing what goes over loopback costs OpenCode's one thread more than it saves.
    headers: { authorization: basicAuth(password), 'accept-encoding': 'identity' },
  });
  const within = (ms = timeoutMs) => ({ signal: AbortSignal.timeout(ms) });

  async function raw(what: string, request: Promise<Answer>): Promise<Answer & { status: number }> {
    const answer = await request.catch(
      (error: unknown) => ({ error, response: undefined }) as unknown as Answer,
    );
    if (!answer.response) throw failure(what, answer.error);
    return { ...answer, status: answer.response.status };
  }
  async function read<T>(what: string, schema: z.ZodType<T>, request: Promise<Answer>): Promise<T> {
    const { data, error, status } = await raw(what, request);
    if (status >= 400) throw failure(`${what} (${status})`, error);
    const parsed = schema.safeParse(data);
    if (!parsed.success) throw failure(what, z.prettifyError(parsed.error));
    return parsed.data;
  }
  const run = (what: string, request: Promise<Answer>) => read(what, z.unknown(), request);

  return {
    async version(): Promise<string> {
      return (await read('health', health, sdk.global.health(within()))).version;
    },
    agents: (): Promise<AgentInfo[]> => read('agents', z.array(agentInfo), sdk.app.agents({}, within())),
    async defaultAgent(): Promise<string | undefined> {
      return (await read('config', config, sdk.config.get({}, within()))).default_agent ?? undefined;
    },
    mcpStatus: () => read('mcp status', mcpStatuses, sdk.mcp.status({}, within())),
    async mcpConnect(name: string): Promise<void> {
      await run('mcp connect', sdk.mcp.connect({ name }, within()));
    },
    /** Tokens the model's context holds (0: not told); undefined when OpenCode does not know the model. */
    async contextLimit(model: string): Promise<number | undefined> {
      const { providerId, modelId } = splitModel(model);
      const all = await read('providers', providers, sdk.config.providers({}, within()));
      return all.providers.find((p) => p.id === providerId)?.models[modelId]?.limit.context;
    },
    async createSession(title: string): Promise<string> {
      return (await read('create session', session, sdk.session.create({ title }, within()))).id;
    },
    async hasSession(sessionID: string): Promise<boolean> {
      const { status, error } = await raw('get session', sdk.session.get({ sessionID }, within()));
      if (status === 404) return false;
      if (status >= 400) throw failure(`get session (${status})`, error);
      return true;
    },
    async prompt(sessionID: string, messageID: string, model: string, parts: PartInput[]): Promise<void> {
      const { providerId, modelId } = splitModel(model);
      const body = { agent: agentName, model: { providerID: providerId, modelID: modelId } };
      await run('prompt', sdk.session.promptAsync({ sessionID, messageID, parts, ...body }, within()));
    },
    async isBusy(sessionID: string): Promise<boolean> {
      const all = await read('session status', statuses, sdk.session.status({}, within()));
      return (all[sessionID]?.type ?? 'idle') !== 'idle';
    },
    /** The newest `limit` messages, oldest first; all of them without a limit. */
    messages: (sessionID: string, limit?: number): Promise<SessionMessage[]> =>
      read(
        'messages',
        z.array(sessionMessage),
        sdk.session.messages({ sessionID, ...(limit === undefined ? {} : { limit }) }, within()),
      ),
    async abort(sessionID: string): Promise<void> {
      await run('abort', sdk.session.abort({ sessionID }, within()));
    },
    /** Ids of permissions and questions that wait in a session. */
    async pending(sessionID: string) {
      const [permissions, questions] = await Promise.all([
        read('permissions', pending, sdk.permission.list({}, within())),
        read('questions', pending, sdk.question.list({}, within())),
      ]);
      const ofSession = (list: z.infer<typeof pending>) =>
        list.filter((item) => item.sessionID === sessionID).map((item) => item.id);
      return { permissions: ofSession(permissions), questions: ofSession(questions) };
    },
    /** Rejecting one that is gone is no error: a reject takes the session's other permissions along. */
    async rejectPermission(requestID: string): Promise<void> {
      await raw('reject', sdk.permission.reply({ requestID, reply: 'reject' }, within()));
    },
    async rejectQuestion(requestID: string): Promise<void> {
      await raw('reject', sdk.question.reject({ requestID }, within()));
    },
    /** Ends every turn and its children; OpenCode itself goes on. */
    async dispose(ms: number): Promise<void> {
      await run('dispose', sdk.global.dispose(within(ms)));
    },
  };
}
export type Client = ReturnType<typeof createClient>;
