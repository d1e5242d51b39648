/** What a late answer sets in motion (AS-4). Each step is stored before the next; done again after a crash, it does what is left. */
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import type { Ask } from '../../mcp-servers/kit/asks.ts';
import { threadRefSchema } from '../../mcp-servers/kit/chat.ts';
import { FrontdeskError } from '../../mcp-servers/kit/errors.ts';
import type { Hosts } from '../../mcp-servers/kit/work.ts';
import type { Rewound, Workspaces } from '../../mcp-servers/workspaces/contract.ts';
import type { Work } from '../work/contract.ts';
import { showAssumed } from './deadline.ts';
import { shortId } from './expiry.ts';
import { askTitle, oneLine, showAnswer } from './words.ts';

/** One per ask: its existence is the decision, whoever clicks next. */
export const lateJobSchema = z.object({
  kind: z.enum(['redo', 'tell']),
  /** Who decided it. */
  by: z.string(),
  ref: threadRefSchema,
  /** What going back left; null: not gone back yet. */
  rewound: z.array(z.object({ repository: z.string(), branch: z.string().nullable() })).nullable(),
  /** It could not be acted on, which was told: over, and the next click is another one. */
  failed: z.boolean().default(false),
  /** When it was decided, Unix ms: another try is told anew. */
  at: z.number().default(0),
});
export type LateJob = z.infer<typeof lateJobSchema>;

export interface LateWorkPorts {
  readonly workspaces: Pick<Workspaces, 'find' | 'rewind'>;
  readonly hosts: Pick<Hosts, 'isConnected' | 'sessions'>;
  readonly work: () => Pick<Work, 'pause' | 'send'> | undefined;
}

/** A turn that was interrupted ends within a quarter of a second; its tools are killed with it (notes/opencode.md §4). */
const endsWithinMs = 10_000;
const askAgainMs = 100;

export function assumedBranch(ask: Pick<Ask, 'id'>): string {
  return `frontdesk/assumed/${shortId(ask)}`;
}

/**
 * @param rewound called once the workspace is back, before the agent is told
 * @returns Markdown: what was done
 * @throws FrontdeskError, with nothing changed that a second try would not do as well
 */
export async function performLate(
  { workspaces, hosts, work, ...ports }: LateWorkPorts & { nameOf: (person: string) => Promise<string> },
  ask: Ask,
  job: LateJob,
  rewound: (result: readonly Rewound[]) => Promise<void>,
): Promise<string> {
  const { workspace, late } = ask;
  const sessions = work();
  if (workspace === null || late === null || sessions === undefined || !workspaces.find(workspace))
    throw new FrontdeskError('workspace_unknown', 'The workspace of this question is gone.');
  const by = { person: job.by, ref: job.ref, requestId: `${ask.id}/late` };
  const name = await ports.nameOf(job.by);
  const decided = showAnswer(ask.body, late.answer);

  const endTurn = async (): Promise<void> => {
    const info = workspaces.find(workspace);
    const session = info?.state.session;
    if (!info || !session) return;
    const { host, id } = session;
    if (!hosts.isConnected(host))
      throw new FrontdeskError('host_unavailable', `${host} runs it; nobody may work there meanwhile.`);
    await sessions.pause(by, workspace);
    const isBusy = async () =>
      (await hosts.sessions({ host, directory: info.folder })).some(
        ({ sessionId, busy }) => sessionId === id && busy,
      );
    for (let waited = 0; await isBusy(); waited += askAgainMs) {
      if (waited >= endsWithinMs) throw new FrontdeskError('workspace_failed', 'Its turn does not end.');
      await pause(askAgainMs);
    }
  };

  if (job.kind === 'tell') {
    await sessions.send(by, tellText(ask, decided, name), workspace, `${ask.id}/late`);
    return `✉️ ${name}: \`${workspace}\` is told that it is **${decided}**; it went on with ${showAssumed(ask)}.`;
  }
  if (ask.checkpoint === null)
    throw new FrontdeskError('workspace_failed', 'Nothing was kept to go back to.');
  let kept: readonly Rewound[] | null = job.rewound;
  if (kept === null) {
    await endTurn();
    kept = await workspaces.rewind(workspace, ask.checkpoint, assumedBranch(ask));
    await rewound(kept);
  }
  const where = showKept(kept);
  await sessions.send(by, redoText(ask, decided, name, where), workspace, `${ask.id}/late`);
  const left = where === '' ? 'Nothing had been done on it.' : `What was done on it is on ${where}.`;
  return `↩️ ${name}: \`${workspace}\` is back at \`${ask.checkpoint.tag}\` and goes on with **${decided}** instead of ${showAssumed(ask)}. ${left}`;
}

/** `frontdesk/assumed/k3` in api, web. */
function showKept(rewound: readonly Rewound[]): string {
  const byBranch = Map.groupBy(
    rewound.filter(({ branch }) => branch !== null),
    ({ branch }) => branch,
  );
  return [...byBranch]
    .map(([branch, all]) => `\`${branch}\` in ${all.map(({ repository }) => repository).join(', ')}`)
    .join('; ');
}

function redoText(ask: Ask, decided: string, name: string, where: string): string {
  return [
    `${name} has now answered what you had asked: ${oneLine(askTitle(ask), 500)}`,
    `The decision: ${decided}`,
    `You had gone on with ${showAssumed(ask)}. Your turn was ended, and every repository is back on its branch as it was when you asked.`,
    where === ''
      ? 'You had not changed anything since.'
      : `What you did since, also what you had not committed, is on ${where}. Leave that branch as it is; take from it what still holds.`,
    'Look at the files again, then go on from there with this decision.',
  ].join('\n');
}

function tellText(ask: Ask, decided: string, name: string): string {
  const asked = `${name} has now answered what you had asked: ${oneLine(askTitle(ask), 500)}`;
  if (ask.body.kind === 'permission')
    return `${asked}\nIt was denied because nobody had answered; now it is ${decided}. If it is still needed, do it again and go on.`;
  return `${asked}\nThe answer: ${decided}\nYou had gone on with ${showAssumed(ask)}. Nothing was undone: change what has to be changed, then go on.`;
}
