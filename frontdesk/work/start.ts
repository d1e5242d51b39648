import { describeError, FrontdeskError } from '../../mcp-servers/kit/errors.ts';
import { showProject, type WorkspaceInfo } from '../../mcp-servers/kit/work.ts';
import { line } from '../../watcher/words.ts';
import type { Book } from './book.ts';
import { proposalCard } from './cards.ts';
import { isHolding } from './limit.ts';
import { movedTo, type Plug, sameThread } from './plug.ts';
import type { WorkPorts } from './ports.ts';
import { deskOf, type Proposal, withDesk } from './record.ts';
import { adoptedPrompt } from './adopted-prompt.ts';
import { rootIdOf } from './places.ts';
import { firstMessage, taskPrompt } from './texts.ts';

/** The claimed start of one proposal, step by step; each can be done again after a crash. */
export interface Start extends Disposable {
  /**
   * Runs it to its end: started, or failed with all taken back.
   * @returns false when it stays under way: the host is away after the session was made, or we are going down
   */
  run(proposal: Proposal, o: { readonly signal: AbortSignal; readonly resumed: boolean }): Promise<boolean>;
}

/** A host dials again after at most 30 s (BR-1); one that died is started anew first. */
const hostsComeWithinMs = 60_000;

type Placed = Proposal & { readonly ref: NonNullable<Proposal['ref']> };

