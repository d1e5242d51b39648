import * as z from 'zod/mini';
import { cut, limits } from '../protocol.ts';

const info = z.object({
  id: z.string(),
  title: z.string(),
  directory: z.nullish(z.string()),
  parentID: z.nullish(z.string()),
  projectID: z.nullish(z.string()),
});
const statuses = z.record(z.string(), z.object({ type: z.string() }));
const pending = z.array(z.looseObject({ id: z.string(), sessionID: z.string() }));
const messages = z.array(
  z.object({
    info: z.object({
      id: z.string(),
      role: z.enum(['user', 'assistant']),
      parentID: z.nullish(z.string()),
      time: z.object({ created: z.number(), completed: z.nullish(z.number()) }),
      error: z.nullish(
        z.object({ name: z.string(), data: z.nullish(z.object({ message: z.nullish(z.string()) })) }),
      ),
      finish: z.nullish(z.string()),
      /** Of a prompt: what it ran with. An answer tells its model in another way. */
      agent: z.nullish(z.string()),
      model: z.nullish(z.object({ providerID: z.string(), modelID: z.string() })),
    }),
    parts: z.array(
      z.object({
        id: z.string(),
        type: z.string(),
        text: z.nullish(z.string()),
        synthetic: z.nullish(z.boolean()),
        tool: z.nullish(z.string()),
        callID: z.nullish(z.string()),
        state: z.nullish(
          z.object({ status: z.string(), input: z.nullish(z.record(z.string(), z.unknown())) }),
        ),
      }),
    ),
  }),
);
export type Messages = z.infer<typeof messages>;
export type Pending = z.infer<typeof pending>[number];

/** Of the plugin's client only its transport is used: the generated calls lack what came after them. */
export interface RawClient {
  readonly _client: {
    request(options: {
      method: string;
      url: string;
      query: Record<string, unknown>;
      body?: unknown;
      headers?: Record<string, string>;
    }): Promise<{ data?: unknown; error?: unknown; response?: Response }>;
  };
}

/** Sessions looked through for those of a directory that has no instance now. */
const maxListed = 2_000;

/** Session rules come last and reach subagents: what an unattended session must not wait for (notes/opencode.md §4). */
const unattendedRules = [
  { permission: 'external_directory', pattern: '*', action: 'deny' },
  { permission: 'doom_loop', pattern: '*', action: 'deny' },
  { permission: 'read', pattern: '*.env', action: 'deny' },
  { permission: 'read', pattern: '*.env.*', action: 'deny' },
  { permission: 'read', pattern: '*.env.example', action: 'allow' },
];

/** The V1 calls the bridge makes, each in the given directory. They throw Error with what OpenCode said. */
export function createApi(client: RawClient) {
  async function call(method: string, url: string, directory: string, body?: unknown, query: object = {}) {
    const { data, error, response } = await client._client.request({
      method,
      url,
      query: { directory, ...query },
      ...(body === undefined ? {} : { body, headers: { 'content-type': 'application/json' } }),
    });
    if (response?.ok) return data;
    const said = typeof error === 'string' ? error : JSON.stringify(error);
    throw new Error(cut(`${method} ${url}: ${response?.status ?? 'no answer'} ${said}`, limits.error));
  }
  const session = (id: string) => `/session/${encodeURIComponent(id)}`;

  return {
    createSession: async (directory: string, title: string) =>
      info.parse(await call('POST', '/session', directory, { title, permission: unattendedRules })).id,
    sessions: async (directory: string) => z.array(info).parse(await call('GET', '/session', directory)),
    /** The latest of all directories, read without an instance of any but `home`. */
    allSessions: async (home: string) => {
      const { data, response } = await client._client.request({
        method: 'GET',
        url: '/experimental/session',
        query: { roots: true, limit: maxListed },
        headers: { 'x-opencode-directory': encodeURIComponent(home) },
      });
      return response?.ok ? z.array(info).parse(data) : [];
    },
    /** Ids of the sessions at work in the directory. */
    busy: async (directory: string) =>
      Object.entries(statuses.parse(await call('GET', '/session/status', directory)))
        .filter(([, { type }]) => type !== 'idle')
        .map(([id]) => id),
    /** The latest, oldest first; without a limit all. */
    messages: async (directory: string, id: string, limit?: number) => {
      const query = limit === undefined ? {} : { limit };
      return messages.parse(await call('GET', `${session(id)}/message`, directory, undefined, query));
    },
    prompt: async (directory: string, id: string, body: object) =>
      void (await call('POST', `${session(id)}/prompt_async`, directory, body)),
    abort: async (directory: string, id: string) =>
      void (await call('POST', `${session(id)}/abort`, directory, {})),
    fork: async (directory: string, id: string, title: string) => {
      const forked = info.parse(await call('POST', `${session(id)}/fork`, directory, {})).id;
      await call('PATCH', session(forked), directory, { title });
      return forked;
    },
    session: async (directory: string, id: string) => info.parse(await call('GET', session(id), directory)),
    /** Title and rules of a session that the service works with. */
    entitle: async (directory: string, id: string, title: string) =>
      void (await call('PATCH', session(id), directory, { title, permission: unattendedRules })),
    /** Of a session at rest. Refused where `to` belongs to another project. */
    moveSession: async (directory: string, id: string, to: string) => {
      const body = { sessionID: id, destination: { directory: to } };
      await call('POST', '/experimental/control-plane/move-session', directory, body);
    },
    questions: async (directory: string) => pending.parse(await call('GET', '/question', directory)),
    permissions: async (directory: string) => pending.parse(await call('GET', '/permission', directory)),
    replyQuestion: async (directory: string, id: string, answers: string[][] | null) => {
      const url = `/question/${encodeURIComponent(id)}`;
      if (answers === null) await call('POST', `${url}/reject`, directory, {});
      else await call('POST', `${url}/reply`, directory, { answers });
    },
    replyPermission: async (directory: string, id: string, body: { reply: string; message?: string }) =>
      void (await call('POST', `/permission/${encodeURIComponent(id)}/reply`, directory, body)),
    disposeInstance: async (directory: string) =>
      void (await call('POST', '/instance/dispose', directory, {})),
    version: async (directory: string) =>
      z.object({ version: z.string() }).parse(await call('GET', '/global/health', directory)).version,
    log: async (directory: string, level: string, message: string) =>
      void (await call('POST', '/log', directory, { service: 'frontdesk-bridge', level, message })),
  };
}
export type Api = ReturnType<typeof createApi>;
