import { setTimeout as sleep } from 'node:timers/promises';
import { FrontdeskError } from '../../mcp-servers/kit/errors.ts';
import type { Probe } from '../../mcp-servers/kit/probe.ts';
import type { Agent, PromptPart, PromptState } from './agent.ts';
import type { Client, PartInput } from './client.ts';
import type { EventHub } from './event-hub.ts';
import { createPromptIds, partIdOf } from './ids.ts';
import type { SessionMessage } from './messages.ts';
import { decidePromptState, selectTurn } from './turn-state.ts';

export interface SessionAgentOptions {
  /** The running OpenCode; waits through a restart. */
  readonly connect: () => Promise<{ readonly client: Client; readonly contextLimit: number }>;
  readonly hub: EventHub;
  readonly model: string;
  readonly acceptTimeoutMs: number;
  readonly probe: Probe;
}

/** A turn rarely has more messages than this; longer ones are read whole. */
const firstRead = 20;

/** How often an accepted prompt is looked up when its events do not come. */
const lookMs = 250;

function toInput(promptId: string, parts: readonly PromptPart[]): PartInput[] {
  return parts.map((part, index) => ({ ...part, id: partIdOf(promptId, index) }));
}

async function readTurn(client: Client, sessionId: string, promptId: string): Promise<SessionMessage[]> {
  for (const limit of [firstRead, firstRead * 10]) {
    const messages = await client.messages(sessionId, limit);
    if (messages.length < limit || selectTurn(messages, promptId)) return messages;
  }
  return client.messages(sessionId);
}

/** {@link Agent} on the V1 API of a supervised OpenCode. */
export function createSessionAgent(options: SessionAgentOptions): Agent {
  const { connect, hub, model, probe } = options;
  /** Sessions whose current turn this process aborted: an abort between two steps leaves no trace in OpenCode. */
  const aborted = new Set<string>();
  /** By session, the prompt that is not known to be taken, and the OpenCode it was last given to. */
  const given = new Map<string, { readonly promptId: string; readonly to: Client }>();

  /**
   * An OpenCode that ended over a prompt may have stored it, and have begun its answer. Given again, the model would be
   * asked to go on from half an answer; so it is left to {@link readState}: it was interrupted.
   */
  async function isStored(client: Client, sessionId: string, promptId: string): Promise<boolean> {
    const before = given.get(sessionId);
    if (before?.promptId !== promptId || before.to === client) return false;
    return (await readState(sessionId, promptId)).kind !== 'unknown';
  }

  async function readState(sessionId: string, promptId: string): Promise<PromptState> {
    const { client, contextLimit } = await connect();
    // Status before messages: a session found idle has all its messages written.
    const busy = await client.isBusy(sessionId);
    const messages = await readTurn(client, sessionId, promptId);
    const facts = { abortRequested: aborted.has(sessionId), lastError: hub.lastError(sessionId) };
    return decidePromptState({ promptId, messages, busy, ...facts, model, contextLimit });
  }

  /**
   * `prompt_async` answers before it has stored anything. Until the loop is busy with the prompt, its state
   * would read as unknown or interrupted, so acceptance is awaited: by events, or by looking.
   */
  async function send(
    client: Client,
    sessionId: string,
    promptId: string,
    parts: PartInput[],
  ): Promise<void> {
    const started = Promise.withResolvers<void>();
    let stored = false;
    using _tap = hub.tap(sessionId, (event) => {
      if (event === 'gap') return;
      const info = event.properties['info'] as { id?: unknown } | undefined;
      if (event.type === 'message.updated' && info?.id === promptId) stored = true;
      else if (event.type === 'session.error') started.resolve();
      else if (stored && event.type === 'session.status') started.resolve();
    });
    await client.prompt(sessionId, promptId, model, parts);
    let told: Promise<unknown> = started.promise;
    for (const end = performance.now() + options.acceptTimeoutMs; ;) {
      const looking = new AbortController();
      const look = sleep(lookMs, 'look', { signal: looking.signal }).catch(() => 'started');
      const first = await Promise.race([told.then(() => 'started'), look]);
      looking.abort();
      if (first === 'started' && stored) return;
      // An error without a reason to refuse (an abort): from here on by looking, at its pace.
      if (first === 'started') told = new Promise(() => {});
      const { kind } = await readState(sessionId, promptId);
      if (kind !== 'unknown' && kind !== 'interrupted') return;
      const error = hub.lastError(sessionId);
      if (error !== undefined) throw new FrontdeskError('opencode_failed', error);
      if ((await connect()).client !== client) {
        throw new FrontdeskError('opencode_failed', 'It ended while it took the prompt.');
      }
      if (performance.now() > end) throw new FrontdeskError('opencode_failed', 'It did not take the prompt.');
    }
  }

  return {
    newPromptId: createPromptIds(),
    watch: (sessionId, listener) => hub.watch(sessionId, listener),
    async createSession(title) {
      const { client } = await connect();
      const sessionId = await client.createSession(title);
      probe('session.created', sessionId);
      return sessionId;
    },
    async hasSession(sessionId) {
      return (await connect()).client.hasSession(sessionId);
    },
    async prompt(sessionId, promptId, parts) {
      const { client } = await connect();
      if (!(await isStored(client, sessionId, promptId))) {
        aborted.delete(sessionId);
        hub.forgetError(sessionId);
        given.set(sessionId, { promptId, to: client });
        probe('prompt.sending', sessionId);
        await send(client, sessionId, promptId, toInput(promptId, parts));
        probe('prompt.sent', sessionId);
      }
      given.delete(sessionId);
    },
    async stateOf(sessionId, promptId) {
      const state = await readState(sessionId, promptId);
      // A turn may start or end between the two reads; what looks broken is read once more.
      return state.kind === 'interrupted' ? readState(sessionId, promptId) : state;
    },
    async abort(sessionId) {
      const { client } = await connect();
      aborted.add(sessionId);
      await client.abort(sessionId);
      await rejectPending(client, sessionId);
    },
  };
}

/** An abort leaves permissions and questions waiting, and a late answer would still run them (notes §5). */
async function rejectPending(client: Client, sessionId: string): Promise<void> {
  for (let round = 0; round < 5; round++) {
    const { permissions, questions } = await client.pending(sessionId);
    if (permissions.length === 0 && questions.length === 0) return;
    await Promise.all([
      ...permissions.map((id) => client.rejectPermission(id)),
      ...questions.map((id) => client.rejectQuestion(id)),
    ]);
  }
  throw new FrontdeskError('opencode_failed', 'Requests of the stopped turn could not be rejected.');
}
