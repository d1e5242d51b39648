/**
 * What the bridge plugin and the service say to each other over `/ws/bridge` (BR-2): JSON text frames, one file for
 * both sides. zod/mini, because the plugin carries its own copy.
 */
import * as z from 'zod/mini';

/** Raised when an older side would misunderstand; another version is refused with words that help. */
export const protocolVersion = 2;

/** Close codes of ours. 4000–4999 is the range for applications. */
export const closeCodes = { refused: 4400, replaced: 4409, silent: 4408, leaving: 1001 } as const;

/**
 * Characters. What goes over the bridge is for people on phones; whole outputs stay in OpenCode. `request`: of a question or
 * permission as events and snapshots tell it; `whole`: as `ask.read` does, because a person must see all they allow (AS-1).
 */
export const limits = {
  title: 300,
  text: 8_000,
  message: 20_000,
  error: 1_000,
  request: 64_000,
  whole: 2_000_000,
} as const;

/** Between two pings, and after how long without any frame a line counts as dead. */
export const pingMs = 15_000;
export const silenceMs = 40_000;

const id = z.string().check(z.minLength(1), z.maxLength(200));
const directory = z.string().check(z.startsWith('/'), z.maxLength(4_096));
const text = z.string().check(z.maxLength(1_000_000));
const seq = z.int().check(z.nonnegative());

const ofDirectory = { request_id: id, directory };
const ofSession = { ...ofDirectory, session_id: id };
/** What OpenCode's `question` tool shows; free text may always be given instead. */
const questionForm = z.array(
  z.object({
    question: z.string(),
    header: z.string(),
    options: z.array(z.object({ label: z.string(), description: z.string() })),
    multiple: z.boolean(),
  }),
);
export type QuestionForm = z.infer<typeof questionForm>;

const command = <T extends string, S extends z.core.$ZodShape>(type: T, shape: S) =>
  z.object({ type: z.literal(type), ...shape });

export const commandSchema = z.discriminatedUnion('type', [
  command('session.create', { ...ofDirectory, title: text }),
  /** `model` as `provider/model`. One `message_id` is delivered once, however often it is sent. */
  command('session.message', { ...ofSession, message_id: id, text, agent: id, model: id }),
  command('session.list', ofDirectory),
  /** How the whole host stands now. */
  command('host.snapshot', { request_id: id }),
  /** Rejects what the session and its subagents wait for, too. */
  command('session.abort', ofSession),
  command('session.messages', { ...ofSession, limit: z.int().check(z.positive(), z.maximum(200)) }),
  command('session.fork', { ...ofSession, title: text }),
  /**
   * Of a `write.held`. `go`: it runs, and nothing of the session is held again. `refuse`: the model gets `message` instead.
   * The session's next question is shown as `form`, where there is one.
   */
  command('write.release', {
    ...ofSession,
    hold_id: id,
    decision: z.enum(['go', 'refuse']),
    message: z.optional(text),
    form: z.optional(questionForm),
  }),
  /** Ends its turn and what it waits for; from then on the session works in the folder `to`, which has none yet. */
  command('session.move', { ...ofSession, to: directory, title: text }),
  /** Ends the directory's instance when nothing works or waits in it. */
  command('instance.release', ofDirectory),
  /** `answers`: the labels chosen, question by question; null rejects. */
  command('question.reply', { ...ofDirectory, question_id: id, answers: z.nullable(z.array(z.array(text))) }),
  command('permission.reply', {
    ...ofDirectory,
    permission_id: id,
    reply: z.enum(['once', 'reject']),
    message: z.optional(text),
  }),
  /** A waiting question or permission that was told as cut. */
  command('ask.read', { ...ofDirectory, ask_id: id }),
]);
export type Command = z.infer<typeof commandSchema>;
export type CommandType = Command['type'];

