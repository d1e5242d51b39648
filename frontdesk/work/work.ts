import { FrontdeskError } from '../../mcp-servers/kit/errors.ts';
import type { WorkspaceInfo } from '../../mcp-servers/kit/work.ts';
import { renderDiff } from '../../mcp-servers/workspaces/diff/render.ts';
import { describeCleanup, describePromote } from '../../mcp-servers/workspaces/tools/confirmed.ts';
import { labStateOf } from '../lab/state.ts';
import { line } from '../../watcher/words.ts';
import { createBook } from './book.ts';
import { createClaims } from './claim.ts';
import { proposalActions } from './decide-proposal.ts';
import { createConfirmations } from './confirm.ts';
import { createRunConfirmed } from './confirmed.ts';
import type { Work } from './contract.ts';
import { createEvents } from './events.ts';
import { findWorkspace, pluggedIn } from '../../mcp-servers/kit/find-workspace.ts';
import { createPlug, sameThread } from './plug.ts';
import type { By, WorkPorts } from './ports.ts';
import { createProposals } from './proposals.ts';
import { runCommand } from './run-command.ts';
import { createSessions } from './sessions.ts';
import { createStart } from './start.ts';
import { listText } from './standing.ts';
import { showStatus } from './texts.ts';
import { findWaiting } from './waiting.ts';

/** What becomes of a click on a session's card, by action without `work.`; the value is the workspace. */
const cardVerbs = {
  pause: (work: Work, by: By, name: string) => work.pause(by, name),
  resume: (work: Work, by: By, name: string) => work.resume(by, name),
  stop: (work: Work, by: By, name: string) => work.stop(by, name),
  diff: (work: Work, by: By, name: string) => work.diff(by, name),
  promote: (work: Work, by: By, name: string) => work.promote(by, name),
  cleanup: (work: Work, by: By, name: string) => work.cleanup(by, name),
  'events-on': (work: Work, by: By, name: string) => work.toggleEvents(by, true, name),
  'events-off': (work: Work, by: By, name: string) => work.toggleEvents(by, false, name),
  status: async (work: Work, by: By, name: string) => ({ ...(await work.status(by, name)), shown: false }),
};

