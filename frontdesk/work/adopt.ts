/** A start that takes up a person's own session (WS-6). Pure. */
import type { WorkAgent } from '../../mcp-servers/kit/work.ts';
import { suggestModel, type WorkModel } from '../../mcp-servers/sessions/models.ts';
import type { ModelChoice, StartRequest } from '../../mcp-servers/sessions/request.ts';
import type { Workspaces } from '../../mcp-servers/workspaces/contract.ts';
import { buildWorkspaceName, isSameTitle } from '../../mcp-servers/workspaces/names.ts';
import type { Adoption } from './contract.ts';
import { isStartOver, type Proposal } from './record.ts';

/**
 * The workspace of this task where it is there, else a name that is free: long titles may begin alike.
 * @param taken for a session that brings its history: always a free one, that is none of these
 */
export function nameFor(
  workspaces: Pick<Workspaces, 'find'>,
  { project, title }: StartRequest,
  taken?: ReadonlySet<string>,
): string {
  for (let turn = 1; ; turn += 1) {
    const name = buildWorkspaceName(project, title, turn);
    const known = workspaces.find(name);
    if (known === undefined && taken?.has(name) !== true) return name;
    if (taken === undefined && known !== undefined && isSameTitle(known.state.title, title)) return name;
  }
}

/** The person's own model where it is configured; its health is asked at the start itself. */
export function chooseOwnModel(own: string, agent: WorkAgent, models: readonly WorkModel[]): ModelChoice {
  const known = models.find(({ id }) => id === own);
  const { id, reason } = known ?? suggestModel(agent, models);
  return { id, reason: known ? 'chosen in OpenCode' : reason, available: true, problem: '' };
}

/** Its start finds the reason before it moves the session, and takes back what it has made; one that waits has made nothing. */
export function withdrawn(proposal: Proposal, reason: string, now: number): Proposal {
  if (isStartOver(proposal) || proposal.session !== null || proposal.error !== null) return proposal;
  const { status } = proposal;
  if (status === 'proposed' || status === 'waiting')
    return { ...proposal, status: 'cancelled', view: 'main', note: '', changedAt: now };
  return { ...proposal, error: reason, changedAt: now };
}

export function adoptionOf(proposal: Proposal | undefined): Adoption {
  switch (proposal?.status) {
    case undefined:
      return { status: 'failed', reason: 'It was forgotten.' };
    case 'started':
      return { status: 'done', workspace: proposal.workspace };
    case 'cancelled':
      return { status: 'failed', reason: 'It was cancelled, or no thread could be opened for it.' };
    case 'failed':
      return { status: 'failed', reason: proposal.error ?? '' };
    default:
      return { status: 'running' };
  }
}
