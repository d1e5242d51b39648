import { FrontdeskError } from '../../mcp-servers/kit/errors.ts';
import type { WorkspaceInfo, WorkSession } from '../../mcp-servers/kit/work.ts';
import type { Book } from './book.ts';
import type { Claims } from './claim.ts';
import type { Events } from './events.ts';
import { sessionOf } from './find.ts';
import { isHolding } from './limit.ts';
import type { Answer, By, WorkPorts } from './ports.ts';
import type { News } from '../../watcher/news.ts';
import { sameThread } from './plug.ts';
import { type Desk, deskOf, withDesk } from './record.ts';
import { resumePrompt, taskPrompt } from './texts.ts';

/** What is done to a session that exists (SE-4, SE-6). Every call enters the workspace's lane. */
export interface Sessions {
  send(by: By, info: WorkspaceInfo, text: string, messageId?: string): Promise<Answer>;
  pause(by: By, info: WorkspaceInfo): Promise<Answer>;
  resume(by: By, info: WorkspaceInfo): Promise<Answer>;
  stop(by: By, info: WorkspaceInfo): Promise<Answer>;
  switchModel(by: By, info: WorkspaceInfo, model: string): Promise<Answer>;
  fork(by: By, info: WorkspaceInfo, title: string | undefined): Promise<Answer>;
}