/** Builds it; call `resumeAll` once hosts are listened to and the chat is open. Disposing lets what runs end as it can. */
export function createWork(ports: WorkPorts): Work {
  const { workspaces, hosts } = ports;
  const book = createBook(ports);
  const plug = createPlug(ports, book);
  const claims = createClaims(ports);
  const events = createEvents(ports, book);
  const start = createStart(ports, book, plug);
  const proposals = createProposals(ports, claims, start, events.check);
  const sessions = createSessions(ports, book, { settle: events.settle, wake: claims.wake });
  const confirmations = createConfirmations(ports, createRunConfirmed(ports, book));

  const find = (by: By, words: string | undefined): WorkspaceInfo =>
    findWorkspace(workspaces.list(), by.ref, words);

  const note = (by: By, action: string, target: string, outcome = 'done') =>
    ports.audit({ person: by.person, action: `work.${action}`, target, outcome });

  const work: Work = {
    suggest: async (task) => await proposals.suggest(task),
    propose: async (by, words) => await proposals.propose(by, words),
    submit: async (by, request) => await proposals.submit(by, request),
    adopt: async (by, request, session) => await proposals.adopt(by, request, session),
    cancelAdoption: async (requestId, reason) => await proposals.cancelAdoption(requestId, reason),
    adoption: async (requestId) => await proposals.adoption(requestId),

    async list(by) {
      const entries = workspaces.list().map((info) => ({
        workspace: info.name,
        title: info.state.title,
        row: book.row(info, by.ref),
        asks: ports.asksOf?.(info.name) ?? [],
        lab: labStateOf(info.state),
      }));
      const rows = entries.flatMap(({ row }) => row ?? []);
      return { rows, text: listText(entries, ports.maxSessions) };
    },
    async status(by, words) {
      // Nothing plugged and nothing named: the whole picture is what helps.
      if (words === undefined && pluggedIn(workspaces.list(), by.ref).length !== 1)
        return { row: null, text: (await work.list(by)).text };
      const info = find(by, words);
      return { row: book.row(info, by.ref), text: await book.summary(info, by.ref) };
    },
    async read(by, limit, words) {
      const info = find(by, words);
      const { session } = info.state;
      if (session === null) return [];
      return await hosts.messages({
        host: session.host,
        sessionId: session.id,
        directory: info.folder,
        limit,
      });
    },
    send: async (by, text, words, messageId) => await sessions.send(by, find(by, words), text, messageId),
    pause: async (by, words) => await sessions.pause(by, find(by, words)),
    resume: async (by, words) => await sessions.resume(by, find(by, words)),
    stop: async (by, words) => await sessions.stop(by, find(by, words)),
    switchModel: async (by, model, words) => await sessions.switchModel(by, find(by, words), model),
    fork: async (by, title, words) => await sessions.fork(by, find(by, words), title),

    async plug(by, words) {
      const { name, state } = find(by, words);
      // A slash command comes from a channel: plugged in there, everything told would stand at its top level.
      const opens = by.ref.thread === '' && !by.ref.dm;
      const already = { text: `\`${name}\` is plugged in here already.`, shown: false, movedFrom: null };
      if (opens && state.thread?.team === by.ref.team && state.thread.channel === by.ref.channel)
        return already;
      const root = { id: `work/plug/${by.requestId}`, text: `🔌 **${line(state.title)}** · \`${name}\`` };
      const to = opens ? await ports.places.openIn({ ...root, ref: by.ref }) : by.ref;
      if (to === null)
        return {
          text: 'I cannot post in this channel, so nothing was moved.',
          shown: false,
          movedFrom: null,
        };
      const from = await plug.move(by, name, to);
      note(by, 'plug', name);
      if (from === undefined) return already;
      const movedFrom = from === null ? null : await book.placeOf(from);
      const place = opens ? 'a new thread here' : 'this thread';
      const text = `\`${name}\` is plugged into ${place} now${movedFrom === null ? '' : `; it was in ${movedFrom}`}.`;
      return { text, shown: true, movedFrom };
    },
    async unplug(by, words) {
      const info = find(by, words);
      if (info.state.thread === null)
        return { text: `\`${info.name}\` is not plugged in anywhere.`, shown: false };
      const here = sameThread(info.state.thread, by.ref);
      await plug.move(by, info.name, null);
      note(by, 'unplug', info.name);
      return {
        text: `\`${info.name}\` is unplugged; it works on, and nothing of it is told in a thread.`,
        shown: here,
      };
    },
    async toggleEvents(by, on, words) {
      const { name } = find(by, words);
      await workspaces.updateState(name, (state) =>
        state.eventUpdates === on ? state : { ...state, eventUpdates: on },
      );
      await book.showCard(name);
      note(by, on ? 'events-on' : 'events-off', name);
      return { text: `Progress lines of \`${name}\` are ${on ? 'on' : 'off'}.`, shown: false };
    },
    async readEvents(by, limit, words) {
      const lines = await book.recent(find(by, words).name);
      return lines.slice(-limit);
    },
    async diff(by, words) {
      return { text: renderDiff(await workspaces.diff(find(by, words).name)), shown: false };
    },
    async promote(by, words) {
      const info = find(by, words);
      return await confirmations.ask(
        by,
        describePromote(info, (await workspaces.diff(info.name)).repositories),
      );
    },
    async cleanup(by, words) {
      const info = find(by, words);
      return await confirmations.ask(
        by,
        describeCleanup(info, (await workspaces.diff(info.name)).repositories),
      );
    },
    confirm: async (by, o) => await confirmations.ask(by, o),

    waiting: async () => await findWaiting(ports),
    run: async (by, command) => await runCommand(work, ports.labs, by, command),

    async click(by, action, value) {
      const verb = action.replace(/^work\./, '');
      if (!ports.isAllowed(by.person)) return null;
      try {
        if (verb === 'confirm' || verb === 'refuse')
          return await confirmations.click(by, value, verb === 'confirm');
        if (proposalActions.includes(verb)) return await proposals.click(by, verb, value);
        if (!isCardVerb(verb)) return 'This button is too old.';
        const { text, shown } = await cardVerbs[verb](work, by, value);
        if (shown) return null;
        const told = await ports.chat.nameOf(by.person);
        // In the thread, not only to the clicker: the others see what was done, and the next restart finds it said.
        const markdown = verb === 'status' || verb === 'diff' ? text : `${text} (${told})`;
        await ports.chat.say(by.ref, `work/click/${by.requestId}`, { kind: 'text', markdown });
        return null;
      } catch (error) {
        if (error instanceof FrontdeskError) return error.advice;
        throw error;
      }
    },

    pluggedSummary(ref) {
      const plugged = pluggedIn(workspaces.list(), ref).map((info) => {
        const row = book.row(info, ref);
        const about = row === null ? 'no session' : `${showStatus(row.status)}, ${row.agent}, ${row.model}`;
        return `${info.name} (${about}): ${JSON.stringify(line(info.state.title).slice(0, 150))}`;
      });
      return plugged.length === 0 ? 'none' : plugged.join('; ');
    },

    async resumeAll() {
      for (const { name, state } of workspaces.list())
        await book.lanes(name, async () => {
          await plug.tellMove(name);
          // Killed between writing the state and showing it. The card of a start under way is the start's.
          if (state.session?.status !== 'starting') await book.showCard(name);
        });
      const [starts, clicks] = [await proposals.resumeAll(), await confirmations.resumeAll()];
      events.resumeAll();
      return starts + clicks;
    },
    tick() {
      proposals.tick();
      confirmations.tick();
      events.tick();
    },
    watched: {
      look: events.look,
      onChange: book.onChange,
      show: (name, live) => book.showLive(name, live),
      remember: book.remember,
      async lastWords(name) {
        const info = workspaces.find(name);
        return info === undefined ? '' : await book.askLastWords(info);
      },
    },
    get busy() {
      return proposals.running + confirmations.running;
    },
    async [Symbol.asyncDispose]() {
      events[Symbol.dispose]();
      start[Symbol.dispose]();
      await Promise.all([proposals.drain(), confirmations.drain(), events.drain()]);
    },
  };
  return work;
}

function isCardVerb(verb: string): verb is keyof typeof cardVerbs {
  return Object.hasOwn(cardVerbs, verb);
}
