/** What sessions let be heard of themselves in this life: signs of life, milestones, progress lines. Bounded; lost with the process. */
import type { HostEvent, HostSnapshot } from '../../mcp-servers/kit/work.ts';
import {
  addLine,
  type LineBatch,
  renderLines,
  showLine,
  toolLine,
  toolNow,
  typedLine,
} from '../../watcher/event-lines.ts';

interface SessionSigns {
  lastSignAt: number | null;
  /** First seen to run, since it did not. */
  seenAt: number | null;
  lastDid: string;
  /** Calls that have begun and not ended. */
  underWay: readonly { readonly tool: string; readonly text: string }[];
  loop: { what: string; times: number } | null;
  todo: { done: number; total: number } | null;
  readonly milestones: Map<string, string>;
  lines: LineBatch | null;
}

interface Heard {
  /** Of the session's workspace. */
  readonly folder: string;
  /** Progress lines are wanted (WA-4). */
  readonly collects: boolean;
}

export interface Signs {
  /** @returns the line of what a tool did or a person said there, for the record; undefined for anything else */
  hear(event: HostEvent, heard: Heard): string | undefined;
  note(snapshot: Pick<HostSnapshot, 'milestones' | 'todos'>, isOurs: (sessionId: string) => boolean): void;
  of(sessionId: string): Readonly<SessionSigns>;
  /** It was found to have lived then (by `steady`), by asking. */
  lived(sessionId: string, at: number): void;
  /** Called with each look: since when it runs, as far as this life knows. */
  seen(sessionId: string, runs: boolean): void;
  /** The progress lines so far, which begin anew. */
  take(sessionId: string): string;
  /** Forgets all others. */
  keep(sessionIds: ReadonlySet<string>): void;
}

/** Of a session; a host keeps fewer. */
const mostMilestones = 300;
/** At once; more than any agent calls. */
const mostUnderWay = 20;

/** @param steady milliseconds since some moment of this life: a clock that was set calls nobody silent */
export function createSigns(steady: () => number): Signs {
  const sessions = new Map<string, SessionSigns>();

  const signsOf = (sessionId: string): SessionSigns => {
    const known = sessions.get(sessionId);
    if (known) return known;
    const made: SessionSigns = {
      lastSignAt: null,
      seenAt: null,
      lastDid: '',
      underWay: [],
      loop: null,
      todo: null,
      milestones: new Map(),
      lines: null,
    };
    sessions.set(sessionId, made);
    return made;
  };

  const addMilestone = ({ milestones }: SessionSigns, id: string, text: string): void => {
    if (milestones.has(id)) return;
    milestones.set(id, text);
    const [oldest] = milestones.keys();
    if (milestones.size > mostMilestones && oldest !== undefined) milestones.delete(oldest);
  };

  const hearTool = (
    signs: SessionSigns,
    event: Extract<HostEvent, { kind: 'tool' }>,
    { folder, collects }: Heard,
  ): string | undefined => {
    const { tool, status } = event;
    const begun = signs.underWay.findIndex((each) => each.tool === tool);
    if (status === 'running')
      signs.underWay = [...signs.underWay, { tool, text: toolNow(event, folder) }].slice(-mostUnderWay);
    else if (begun !== -1) signs.underWay = signs.underWay.toSpliced(begun, 1);
    if (status !== 'running') {
      const what = `${event.tool}: ${event.title}${event.status === 'error' ? ' (failed)' : ''}`;
      signs.loop = { what, times: signs.loop?.what === what ? signs.loop.times + 1 : 1 };
    }
    const told = toolLine(event, folder);
    if (told === null) return undefined;
    const text = showLine(told);
    signs.lastDid = text;
    signs.lines = collects ? addLine(signs.lines, told, steady()) : null;
    return text;
  };

  return {
    hear(event, heard) {
      const signs = signsOf(event.sessionId);
      signs.lastSignAt = steady();
      if (event.kind === 'tool') return hearTool(signs, event, heard);
      if (event.kind === 'typed') {
        const said = typedLine(event.text, heard.folder);
        signs.lines = heard.collects ? addLine(signs.lines, said, steady()) : null;
        return said.text;
      }
      // Of a turn that has ended nothing goes on.
      if (event.kind === 'idle' || event.kind === 'error' || event.kind === 'active') signs.underWay = [];
      if (event.kind === 'todo') signs.todo = { done: event.done, total: event.total };
      // Without an id it would be another one in the next snapshot.
      if (event.kind === 'milestone' && event.id !== undefined) addMilestone(signs, event.id, event.text);
      return undefined;
    },
    note({ milestones, todos }, isOurs) {
      for (const { id, sessionId, text } of milestones)
        if (isOurs(sessionId)) addMilestone(signsOf(sessionId), id, text);
      for (const { sessionId, done, total } of todos)
        if (isOurs(sessionId)) signsOf(sessionId).todo = { done, total };
    },
    of: signsOf,
    lived(sessionId, at) {
      const signs = signsOf(sessionId);
      // Its host's clock may be ahead.
      signs.lastSignAt = Math.max(signs.lastSignAt ?? -Infinity, Math.min(at, steady()));
    },
    seen(sessionId, runs) {
      const signs = signsOf(sessionId);
      if (!runs) signs.seenAt = null;
      else signs.seenAt ??= steady();
    },
    take(sessionId) {
      const signs = sessions.get(sessionId);
      if (!signs?.lines) return '';
      const text = renderLines(signs.lines);
      signs.lines = null;
      return text;
    },
    keep(sessionIds) {
      for (const id of sessions.keys()) if (!sessionIds.has(id)) sessions.delete(id);
    },
  };
}