export function createStart(ports: WorkPorts, book: Book, plug: Plug): Start {
  const { workspaces, hosts, chat, proposals, models, log, now, steady } = ports;

  /** When a host was last seen to go; at first they all have yet to dial in. */
  let lostAt = steady();
  const subscription = hosts.onHost((_, connected) => {
    if (!connected) lostAt = steady();
  });

  const store = async (id: string, patch: Partial<Proposal>): Promise<Placed> => {
    const stored = await proposals.update(
      id,
      (current) => current && { ...current, ...patch, changedAt: now() },
    );
    if (!stored?.ref) throw new TypeError(`proposal ${id} has no thread`);
    return { ...stored, ref: stored.ref };
  };

  const makeWorkspace = async (proposal: Placed, signal: AbortSignal): Promise<WorkspaceInfo> => {
    const { id, ref, request, workspace: name, by } = proposal;
    const progress = (text: string) => {
      const { title, facts = [] } = proposalCard(proposal, models, '');
      chat.refresh(ref, id, { kind: 'card', card: { title, facts: [text, ...facts] } });
    };
    const { info } = await workspaces.create({ ...request, name, createdBy: by }, progress, signal);
    const { session } = info.state;
    if (
      isHolding(session?.status) &&
      session?.id !== proposal.session?.id &&
      session?.id !== proposal.before?.session?.id
    )
      throw new FrontdeskError(
        'workspace_invalid',
        `\`${name}\` has session ${session?.id} (${session?.status}) already.`,
      );
    return info;
  };

  /** A session this start made before a crash, told by its title among those no other start made. */
  const adoptSession = async ({ id, before }: Placed, info: WorkspaceInfo, title: string) => {
    const others = new Set(before?.session ? [before.session.id] : []);
    for await (const [otherId, other] of proposals.entries())
      if (otherId !== id && other.session !== null) others.add(other.session.id);
    for (const { host } of hosts.list()) {
      // A host that does not have the folder, or is just going, has no session there.
      const known = await hosts.sessions({ host, directory: info.folder }).catch(() => []);
      const found = known.find((each) => each.title === title && !others.has(each.sessionId));
      if (found) return { id: found.sessionId, host };
    }
    return null;
  };

  const makeSession = async (proposal: Placed, info: WorkspaceInfo, resumed: boolean): Promise<Placed> => {
    if (proposal.session !== null) return proposal;
    const title = `${proposal.request.title} · ${info.name}`;
    if (proposal.adopt !== undefined) {
      const { id, host, directory } = proposal.adopt;
      await hosts.move({ host, sessionId: id, directory, to: info.folder, title });
      return await store(proposal.id, { session: { id, host } });
    }
    let session = resumed ? await adoptSession(proposal, info, title) : null;
    if (session === null) {
      const made = await hosts.createSession({ directory: info.folder, title });
      session = { id: made.sessionId, host: made.host };
    }
    return await store(proposal.id, { session });
  };

  const writeState = async (proposal: Placed, info: WorkspaceInfo): Promise<WorkspaceInfo> => {
    const { id, ref, request, routing, model, session, by } = proposal;
    if (session === null) throw new TypeError(`proposal ${id} has no session`);
    const { card } = deskOf(info.state);
    // Of the session before; ours may have gone along to another thread meanwhile.
    if (card !== null && card.id !== id && info.state.session?.id !== session.id)
      await chat.withdraw(card.ref, card.id);
    await workspaces.updateState(info.name, (state) => {
      if (state.session?.id === session.id) return state;
      const moved =
        state.thread === null || sameThread(state.thread, ref)
          ? { ...state, thread: ref }
          : movedTo(state, ref, by);
      return withDesk(
        {
          ...moved,
          title: request.title,
          description: request.description,
          priority: request.priority,
          routing,
          session: {
            ...session,
            agent: routing.agent,
            model: model.id,
            status: 'starting',
            startedAt: new Date(now()).toISOString(),
          },
        },
        { changes: deskOf(state).changes + 1, before: null, abortOwed: false, card: { ref, id } },
      );
    });
    await plug.tellMove(info.name);
    return workspaces.get(info.name);
  };

  const deliver = async (proposal: Placed, info: WorkspaceInfo): Promise<void> => {
    const { session, routing, model, adopt } = proposal;
    if (session === null) return;
    const messageId = proposal.messageId ?? ports.newMessageId();
    if (proposal.messageId === null) await store(proposal.id, { messageId });
    await hosts.send({
      host: session.host,
      sessionId: session.id,
      directory: info.folder,
      messageId,
      text: adopt === undefined ? taskPrompt(info) : adoptedPrompt(info, adopt.directory),
      agent: routing.agent,
      model: model.id,
    });
  };

  /** What was made is taken back; nothing was worked on yet. */
  const undo = async ({ id, workspace, before, session, adopt, request }: Placed): Promise<void> => {
    const info = workspaces.find(workspace);
    if (session !== null && info !== undefined && adopt !== undefined)
      await hosts
        .move({
          host: adopt.host,
          sessionId: adopt.id,
          directory: info.folder,
          to: adopt.directory,
          title: request.title,
        })
        .catch((error: unknown) => log.warn({ err: describeError(error), proposal: id }, 'work.undo.move'));
    if (session !== null && info !== undefined)
      await hosts
        .abort({ host: session.host, sessionId: session.id, directory: info.folder })
        .catch((error: unknown) => log.warn({ err: describeError(error), proposal: id }, 'work.undo.abort'));
    if (info === undefined) return;
    if (before === null) return void (await workspaces.cleanup(workspace));
    await workspaces.updateState(workspace, (state) =>
      state.session?.id === session?.id || state.session === null
        ? withDesk({ ...state, session: before.session, thread: before.thread }, { card: null })
        : state,
    );
  };

  /** A thread opened for a form begins with “Starting session…”, which is over now. */
  const endRoot = async ({ id, ref, request }: Placed): Promise<void> => {
    const top = { ...ref, thread: '' };
    const rootId = rootIdOf(id, ref);
    if (!(await chat.said(top, rootId)).includes(rootId)) return;
    const markdown = `🗂️ **${line(request.title)}** → ${showProject(request.project)}`;
    await chat.change(top, rootId, { kind: 'text', markdown });
  };

  const fail = async (proposal: Placed): Promise<void> => {
    await endRoot(proposal);
    await undo(proposal);
    const { id, ref } = proposal;
    const failed: Proposal = { ...proposal, status: 'failed' };
    await chat.change(ref, id, { kind: 'card', card: proposalCard(failed, models, '') });
    await chat.say(ref, `${id}/failed`, {
      kind: 'text',
      markdown: `❌ \`${proposal.workspace}\` could not be started: ${proposal.error}\n\nNothing half-made was left.`,
    });
    // Last: a life that is killed before it tells all once more, which says nothing twice.
    await store(id, { status: 'failed' });
  };

  return {
    async run(proposal, { signal, resumed }) {
      if (proposal.ref === null) throw new TypeError(`proposal ${proposal.id} has no thread`);
      let current: Placed = { ...proposal, ref: proposal.ref };
      const { id, ref, workspace } = current;
      return await book.lanes(workspace, async () => {
        try {
          const made = current.error === null ? await makeWorkspace(current, signal) : null;
          // An adoption may have been taken back meanwhile; once its session has moved it goes on.
          current = { ...current, error: (await proposals.get(id))?.error ?? current.error };
          if (made !== null && current.error === null) {
            current = await makeSession(current, made, resumed);
            const info = await writeState(current, made);
            if (ended(info)) {
              await store(id, { status: 'cancelled' });
              return true;
            }
            await chat.say(ref, `${id}/first`, {
              kind: 'text',
              markdown: firstMessage(info, ports.links, current.before !== null),
            });
            await endRoot(current);
            await deliver(current, info);
            const { status = 'starting' } = workspaces.get(workspace).state.session ?? {};
            // Shows it on the session's card, which may have gone along to another thread meanwhile.
            await book.setStatus(workspace, status === 'starting' ? 'running' : status);
            current = await store(id, { status: 'started', note: '' });
            book.remember(workspace, `Session ${current.session?.id} started`);
            return true;
          }
        } catch (error) {
          if (signal.aborted) return false;
          log.error({ err: describeError(error), proposal: id, workspace }, 'work.start.failed');
          // The session may have its task already, or is one that is only there: the host comes back by itself, and then
          // it goes on. So does one that went a moment ago, before there was a session.
          const { session, adopt } = current;
          const awaited = session !== null || adopt !== undefined || steady() - lostAt < hostsComeWithinMs;
          if (awaited && error instanceof FrontdeskError && error.code === 'host_unavailable') {
            const { title, facts = [] } = proposalCard(current, models, '');
            chat.refresh(ref, id, {
              kind: 'card',
              card: { title, facts: ['waiting for its host', ...facts] },
            });
            return false;
          }
          const reason =
            error instanceof FrontdeskError
              ? error.advice
              : 'Something went wrong inside Frontdesk; see its log.';
          current = await store(id, { error: reason });
        }
        await fail(current);
        return true;
      });
    },
    [Symbol.dispose]: () => subscription[Symbol.dispose](),
  };
}

/** Stopped by a person while its start waited for the host. */
function ended({ state }: WorkspaceInfo): boolean {
  return state.session?.status === 'stopped' || state.session?.status === 'paused';
}
