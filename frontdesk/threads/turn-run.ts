/** Drives one turn from its stored beginning to its stored end. May be begun again at any point after a crash. */
import { threadKey } from '../../mcp-servers/kit/chat.ts';
import { describeError } from '../../mcp-servers/kit/errors.ts';
import type { PromptState, Usage } from '../opencode/agent.ts';
import type { LoadedFile } from './incoming.ts';
import { type LiveTurn } from './live-turn.ts';
import { patiently } from './patiently.ts';
import type { ThreadPorts } from './ports.ts';
import { buildContinuation, buildPrompt, earlierOf } from './prompt.ts';
import type { ThreadRecord, Turn } from './record.ts';
import { toReadable } from './readable-files.ts';
import { isImageRefusal, withoutImages } from './refused-images.ts';
import { texts } from './texts.ts';
import { agentPosts, shownId } from './turn-posts.ts';

/** How often OpenCode is asked when no event comes: a missed event costs this much, never the turn. */
const pollEveryMs = 15_000;
const maxAttempts = 4;

export type Outcome =
  | Extract<PromptState, { kind: 'done' }>
  /** `usage` is null when OpenCode could not even be asked. */
  | { readonly kind: 'failed'; readonly error: string; readonly text: string; readonly usage: Usage | null }
  /** By a person, a limit, or the service's own shutdown: the record says which. */
  | { readonly kind: 'stopped' }
  /** Taken up again so often that it is given up. */
  | { readonly kind: 'given-up'; readonly error: string };

export interface TurnSession {
  readonly sessionId: string;
  readonly live: LiveTurn;
}

/**
 * The thread's session: linked in the record before anything is prompted (AG-1), made anew when OpenCode lost it.
 * @param known sessions that OpenCode need not be asked for again; added to
 */
export async function ensureSession(
  ports: ThreadPorts,
  record: ThreadRecord,
  live: LiveTurn,
  known: Set<string>,
): Promise<string> {
  const { agent, records, probe, log } = ports;
  const key = threadKey(record.ref);
  if (record.sessionId !== null) {
    const { sessionId } = record;
    if (known.has(sessionId) || (await patiently(live, () => agent.hasSession(sessionId)))) {
      known.add(sessionId);
      return sessionId;
    }
    log.warn({ thread: key, session: sessionId }, 'thread.session.lost');
  }
  const sessionId = await patiently(live, () => agent.createSession(`Thread ${key}`));
  await records.update(key, (current) => current && { ...current, sessionId });
  probe('session.linked', key);
  known.add(sessionId);
  return sessionId;
}

/**
 * Prompts when needed, and waits for the end.
 * @param resumed the turn was begun by an earlier process, or by an attempt before this one
 */
export async function runPrompt(
  ports: ThreadPorts,
  record: ThreadRecord,
  session: TurnSession,
  resumed: boolean,
): Promise<Outcome> {
  const { agent } = ports;
  const { sessionId, live } = session;
  let turn = live.turn;
  using _watch = agent.watch(sessionId, (event) => live.onEvent(event));
  let state: PromptState = resumed ? await readState(ports, session, turn) : { kind: 'unknown' };
  // While no service was there the agent's call failed, and it made do without: that is no end.
  if (state.kind === 'done' && state.callFailed) state = { kind: 'interrupted' };
  for (;;) {
    if (live.stopped) {
      // Waited for: the next turn's prompt must not be taken for part of this one.
      if (state.kind === 'running' || state.kind === 'unknown') await agent.abort(sessionId);
      return { kind: 'stopped' };
    }
    switch (state.kind) {
      case 'done':
      case 'failed':
        return state;
      case 'unknown':
        await sendPrompt(ports, record, session, turn);
        break;
      // Aborted, but not by us: OpenCode was shut down under it.
      case 'aborted':
      case 'interrupted':
        if (turn.attempt >= maxAttempts) return { kind: 'given-up', error: texts.gaveUp(turn.attempt) };
        turn = await nextAttempt(ports, record, turn);
        live.restart();
        await sendContinuation(ports, session, turn);
        break;
      case 'running':
        break;
    }
    await live.nextCheck(pollEveryMs);
    state = await readState(ports, session, turn);
  }
}

