import type { Chat, ThreadRef } from '../../mcp-servers/kit/chat.ts';
import { describeError } from '../../mcp-servers/kit/errors.ts';
import { createLanes } from '../../mcp-servers/kit/lanes.ts';
import type { Log } from '../../mcp-servers/kit/log.ts';
import type { Collection } from '../../mcp-servers/kit/store/collection.ts';
import type { HostEvent, Hosts } from '../../mcp-servers/kit/work.ts';
import type { StartRequest } from '../../mcp-servers/sessions/request.ts';
import type { ProjectEntry, Workspaces } from '../../mcp-servers/workspaces/contract.ts';
import type { AuditEntry } from '../threads/ports.ts';
import type { Work } from '../work/contract.ts';
import { createAsking } from './asking.ts';
import type { ExploringRoom } from './contract.ts';
import { type Act, decide, type Input, newExploring } from './decide.ts';
import { createExploringClicks } from './clicks.ts';
import { isForm, parseAnswers, titleOf } from './form.ts';
import { adoptionId, type Exploring, inOpenCode, isOpen } from './record.ts';
import { failedText, lateText, stoppedText } from './texts.ts';

export interface ExploringPorts {
  readonly hosts: Hosts;
  readonly work: Pick<Work, 'adopt' | 'adoption' | 'cancelAdoption'>;
  readonly workspaces: Pick<Workspaces, 'projects' | 'list'>;
  readonly chat: Chat;
  readonly records: Collection<Exploring>;
  /** Folder of the workspaces: a host that has it not can move nothing there, and is left alone. */
  readonly builders: string;
  /** Who is asked in the chat about a host's sessions, and for whom a thread is opened; undefined: nothing is held there. */
  readonly ownerOf: (host: string) => string | undefined;
  /** Without a prompt for so long the person is away from OpenCode, and is asked in the chat, too. */
  readonly awayMs: number;
  readonly dmOf: (person: string) => Promise<ThreadRef | null>;
  readonly isAllowed: (person: string) => boolean;
  readonly audit: (entry: AuditEntry) => void;
  /** What hosts told before this was made. */
  readonly earlier: readonly (readonly [host: string, event: HostEvent])[];
  readonly log: Log;
  readonly now: () => number;
}

/** A form is looked for so often; gone twice in a row, what became of it was not heard. */
const lookEveryMs = 30_000;

