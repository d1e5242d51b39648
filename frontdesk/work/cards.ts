/** The cards of a start, of a session, and of a click that is asked for. Pure. */
import type { Card, CardButton } from '../../mcp-servers/kit/chat.ts';
import {
  showProject,
  type WorkAgent,
  workAgentSchema,
  type WorkspaceInfo,
} from '../../mcp-servers/kit/work.ts';
import type { WorkModel } from '../../mcp-servers/sessions/models.ts';
import type { Live } from '../../watcher/live.ts';
import { line } from '../../watcher/words.ts';
import type { Confirmation, Proposal } from './record.ts';
import { percent, showStatus } from './texts.ts';

const agentMeaning: Readonly<Record<WorkAgent, string>> = {
  architect: 'designs',
  pm: 'specifies',
  builder: 'codes',
  'party-mode': 'all of them discuss',
};

/** @param name of the person who decided, where one did */
export function proposalCard(proposal: Proposal, models: readonly WorkModel[], name: string): Card {
  const { id, request, workspace, routing, model, status, view, note, error } = proposal;
  const facts = [workspace, request.repositories.join(', '), `priority ${request.priority}`];
  const what = `${line(request.title)} → ${showProject(request.project)}`;
  const noted = note === '' ? [] : [`⚠️ ${plainly(note)}`];
  const cancel: CardButton = { action: 'work.cancel', label: 'Cancel', value: id };
  const change: CardButton = { action: 'work.models', label: 'Change model', value: id };
  switch (status) {
    case 'placing':
    case 'starting':
      return { title: `⏳ Starting session… ${what}`, facts };
    case 'started':
      return { title: `🚀 Started by ${name}: ${what}`, facts };
    case 'failed':
      return { title: `❌ The session could not be started: ${what}\n${plainly(error ?? '')}`, facts };
    case 'cancelled':
      return { title: `🗑️ Cancelled by ${name}: ${what}` };
    case 'waiting':
    case 'proposed':
      break;
  }
  if (view === 'agents') {
    const choices = workAgentSchema.options.map((agent) => ({
      action: 'work.agent',
      label: `${agent === routing.agent ? '✓ ' : ''}${agent} – ${agentMeaning[agent]}`,
      value: `${id} ${agent}`,
    }));
    return { title: [`🗂️ ${what}`, 'Which agent?'].join('\n'), facts, buttons: [...choices, back(id)] };
  }
  if (view === 'models') {
    const choices = models.slice(0, 20).map((each) => ({
      action: 'work.model',
      label: `${each.id === model.id ? '✓ ' : ''}${each.id}`.slice(0, 75),
      value: `${id} ${each.id}`,
    }));
    return { title: [`🗂️ ${what}`, 'Which model?'].join('\n'), facts, buttons: [...choices, back(id)] };
  }
  if (status === 'waiting') {
    const others = models.filter((each) => each.id !== model.id).slice(0, 3);
    return {
      title: [
        `⏳ ${what}`,
        `Waiting for ${model.id}: ${model.problem}. It starts by itself as soon as it answers.`,
        ...noted,
      ].join('\n'),
      facts,
      buttons: [
        ...others.map((each) => ({
          action: 'work.model',
          label: `Use ${each.id}`.slice(0, 75),
          value: `${id} ${each.id}`,
        })),
        cancel,
      ],
    };
  }
  const health = model.available ? '' : ` ⚠️ Not available now: ${model.problem}.`;
  return {
    title: [
      `🗂️ ${what}`,
      `Agent: ${routing.agent} (${percent(routing.confidence)}) – ${line(routing.reason)}`,
      `Model: ${model.id} – ${model.reason}.${health}`,
      ...noted,
    ].join('\n'),
    facts,
    buttons: [
      { action: 'work.start', label: 'Start', value: id, style: 'primary' },
      { action: 'work.agents', label: 'Change agent', value: id },
      change,
      cancel,
    ],
  };
}

function back(id: string): CardButton {
  return { action: 'work.back', label: 'Back', value: id };
}

/** The card of a session in its thread; it changes with the session. @param live while it works */
export function sessionCard({ name, state }: WorkspaceInfo, live?: Live): Card {
  const { session, title, branch } = state;
  const button = (action: string, label: string, style?: 'primary' | 'danger'): CardButton => ({
    action: `work.${action}`,
    label,
    value: name,
    ...(style ? { style } : {}),
  });
  if (session === null) return { title: `${line(title)} · no session`, facts: [name, branch] };
  const works = session.status === 'running' || session.status === 'idle' || session.status === 'unreachable';
  return {
    title: `${showStatus(session.status)} · ${line(title)}`,
    ...(live === undefined || live.body === '' ? {} : { body: live.body }),
    facts: [...(live?.facts ?? []), name, branch, session.agent, session.model],
    buttons: [
      works ? button('pause', 'Pause') : button('resume', 'Resume', 'primary'),
      ...(session.status === 'stopped' ? [] : [button('stop', 'Stop', 'danger')]),
      button('status', 'Status'),
      button('diff', 'Diff'),
      { action: 'lab.deploy', label: 'Deploy', value: name },
      { action: 'lab.test', label: 'Run tests', value: name },
      state.eventUpdates ? button('events-off', 'Hide progress') : button('events-on', 'Show progress'),
      button('promote', 'Promote'),
      button('cleanup', 'Clean up'),
    ],
  };
}

/** What will be done, and the click for it in one message. @param name of the person who clicked */
export function confirmationCard({ id, title, detail, status }: Confirmation, name: string): Card {
  switch (status) {
    case 'pending':
      return {
        title: `❓ ${title}`,
        ...(detail === '' ? {} : { body: detail }),
        buttons: [
          { action: 'work.confirm', label: 'Confirm', value: id, style: 'danger' },
          { action: 'work.refuse', label: 'Cancel', value: id },
        ],
      };
    case 'running':
      return { title: `⏳ ${title}`, facts: [`confirmed by ${name}`] };
    case 'done':
      return { title: `✅ ${title}`, facts: [`confirmed by ${name}`] };
    case 'failed':
      return { title: `❌ ${title}`, facts: [`confirmed by ${name}`] };
    case 'cancelled':
      return { title: `🗑️ ${title}`, facts: [`cancelled by ${name}; nothing was done`] };
    case 'expired':
      return { title: `⌛ ${title}`, facts: ['nobody confirmed within 24 h; nothing was done'] };
  }
}

/** A card's title shows Markdown's signs as they are. */
function plainly(text: string): string {
  return text.replaceAll('`', '');
}