export function createSessions(
  ports: WorkPorts,
  book: Book,
  { settle, wake }: Pick<Events, 'settle'> & Pick<Claims, 'wake'>,
): Sessions {
  const { workspaces, hosts, chat, models, health, now } = ports;

  const inLane = async <T>(
    { name }: WorkspaceInfo,
    task: (info: WorkspaceInfo, session: WorkSession) => Promise<T>,
  ) =>
    await book.lanes(name, async () => {
      const info = workspaces.get(name);
      return await task(info, sessionOf(info));
    });

  /** Told in its own thread when it is done in another place; where it is done, the answer says it. */
  const elsewhere = async (
    by: By,
    { state }: WorkspaceInfo,
    kind: News['kind'],
  ): Promise<Omit<News, 'n'>[]> =>
    sameThread(state.thread, by.ref) ? [] : [{ kind, note: await chat.nameOf(by.person) }];

  /** A session that gave its place back needs one again (SE-5). @throws FrontdeskError session_limit */
  const takePlace = ({ name }: WorkspaceInfo, session: WorkSession): Disposable => {
    const place = isHolding(session.status) ? { [Symbol.dispose]: () => {} } : wake(name);
    if (typeof place !== 'string') return place;
    throw new FrontdeskError('session_limit', place.replace('Maximum concurrent sessions reached ', ''));
  };

  const deliver = async (
    info: WorkspaceInfo,
    session: WorkSession,
    text: string,
    messageId = ports.newMessageId(),
  ): Promise<{ queued: boolean }> => {
    const { id: sessionId, host, agent, model } = session;
    return await hosts.send({ host, sessionId, directory: info.folder, messageId, text, agent, model });
  };

  /** Written first: the interruption's own events are then nothing to tell. What the host did not take stays owed. */
  const interrupt = async (
    by: By,
    info: WorkspaceInfo,
    session: WorkSession,
    status: 'paused' | 'stopped',
  ): Promise<string> => {
    const { id: sessionId, host } = session;
    const news = await elsewhere(by, info, status);
    await book.setStatus(info.name, status, (state) => withDesk(state, { abortOwed: true }), news);
    try {
      await hosts.abort({ host, sessionId, directory: info.folder });
    } catch (error) {
      if (!(error instanceof FrontdeskError) || error.code !== 'host_unavailable') throw error;
      return ` Its host ${host} is away; it is interrupted there as soon as it is back.`;
    }
    settle(sessionId);
    await workspaces.updateState(info.name, (state) => withDesk(state, { abortOwed: false }));
    if (status === 'stopped') await hosts.release({ host, directory: info.folder });
    return '';
  };

  const done = async (by: By, info: WorkspaceInfo, verb: string, text: string): Promise<Answer> => {
    ports.audit({ person: by.person, action: `work.${verb}`, target: info.name, outcome: 'done' });
    book.remember(info.name, `${text} (${await chat.nameOf(by.person)})`);
    return { text, shown: false };
  };

  return {
    send: (by, info, text, messageId) =>
      inLane(info, async (latest, session) => {
        using _place = takePlace(latest, session);
        const { queued } = await deliver(latest, session, text, messageId);
        await book.setStatus(info.name, 'running', (state) => withDesk(state, { abortOwed: false }));
        const woken =
          session.status === 'running' || session.status === 'idle'
            ? ''
            : ` It was ${session.status} and goes on with it.`;
        const passed = queued
          ? `Passed on to the ${session.agent} in \`${info.name}\`; it is busy and takes it up after what it does now.`
          : `Passed on to the ${session.agent} in \`${info.name}\`.`;
        return await done(by, latest, 'send', `${passed}${woken}`);
      }),

    pause: (by, info) =>
      inLane(info, async (latest, session) => {
        if (session.status === 'paused') return { text: `\`${info.name}\` is paused already.`, shown: false };
        if (session.status === 'starting')
          return { text: `\`${info.name}\` is being started; stop ends that.`, shown: false };
        if (!isHolding(session.status))
          return { text: `\`${info.name}\` is ${session.status}; there is nothing to pause.`, shown: false };
        const later = await interrupt(by, latest, session, 'paused');
        return await done(
          by,
          latest,
          'pause',
          `⏸️ \`${info.name}\` is paused.${later} Resume lets it go on.`,
        );
      }),

    resume: (by, info) =>
      inLane(info, async (latest, session) => {
        if (session.status === 'running' || session.status === 'starting')
          return { text: `\`${info.name}\` is ${session.status} already.`, shown: false };
        using _place = takePlace(latest, session);
        const at = { host: session.host, sessionId: session.id, directory: latest.folder };
        // Stopped before it got its task: there is nothing to go on from.
        const isNew = (await hosts.messages({ ...at, limit: 1 })).length === 0;
        // A mention is told again after a crash, and is the same resume then.
        const messageId = `resume/${by.requestId}`;
        await deliver(latest, session, isNew ? taskPrompt(latest) : resumePrompt, messageId);
        const news = await elsewhere(by, latest, 'resumed');
        await book.setStatus(info.name, 'running', (state) => withDesk(state, { abortOwed: false }), news);
        return await done(by, latest, 'resume', `▶️ \`${info.name}\` goes on, with its full history.`);
      }),

    stop: (by, info) =>
      inLane(info, async (latest, session) => {
        if (session.status === 'stopped')
          return { text: `\`${info.name}\` is stopped already.`, shown: false };
        const later = await interrupt(by, latest, session, 'stopped');
        return await done(
          by,
          latest,
          'stop',
          `⏹️ \`${info.name}\` is stopped; its place is free.${later} Resume takes it up again.`,
        );
      }),

    switchModel: (by, info, words) =>
      inLane(info, async (latest, session) => {
        const wanted = words.trim().toLowerCase();
        const found = models.filter(({ id }) => id.toLowerCase() === wanted);
        const [model, ...others] =
          found.length > 0 ? found : models.filter(({ id }) => id.toLowerCase().includes(wanted));
        const all = models.map(({ id }) => `\`${id}\``).join(', ');
        if (model === undefined || others.length > 0)
          throw new FrontdeskError('workspace_invalid', `“${words}” is no single model; there are ${all}.`);
        const problem = await health.check(model);
        if (problem !== '')
          return {
            text: `\`${model.id}\` is not available now: ${problem}. \`${info.name}\` stays with ${session.model}.`,
            shown: false,
          };
        await workspaces.updateState(info.name, (state) =>
          state.session === null ? state : { ...state, session: { ...state.session, model: model.id } },
        );
        await book.showCard(info.name);
        return await done(
          by,
          latest,
          'switch_model',
          `\`${info.name}\` goes on with ${model.id} from its next message on.`,
        );
      }),

    fork: (by, info, title) =>
      inLane(info, async (latest, session) => {
        const { fork: last } = deskOf(latest.state);
        // Asked again by an agent that did not hear of it.
        const before = last?.request === by.requestId ? last : null;
        if (before !== null && before.copy !== '')
          return { text: forkedText(info.name, before), shown: false };
        using _place = takePlace(latest, session);
        const at = { host: session.host, sessionId: session.id, directory: latest.folder };
        const name = `${title ?? `${latest.state.title} (fork)`} · ${info.name}`;
        const named = (await hosts.sessions(at)).filter((each) => each.title === name);
        const ids = named.map(({ sessionId }) => sessionId);
        // Written first: the copy of a life that died over it is found again, by its title.
        const wish = before ?? { request: by.requestId, of: session.id, others: ids, copy: '' };
        await workspaces.updateState(info.name, (state) => withDesk(state, { fork: wish }));
        // Two at work in one folder would tread on each other's files.
        if (session.status === 'running') await hosts.abort(at);
        const id =
          ids.find((each) => !wish.others.includes(each)) ?? (await hosts.fork({ ...at, title: name }));
        settle(session.id);
        const made = { ...wish, copy: id };
        await book.setStatus(
          info.name,
          'idle',
          (state) =>
            state.session === null
              ? state
              : withDesk(
                  { ...state, session: { ...state.session, id, startedAt: new Date(now()).toISOString() } },
                  { fork: made },
                ),
          await elsewhere(by, latest, 'forked'),
        );
        return await done(by, latest, 'fork', forkedText(info.name, made));
      }),
  };
}

function forkedText(name: string, { of, copy }: NonNullable<Desk['fork']>): string {
  return `\`${name}\` goes on with a copy, session \`${copy}\`; the original \`${of}\` stays in OpenCode’s list. Say how it should go on.`;
}