const listedSession = z.object({ session_id: id, title: z.string(), busy: z.boolean() });
const listedMessage = z.object({
  id,
  role: z.enum(['user', 'assistant']),
  text,
  at: z.number(),
  finished: z.optional(z.boolean()),
  /** What ended it; an abort is none. */
  error: z.optional(z.string()),
  /** Told in it, also by an earlier run of OpenCode; `id`: of the tool call. */
  milestones: z.optional(z.array(z.object({ id, text }))),
});

const event = <T extends string, S extends z.core.$ZodShape>(kind: T, shape: S) =>
  z.object({ kind: z.literal(kind), session_id: id, directory, ...shape });

/** Subagents speak as the session that started them: their tools and asks carry its id. */
export const bridgeEventSchema = z.discriminatedUnion('kind', [
  event('message.started', { message_id: id }),
  /** Text as it grows, in pieces of at most a few a second. */
  event('message.part.streamed', { message_id: id, delta: text }),
  event('message.completed', { message_id: id, text }),
  event('tool.executed', {
    tool: z.string(),
    title: z.string(),
    status: z.enum(['running', 'completed', 'error']),
    error: z.optional(z.string()),
  }),
  /** `call_id`: of the tool call, the same in `host.snapshot`. */
  event('agent.milestone', { text, call_id: z.optional(id) }),
  event('session.active', {}),
  event('session.idle', {}),
  event('session.error', { error: z.string() }),
  event('todo.updated', { done: z.number(), total: z.number() }),
  /** `cut`: too large; `ask.read` gives the whole. */
  event('question.asked', { question_id: id, request: z.unknown(), cut: z.optional(z.boolean()) }),
  event('permission.asked', { permission_id: id, request: z.unknown(), cut: z.optional(z.boolean()) }),
  /** A person typed a prompt in OpenCode's own UI. `text`: its words, where the session works in a workspace; else they stay there. */
  event('session.typed', { title: z.string(), at: z.number(), text: z.optional(z.string()) }),
  /** Such a session wants to write, and waits for `write.release`. `typed_at`: the last prompt, 0: not known. */
  event('write.held', {
    hold_id: id,
    tool: z.string(),
    what: z.string(),
    title: z.string(),
    said: z.string(),
    model: z.string(),
    typed_at: z.number(),
  }),
  /** Its turn was stopped meanwhile. */
  event('write.dropped', { hold_id: id }),
  /** Answered or rejected, by whomever: the labels chosen by question, or `once`, `always`, `reject`. */
  event('ask.ended', { ask_id: id, answer: z.nullable(z.union([z.string(), z.array(z.array(z.string()))])) }),
]);
export type BridgeEvent = z.infer<typeof bridgeEventSchema>;

/** Sessions at work; all others are idle. */
const busySessions = z.array(z.object({ session_id: id, directory }));
const milestones = z.array(z.object({ id, session_id: id, text, at: z.number() }));
const todoCounts = z.array(z.object({ session_id: id, done: z.number(), total: z.number() }));

const replySchemas = [
  command('session.created', { request_id: id, session_id: id }),
  command('session.message.sent', { request_id: id, queued: z.boolean() }),
  command('session.list', { request_id: id, sessions: z.array(listedSession) }),
  /** `waiting`: as events. `milestones`: the latest of this run of OpenCode, oldest first. */
  command('host.snapshot', {
    request_id: id,
    busy: busySessions,
    waiting: z.array(bridgeEventSchema),
    milestones,
    todos: todoCounts,
  }),
  command('session.aborted', { request_id: id }),
  command('session.messages', { request_id: id, messages: z.array(listedMessage) }),
  command('session.forked', { request_id: id, session_id: id }),
  command('write.released', { request_id: id, waited: z.boolean() }),
  command('session.moved', { request_id: id }),
  command('instance.released', { request_id: id, released: z.boolean() }),
  command('question.replied', { request_id: id }),
  command('permission.replied', { request_id: id }),
  command('ask.read', { request_id: id, request: z.unknown(), cut: z.optional(z.boolean()) }),
  command('session.error', { request_id: id, error: z.string() }),
] as const;
export type Reply = z.infer<(typeof replySchemas)[number]>;

