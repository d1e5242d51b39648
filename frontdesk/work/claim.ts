import type { WorkModel } from '../../mcp-servers/sessions/models.ts';
import { isHolding, refuseAbove } from './limit.ts';
import type { WorkPorts } from './ports.ts';
import type { Proposal } from './record.ts';

/** Who may start now: one per workspace, none above the limit, none on a model that does not answer. */
export interface Claims {
  /** Starts under way, by proposal: their workspaces hold a place (SE-5). */
  readonly starting: Map<string, string>;
  /** Gives an ended session its place back, held from now to the disposal. @returns why not */
  readonly wake: (name: string) => Disposable | string;
  /** Proposals that wait for their model (SE-2). */
  readonly waiting: Set<string>;
  /** Why this workspace cannot be started now; '' when it can. */
  readonly refusal: (proposal: Pick<Proposal, 'workspace' | 'id'>) => string;
  /** Makes a proposal `starting`, or `waiting`, or notes why not. `claimed`: this call did it, and runs it. */
  readonly claim: (id: string, by: string) => Promise<{ proposal: Proposal | undefined; claimed: boolean }>;
  readonly modelOf: (id: string) => WorkModel;
}

export function createClaims({ workspaces, proposals, models, health, maxSessions, now }: WorkPorts): Claims {
  const starting = new Map<string, string>();
  const waiting = new Set<string>();

  const modelOf = (id: string): WorkModel =>
    models.find((model) => model.id === id) ?? { id, agents: [], reason: '' };

  /** Why this workspace cannot be started now; '' when it can. */
  const refusal = ({ workspace, id }: Pick<Proposal, 'workspace' | 'id'>): string => {
    const session = workspaces.find(workspace)?.state.session;
    if (isHolding(session?.status))
      return `\`${workspace}\` has a session already (${session?.status}). Plug it in, stop it, or give the task another title.`;
    if ([...starting].some(([otherId, name]) => name === workspace && otherId !== id))
      return `\`${workspace}\` is being started already.`;
    const others = new Set([...starting].filter(([otherId]) => otherId !== id).map(([, name]) => name));
    return refuseAbove(maxSessions, workspaces.list(), others, workspace) ?? '';
  };

  /** The one way into `starting`: no two for one workspace, none above the limit. Between judging and noting, nothing waits. */
  const claim = async (
    id: string,
    by: string,
  ): Promise<{ proposal: Proposal | undefined; claimed: boolean }> => {
    const before = await proposals.get(id);
    if (before === undefined || (before.status !== 'proposed' && before.status !== 'waiting'))
      return { proposal: before, claimed: false };
    const problem = await health.check(modelOf(before.model.id));
    const note = problem === '' ? refusal(before) : '';
    const free = problem === '' && note === '';
    if (free) starting.set(id, before.workspace);
    let claimed = false;
    const claimIt = (current: Proposal | undefined): Proposal | undefined => {
      claimed = false;
      if (current === undefined || (current.status !== 'proposed' && current.status !== 'waiting'))
        return current;
      const clicked: Proposal = { ...current, view: 'main', note, by, changedAt: now() };
      if (problem !== '')
        return { ...clicked, status: 'waiting', model: { ...current.model, available: false, problem } };
      if (!free) return { ...clicked, status: 'proposed' };
      claimed = true;
      const state = workspaces.find(current.workspace)?.state;
      return {
        ...clicked,
        status: 'starting',
        model: { ...current.model, available: true, problem: '' },
        before: state ? { session: state.session, thread: state.thread } : null,
      };
    };
    const proposal = await proposals.update(id, claimIt).catch((error: unknown) => {
      if (free) starting.delete(id);
      throw error;
    });
    // Another click was first: that one's start notes the same.
    if (free && !claimed && proposal?.status !== 'starting') starting.delete(id);
    if (proposal?.status === 'waiting') waiting.add(id);
    else waiting.delete(id);
    return { proposal, claimed };
  };

  const wake = (name: string): Disposable | string => {
    const refused = refuseAbove(maxSessions, workspaces.list(), new Set(starting.values()), name);
    if (refused !== null) return refused;
    const key = `wake ${name}`;
    starting.set(key, name);
    return { [Symbol.dispose]: () => void starting.delete(key) };
  };

  return { starting, waiting, wake, refusal, claim, modelOf };
}
