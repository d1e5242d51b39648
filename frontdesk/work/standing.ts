/** In which order people want to see their work (IN-10): what needs them first. Pure. */
import type { LabState } from '../../mcp-servers/kit/lab.ts';
import type { SessionStatus, WorkspaceState } from '../../mcp-servers/kit/work.ts';
import type { SessionRow } from '../../mcp-servers/sessions/server.ts';
import { labStateOf, testStatesOf } from '../lab/state.ts';
import { line } from '../../watcher/words.ts';
import { showStatus } from './texts.ts';

export const standings = ['needs you', 'runs', 'waits', 'done'] as const;
export type Standing = (typeof standings)[number];

/** @param status null: it has no session @param asks how much waits for an answer */
export function standingOf(status: SessionStatus | null, asks: number): Standing {
  if (asks > 0 || status === 'crashed') return 'needs you';
  switch (status) {
    case 'starting':
    case 'running':
      return 'runs';
    case 'stopped':
    case 'complete':
      return 'done';
    case 'idle':
    case 'paused':
    case 'unreachable':
    case null:
      return 'waits';
  }
}

export function showLab({ status, url, cause }: LabState): string {
  switch (status) {
    case 'deploying':
      return '⏳ being deployed';
    case 'ready':
      return url === null ? '✅ lab ready' : `✅ lab at <${url}>`;
    case 'failed':
      return `❌ deployment failed${cause === '' ? '' : `: ${line(cause)}`}`;
    case 'down':
      return `💥 lab down${cause === '' ? '' : `: ${line(cause)}`}`;
    case 'replaced':
    case 'removed':
      return '';
  }
}

/** One line each, for what there is. */
export function showLabAndTests(state: WorkspaceState): string[] {
  const [lab, tests] = [labStateOf(state), testStatesOf(state).at(-1)];
  return [lab === null ? '' : showLab(lab), tests?.text ?? ''].filter((text) => text !== '');
}

/** A workspace, as `/opencode list` tells it. */
export interface ListEntry {
  readonly workspace: string;
  readonly title: string;
  /** null: no session. */
  readonly row: SessionRow | null;
  /** What waits for an answer, in a few words each. */
  readonly asks: readonly string[];
  readonly lab: LabState | null;
}

export function listText(entries: readonly ListEntry[], max: number): string {
  if (entries.length === 0) return 'No sessions yet. Say what you want built, or use `/opencode start`.';
  const sections = standings.flatMap((standing) => {
    const these = entries.filter(
      ({ row, asks }) => standingOf(row?.status ?? null, asks.length) === standing,
    );
    return these.length === 0 ? [] : [`${headings[standing]}\n${these.map(showEntry).join('\n')}`];
  });
  const statuses = entries.map(({ row }) => row?.status ?? 'stopped');
  const holding = statuses.filter((status) => !['stopped', 'crashed', 'complete'].includes(status)).length;
  return [...sections, `${holding} of ${max} places taken.`].join('\n\n');
}

/** Capitals: Slack's own Markdown and the common one have no bold in common. */
export const headings: Readonly<Record<Standing, string>> = {
  'needs you': '🙋 NEEDS YOU',
  runs: '🏃 RUNS',
  waits: '💤 WAITS',
  done: '✅ DONE',
};

function showEntry({ workspace, title, row, asks, lab }: ListEntry): string {
  const about =
    row === null
      ? `- \`${workspace}\` — ${line(title)} · no session`
      : `- ${showStatus(row.status)} · \`${workspace}\` — ${line(title)} (${row.agent})${row.here ? ' · in this thread' : ''}`;
  const [first, ...more] = asks;
  const asked =
    first === undefined ? '' : ` · ❓ ${line(first)}${more.length > 0 ? ` and ${more.length} more` : ''}`;
  const labText = lab === null ? '' : showLab(lab);
  return `${about}${asked}${labText === '' ? '' : ` · ${labText}`}`;
}