export function createExploring(ports: ExploringPorts): ExploringRoom {
  const { hosts, work, workspaces, records, ownerOf, awayMs, log, now } = ports;
  const lanes = createLanes();
  /** Those that a tick has to look at, so that nothing is read from the disk every second. */
  const open = new Map<string, Exploring>();
  /** Of those with a form: when it was looked for, and whether it was there. */
  const looks = new Map<string, { readonly at: number; readonly there: boolean }>();
  const tasks = new Set<Promise<void>>();

  const projectsNow = async (): Promise<readonly ProjectEntry[]> => (await workspaces.projects()).projects;

  const store = async (record: Exploring): Promise<Exploring> => {
    await records.update(record.id, () => record);
    if (isOpen(record)) open.set(record.id, record);
    else open.delete(record.id);
    if (record.form === null) looks.delete(record.id);
    return record;
  };

  const { show, askInChat, askInUi, answerForm, findForm, release } = createAsking({
    ...ports,
    store,
    projectsNow,
  });

  const act = async (record: Exploring, what: Act): Promise<Exploring> => {
    switch (what) {
      case 'form':
        return await askInUi(record);
      case 'card':
        return await askInChat(record);
      case 'show':
        await show(record);
        return record;
      case 'go':
        await release(record, null);
        return record;
      case 'cancel':
        await settle(record);
        return record;
    }
  };

  /** In the session's lane. */
  const apply = async (record: Exploring, input: Input): Promise<void> => {
    const verdict = decide(record, input, now(), awayMs);
    let current = verdict.record === record ? record : await store(verdict.record);
    for (const each of verdict.acts) current = await act(current, each);
  };

  /** In the session's lane: the first answer wins. @returns why not, for who gave it */
  const configure = async (record: Exploring, by: string, request: StartRequest): Promise<string | null> => {
    if (record.status !== 'asking') return lateText(record);
    const starting = await store({ ...record, status: 'starting', request, by, note: '', changedAt: now() });
    const refused = await adopt(starting, request);
    ports.audit({
      person: by,
      action: 'exploring.configure',
      target: record.id,
      outcome: refused ?? 'starting',
    });
    if (refused !== null) {
      await failed(starting, refused);
      return refused;
    }
    await show(await answerForm(starting, request));
    return null;
  };

  const adopt = async (record: Exploring, request: StartRequest): Promise<string | null> => {
    const person = record.by === inOpenCode ? (ownerOf(record.host) ?? '') : record.by;
    const askedIn = record.card?.ref ?? (await ports.dmOf(person));
    const ref = askedIn ?? { team: '', channel: '', thread: '', dm: true };
    const { id, host, directory, model } = record;
    return await work.adopt({ person, ref, requestId: adoptionId(record) }, request, {
      id,
      host,
      directory,
      model,
    });
  };

  /** The chat asks on, where it was asked; in OpenCode it is said, and the next write asks anew. */
  const failed = async (record: Exploring, reason: string): Promise<void> => {
    const asksOn = record.card !== null;
    const inUi = record.by === inOpenCode || record.form === null;
    // Another number: the start that failed must not be taken for the next one.
    const ended: Exploring = {
      ...record,
      status: asksOn ? 'asking' : 'exploring',
      asked: record.asked + (asksOn ? 1 : 0),
      // Refused at once in the chat, the form is still there.
      form: inUi ? null : record.form,
      request: null,
      by: '',
      note: reason,
      changedAt: now(),
    };
    // The answered form, or a write that came meanwhile, waits for what becomes of it.
    if (inUi || record.hold?.waits === true) await release(ended, { message: failedText(reason) });
    await show(ended);
    // Last: a life that is killed before it tells all once more, which says nothing twice.
    await store(ended);
  };

  /** By the person, between the answer and the move: nothing is asked any more, and the next write asks anew. */
  const stopped = async (record: Exploring): Promise<void> => {
    const ended: Exploring = { ...record, status: 'exploring', form: null, request: null, changedAt: now() };
    await show(ended);
    await store(ended);
  };

  const settle = async (record: Exploring): Promise<void> => {
    if (record.status !== 'starting' || record.request === null) return;
    const isStopped = record.hold === null;
    if (isStopped) await work.cancelAdoption(adoptionId(record), stoppedText);
    const outcome = await work.adoption(adoptionId(record));
    if (outcome.status === 'failed') await (isStopped ? stopped(record) : failed(record, outcome.reason));
    if (outcome.status !== 'done') return;
    const { workspace } = outcome;
    const done: Exploring = {
      ...record,
      status: 'done',
      workspace,
      hold: null,
      form: null,
      changedAt: now(),
    };
    await show(done);
    await store(done);
  };

  const later = (
    sessionId: string,
    what: string,
    task: (record: Exploring | undefined) => Promise<void>,
  ): void => {
    const done = lanes(sessionId, async () => await task(await records.get(sessionId)))
      .catch((error: unknown) =>
        log.error({ err: describeError(error), sessionId }, `exploring.${what}.failed`),
      )
      .finally(() => tasks.delete(done));
    tasks.add(done);
  };

  const isKnown = (sessionId: string) =>
    workspaces.list().some(({ state }) => state.session?.id === sessionId);

  const hear = (host: string, event: HostEvent): void => {
    const { sessionId } = event;
    if (event.kind === 'exploring') {
      const { directory, event: what } = event;
      return later(sessionId, what.kind, async (known) => {
        const record = known ?? newExploring({ id: sessionId, host, directory });
        const served =
          ownerOf(host) !== undefined && hosts.serves(host, ports.builders) && !isKnown(sessionId);
        if (served) return await apply({ ...record, host, directory }, what);
        if (what.kind === 'held')
          await hosts.releaseWrite({ host, sessionId, directory, holdId: what.holdId, refusal: null });
      });
    }
    // Of the many events of all sessions only those of one that is asked about matter.
    if (open.get(sessionId)?.status !== 'asking') return;
    if (event.kind === 'question')
      later(sessionId, 'question', async (record) => {
        if (record && isForm(event.request))
          await apply(record, { kind: 'question', requestId: event.requestId });
      });
    if (event.kind === 'idle' || event.kind === 'error') {
      const { kind } = event;
      later(sessionId, kind, async (record) => {
        if (record) await apply(record, { kind });
      });
    }
    if (event.kind === 'askEnded')
      later(sessionId, 'answer', async (record) => {
        if (record?.form?.requestId !== event.requestId) return;
        if (event.answer === null || typeof event.answer === 'string')
          return await apply(record, { kind: 'rejected', requestId: event.requestId });
        const parsed = parseAnswers(record, event.answer, await projectsNow());
        if (parsed.ok) await configure(record, inOpenCode, parsed.request);
        else await failed({ ...record, by: inOpenCode }, parsed.problem);
      });
  };

  const listening = hosts.onEvent(hear);
  const ticking = new Set<string>();

  const tickOne = async (record: Exploring): Promise<void> => {
    const { id, host, status, form } = record;
    if (status === 'starting') return await settle(record);
    await apply(record, { kind: 'tick', run: hosts.instanceOf(host) });
    const last = looks.get(id) ?? { at: now(), there: true };
    if (form !== null) looks.set(id, last);
    if (form === null || now() - last.at < lookEveryMs) return;
    const requestId = await findForm(record);
    looks.set(id, { at: now(), there: requestId !== null });
    const latest = await records.get(id);
    if (latest === undefined || requestId === undefined || requestId === latest.form?.requestId) return;
    if (requestId !== null || !last.there) await apply(latest, { kind: 'found', requestId });
  };

  return {
    room: createExploringClicks({ ...ports, lanes, projectsNow, configure }),

    async resumeAll() {
      for await (const [id, record] of records.entries()) {
        if (isOpen(record)) open.set(id, record);
        // Killed between storing and saying: said again, it says nothing twice.
        if (record.status === 'asking' && record.card !== null)
          later(id, 'resume', async (current) => void (current && (await askInChat(current))));
        if (record.status === 'exploring' && record.card !== null)
          later(id, 'resume', async () => await show(record));
        if (record.status === 'starting')
          later(id, 'resume', async (current) => {
            if (current?.request && current.hold !== null) await adopt(current, current.request);
          });
      }
      for (const [host, event] of ports.earlier) hear(host, event);
      return open.size;
    },

    waiting: () =>
      [...open.values()].flatMap((record) =>
        record.status === 'asking' && record.card !== null
          ? [{ text: `✋ ${titleOf(record)}: waits for its workspace`, ref: record.card.ref }]
          : [],
      ),

    tick() {
      for (const id of open.keys()) {
        if (ticking.has(id)) continue;
        ticking.add(id);
        later(id, 'tick', async (record) => {
          ticking.delete(id);
          if (record === undefined) return void open.delete(id);
          await tickOne(record);
        });
      }
    },

    async [Symbol.asyncDispose]() {
      listening[Symbol.dispose]();
      await Promise.allSettled(tasks);
    },
  };
}
