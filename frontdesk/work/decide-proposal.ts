/** What a click does to a proposal. Pure. */
import { type WorkAgent, workAgentSchema } from '../../mcp-servers/kit/work.ts';
import type { WorkModel } from '../../mcp-servers/sessions/models.ts';
import type { ModelChoice } from '../../mcp-servers/sessions/request.ts';
import type { Proposal } from './record.ts';

export interface ProposalClick {
  /** Without `work.`. */
  readonly action: string;
  /** The agent or model chosen; '' for none. */
  readonly choice: string;
  readonly person: string;
  /** Shown name of the person. */
  readonly name: string;
}

export type ClickVerdict =
  | { readonly kind: 'changed'; readonly proposal: Proposal }
  /** It wants to start: limit, health and claim come next. */
  | { readonly kind: 'start' }
  /** Told to the clicker alone. */
  | { readonly kind: 'late'; readonly text: string };

export const proposalActions = ['start', 'agents', 'agent', 'models', 'model', 'back', 'cancel'];

/** @param choose the model's health, asked before */
export function decideClick(
  proposal: Proposal,
  click: ProposalClick,
  o: { readonly models: readonly WorkModel[]; readonly choice: ModelChoice; readonly now: number },
): ClickVerdict {
  const { status } = proposal;
  if (status !== 'proposed' && status !== 'waiting') return { kind: 'late', text: lateText(proposal) };
  const change = (patch: Partial<Proposal>): ClickVerdict => ({
    kind: 'changed',
    proposal: { ...proposal, note: '', by: click.person, changedAt: o.now, ...patch },
  });
  switch (click.action) {
    case 'start':
      return { kind: 'start' };
    case 'agents':
    case 'models':
      return change({ view: click.action });
    case 'agent': {
      const agent = workAgentSchema.safeParse(click.choice);
      if (!agent.success) return { kind: 'late', text: 'This agent is not known any more.' };
      return change({
        view: 'main',
        routing: routingOf(proposal, agent.data, click.name),
        ...(proposal.modelChosen ? {} : { model: o.choice }),
      });
    }
    case 'model': {
      if (!o.models.some(({ id }) => id === click.choice))
        return { kind: 'late', text: 'This model is not configured any more.' };
      const model = { ...o.choice, reason: `chosen by ${click.name}` };
      return change({ view: 'main', status: 'proposed', model, modelChosen: true });
    }
    case 'cancel':
      return change({ status: 'cancelled', view: 'main' });
    default:
      return change({ view: 'main' });
  }
}

function routingOf({ routing }: Proposal, agent: WorkAgent, name: string): Proposal['routing'] {
  if (agent === routing.agent) return routing;
  const instead = routing.decidedBy === 'rules' ? ` instead of ${routing.agent} (${routing.reason})` : '';
  return { agent, confidence: 1, reason: `chosen by ${name}${instead}`, decidedBy: name };
}

export function lateText({ status, workspace }: Proposal): string {
  switch (status) {
    case 'cancelled':
      return 'This was cancelled already.';
    case 'failed':
      return 'This start failed already; say it again to try once more.';
    case 'started':
      return `\`${workspace}\` was started already.`;
    default:
      return `\`${workspace}\` is being started already.`;
  }
}