/** Which reply a command gets when it succeeds. */
interface ReplyTypes {
  'session.create': 'session.created';
  'session.message': 'session.message.sent';
  'session.list': 'session.list';
  'host.snapshot': 'host.snapshot';
  'session.abort': 'session.aborted';
  'session.messages': 'session.messages';
  'session.fork': 'session.forked';
  'write.release': 'write.released';
  'session.move': 'session.moved';
  'instance.release': 'instance.released';
  'question.reply': 'question.replied';
  'permission.reply': 'permission.replied';
  'ask.read': 'ask.read';
}
export type ReplyTo<T extends CommandType> = Extract<Reply, { type: ReplyTypes[T] }>;

/** The first frame of a host. Of another version only `type` and `protocol` need be understood. */
export const helloSchema = z.object({
  type: z.literal('hello'),
  protocol: z.int(),
  host: z.string().check(z.regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/)),
  opencode: z.string(),
  /** Of this run of OpenCode: another one has other sequence numbers, and nothing of the old one works any more. */
  instance: id,
  /** Absolute folders whose sessions it takes. */
  roots: z.array(directory),
  /** Number of its latest event; 0 before the first. */
  seq,
});
export type Hello = z.infer<typeof helloSchema>;
export const anyHelloSchema = z.object({ type: z.literal('hello'), protocol: z.number() });

const eventFrame = z.object({ type: z.literal('event'), seq, at: z.number(), event: bridgeEventSchema });
export type EventFrame = z.infer<typeof eventFrame>;

/** How things stand at event `seq`: told where events cannot be replayed. */
const resyncFrame = z.object({
  type: z.literal('resync'),
  seq,
  busy: busySessions,
  /** Questions, permissions and writes that wait. */
  waiting: z.array(bridgeEventSchema),
});
export type ResyncFrame = z.infer<typeof resyncFrame>;

/** A frame that was not understood; said, and the line stays. */
const errorFrame = z.object({ type: z.literal('error'), request_id: z.optional(id), error: z.string() });

export const fromHostSchema = z.discriminatedUnion('type', [
  eventFrame,
  resyncFrame,
  errorFrame,
  /** `latency_ms` of the last round trip. */
  z.object({ type: z.literal('ping'), at: z.number(), latency_ms: z.optional(z.number()) }),
  ...replySchemas,
]);
export type FromHost = z.infer<typeof fromHostSchema>;

export const fromServiceSchema = z.discriminatedUnion('type', [
  /** `resume_from`: the last event received of this instance; null when none is known. */
  z.object({ type: z.literal('welcome'), protocol: z.int(), resume_from: z.nullable(seq) }),
  z.object({ type: z.literal('refused'), reason: z.string() }),
  z.object({ type: z.literal('pong'), at: z.number() }),
  /** An event was missed: all after `after` again, or a resync. */
  z.object({ type: z.literal('resync.request'), after: seq }),
  errorFrame,
  ...commandSchema.def.options,
]);
export type FromService = z.infer<typeof fromServiceSchema>;

export type Parsed<T> =
  | { readonly ok: true; readonly frame: T }
  | { readonly ok: false; readonly error: string; readonly requestId?: string };

/** Reads one frame; what is wrong with it is said with the request it belongs to, where that can be told. */
export function parseFrame<T>(schema: z.ZodMiniType<T>, data: string): Parsed<T> {
  let value: unknown;
  try {
    value = JSON.parse(data);
  } catch {
    return { ok: false, error: 'not JSON' };
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return { ok: true, frame: parsed.data };
  const request = z.object({ request_id: id }).safeParse(value);
  const error = z.prettifyError(parsed.error).slice(0, limits.error);
  return { ok: false, error, ...(request.success ? { requestId: request.data.request_id } : {}) };
}

/** Shortens to `max` characters, with `…` where something is missing. */
export function cut(value: string, max: number): string {
  return value.length <= max ? value : `${value.slice(0, max - 1)}…`;
}