async function readState(
  ports: ThreadPorts,
  { sessionId, live }: TurnSession,
  turn: Turn,
): Promise<PromptState> {
  return await patiently(live, () => ports.agent.stateOf(sessionId, turn.promptId));
}

async function sendPrompt(
  ports: ThreadPorts,
  record: ThreadRecord,
  { sessionId, live }: TurnSession,
  turn: Turn,
): Promise<void> {
  const { agent, chat, loadFile, channelName, allowedUsers, log } = ports;
  const { ref } = record;
  const { message } = turn;
  const first = record.delivered.length === 0;
  // A thread that began without the bot: what was said before belongs to the question.
  const historyNeeded = first && !ref.dm && ref.thread !== message.messageId;
  const [name, place, files, history] = await Promise.all([
    chat.nameOf(message.author),
    ref.dm ? '' : channelName(ref.channel),
    Promise.all(message.files.map(async (file) => toReadable(await loadFile(file)))),
    historyNeeded
      ? chat
          .history(ref, '')
          .catch((error: unknown) => (log.warn({ err: describeError(error) }, 'thread.history.unread'), []))
      : [],
  ]);
  const earlier = [...earlierOf(history, message.messageId, allowedUsers), ...record.aside];
  const named = await Promise.all(
    earlier.map(async ({ author, text }) => ({ author: await chat.nameOf(author), text })),
  );
  // Of an attempt OpenCode never saw, or whose session it lost: the ones before it may have posted.
  const posted =
    turn.attempt > 1 || live.posts.replies.length > 0 ? await postedTexts(ports, live) : undefined;
  const plugged = ports.pluggedSummary?.(ref) ?? 'none';
  const context = {
    name,
    channelName: place,
    plugged,
    pendingAsks: ports.pendingAsks?.(ref) ?? 'none',
    earlier: named,
    posted,
  };
  const prompt = async (readable: readonly LoadedFile[]) => {
    const parts = buildPrompt(record, turn, { ...context, files: readable });
    for (const file of readable)
      if (!file.ok)
        await chat.say(ref, `${turn.id}/file-${file.name}`, {
          kind: 'text',
          markdown: texts.unreadableFile(file.name, file.reason),
        });
    await patiently(live, () => agent.prompt(sessionId, turn.promptId, parts), isImageRefusal);
  };
  try {
    await prompt(files);
  } catch (error) {
    if (!isImageRefusal(error)) throw error;
    await prompt(withoutImages(files));
  }
}

async function sendContinuation(
  ports: ThreadPorts,
  { sessionId, live }: TurnSession,
  turn: Turn,
): Promise<void> {
  const parts = buildContinuation(turn, await postedTexts(ports, live));
  await patiently(live, () => ports.agent.prompt(sessionId, turn.promptId, parts));
}

async function postedTexts(ports: ThreadPorts, live: LiveTurn): Promise<string[]> {
  const said = await agentPosts(ports, live);
  return live.posts.replies
    .filter(({ id }) => id === shownId || said.includes(id))
    .map(({ markdown }) => markdown);
}

/** The new prompt id is stored before it is used, so that this attempt, too, can be taken up again. */
async function nextAttempt(ports: ThreadPorts, record: ThreadRecord, turn: Turn): Promise<Turn> {
  const next: Turn = { ...turn, promptId: ports.agent.newPromptId(), attempt: turn.attempt + 1 };
  const key = threadKey(record.ref);
  ports.log.warn({ thread: key, turn: turn.id, attempt: next.attempt }, 'turn.interrupted.continuing');
  await ports.records.update(key, (current) => {
    if (current?.turn?.id !== turn.id) return current;
    const { promptId, attempt } = next;
    return { ...current, turn: { ...current.turn, promptId, attempt } };
  });
  return next;
}
