import type { ThreadRef } from '../../mcp-servers/kit/chat.ts';
import { showProject } from '../../mcp-servers/kit/work.ts';
import { line } from '../../watcher/words.ts';
import type { WorkPorts } from './ports.ts';

/** A card that waits for a click. */
export interface Waiting {
  /** In one line. */
  readonly text: string;
  readonly ref: ThreadRef;
}

/** Starts and confirmations that nobody has decided yet, oldest first. */
export async function findWaiting({
  proposals,
  confirmations,
}: Pick<WorkPorts, 'proposals' | 'confirmations'>): Promise<Waiting[]> {
  const found: (Waiting & { readonly at: number })[] = [];
  for await (const [, { status, request, ref, createdAt: at }] of proposals.entries()) {
    if (status !== 'proposed' || ref === null) continue;
    const what = `${line(request.title)} → ${showProject(request.project)}`;
    found.push({ text: `🗂️ ${what}: waits for [Start]`, ref, at });
  }
  for await (const [, { status, title, ref, createdAt: at }] of confirmations.entries())
    if (status === 'pending') found.push({ text: `❓ ${title} Waits for [Confirm]`, ref, at });
  return found.toSorted((a, b) => a.at - b.at).map(({ text, ref }) => ({ text, ref }));
}
