/** Everything the work commands say. Pure. */
import { type ThreadRef, threadKey } from '../../mcp-servers/kit/chat.ts';
import { type SessionStatus, showProject, type WorkspaceInfo } from '../../mcp-servers/kit/work.ts';
import type { SessionRow } from '../../mcp-servers/sessions/server.ts';
import { bounded, line } from '../../watcher/words.ts';

const glyphs: Readonly<Record<SessionStatus, string>> = {
  starting: '⏳',
  idle: '💤',
  running: '🟢',
  paused: '⏸️',
  stopped: '⏹️',
  unreachable: '🔌',
  crashed: '💥',
  complete: '✅',
};

export function showStatus(status: SessionStatus): string {
  return `${glyphs[status]} ${status}`;
}

/** @param reachable whether its host is connected: a session that holds a place on one that is not is unreachable now */
export function rowOf({ name, state }: WorkspaceInfo, ref: ThreadRef, reachable: boolean): SessionRow | null {
  if (state.session === null) return null;
  const { id, agent, model, status } = state.session;
  const needsHost = status === 'running' || status === 'idle' || status === 'starting';
  return {
    workspace: name,
    title: state.title,
    project: showProject(state.project),
    session: id,
    agent,
    model,
    status: needsHost && !reachable ? 'unreachable' : status,
    here: state.thread !== null && threadKey(state.thread) === threadKey(ref),
  };
}

/** Where a workspace stands, for status and for the thread it is moved to. A list: Markdown joins single lines. */
export function summaryText(
  { name, state }: WorkspaceInfo,
  row: SessionRow | null,
  extra: {
    readonly todo: { done: number; total: number } | null;
    /** How its lab and its tests stand. */
    readonly lab: readonly string[];
    readonly last: string;
  },
): string {
  return [
    `**${line(state.title)}** · \`${name}\``,
    row === null ? '- No session.' : `- ${showStatus(row.status)} · ${row.agent} · ${row.model}`,
    `- ${showProject(state.project)} · ${state.repositories.join(', ')} · branch \`${state.branch}\``,
    ...(extra.todo === null ? [] : [`- Todos: ${extra.todo.done}/${extra.todo.total}`]),
    ...extra.lab.map((text) => `- ${text}`),
    ...(extra.last === '' ? [] : [`- Last words: ${quote(extra.last)}`]),
  ].join('\n');
}

/** SE-3: the thread's first message. */
export function firstMessage(
  { name, folder, state }: WorkspaceInfo,
  links: { readonly openCode: string; readonly codeServer: string },
  reused = false,
): string {
  const { session, routing } = state;
  const url = links.openCode === '' ? '' : openCodeLink(links.openCode, folder, session?.id ?? '');
  const editor =
    links.codeServer === '' ? '' : `${trim(links.codeServer)}/?folder=${encodeURIComponent(folder)}`;
  const places = [
    ...(url === '' ? [] : [`[OpenCode](${url})`]),
    ...(editor === '' ? [] : [`[code-server](${editor})`]),
  ];
  return [
    `🚀 **${line(state.title)}** has started.`,
    `- Session: \`${session?.id}\` on ${session?.host}`,
    `- Agent: **${session?.agent}** (${percent(routing?.confidence ?? 0)}: ${line(routing?.reason ?? '')})`,
    `- Model: ${session?.model}`,
    `- Workspace: \`${name}\` · ${showProject(state.project)} · ${state.repositories.join(', ')}`,
    `- Branch: \`${state.branch}\``,
    ...(reused ? ['- The workspace was there already and is used as it is.'] : []),
    ...(places.length === 0 ? [] : [`- Open: ${places.join(' · ')}`]),
    '',
    'Write here what it should know; I pass it on.',
  ].join('\n');
}

/** OpenCode's web UI: the directory in URL-safe base64, then the session. */
function openCodeLink(base: string, folder: string, session: string): string {
  return `${trim(base)}/${Buffer.from(folder, 'utf8').toString('base64url')}/session/${session}`;
}

/** The task as the coding agent gets it: the words of a person, and where it is. */
export function taskPrompt({ name, state }: WorkspaceInfo): string {
  return [
    `Task: ${state.title}`,
    ...(state.description === '' ? [] : ['', state.description]),
    '',
    `Workspace ${name}, project ${showProject(state.project)}, priority ${state.priority}.`,
    `The repositories are in ./repos: ${state.repositories.join(', ')}. Work on their branch ${state.branch} and commit there.`,
    'Keep decisions that matter in ./arch-decisions.md.',
  ].join('\n');
}

export const resumePrompt =
  'Go on where you left off. What you had asked and got no answer to, ask again. If all is done, say what was done.';

export function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

function quote(text: string): string {
  return `“${bounded(line(text), 300)}”`;
}

function trim(url: string): string {
  return url.replace(/\/+$/, '');
}
