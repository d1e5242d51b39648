/** The stand-in as the front desk of coding agents: one rule for each thing people say about work. */
import type { Step } from '../step.ts';
import type { ModelTurn } from '../turn.ts';
import type { Rule } from './rule.ts';
import { passOn } from './pass-on.ts';
import { say } from './speak.ts';

export const workRules: readonly Rule[] = [
  {
    match: /^(please )?start (?<title>.+?) in (the )?(?<project>[\w./-]+?)(,? please)?[.!]?$/i,
    example: 'start JWT auth in domain-apis',
    does: 'calls `sessions_start`: a card, and a coding agent after your click',
    steps: (turn, { title = '', project = '' }) =>
      passOn(turn, 'sessions_start', { project, title, description: `As asked for in Slack: ${title}` }),
  },
  {
    match: /^(please )?(tell|ask) (it|them|the \S+) to (?<words>[\s\S]+)/i,
    example: 'tell it to add a refresh token',
    does: 'calls `sessions_send`: your words for the coding agent',
    steps: (turn, { words = '' }) => passOn(turn, 'sessions_send', { text: words }),
  },
  {
    match: /^list[.!]?$|\bwhat('s| is) running\b|\blist (the |all )?sessions\b/i,
    example: 'what is running?',
    does: 'calls `sessions_list`',
    steps: (turn) => passOn(turn, 'sessions_list', {}, renderSessions),
  },
  {
    match: /^status\b|\bhow is it going\b|\bwhere does it stand\b/i,
    example: 'how is it going?',
    does: 'calls `sessions_status`',
    steps: (turn) => passOn(turn, 'sessions_status', {}),
  },
  {
    match: /\bdiff\b|\bwhat (was|has) (it )?changed\b|\bwhat did it change\b/i,
    example: 'what did it change?',
    does: 'calls `workspaces_diff`',
    steps: (turn) => passOn(turn, 'workspaces_diff', {}),
  },
  {
    match: /\b(?<off>hide|stop showing)?(show)?( me)? progress\b|^events (on|(?<off>off))\b/i,
    example: 'show me progress',
    does: 'calls `workspaces_toggle_event_updates`',
    steps: (turn, { off }) => passOn(turn, 'workspaces_toggle_event_updates', { on: off === undefined }),
  },
  {
    match:
      /^(please )?(?<verb>pause|resume|stop) (it|the (session|agent|work))[.!]?$|^(?<bare>pause|resume)[.!]?$/i,
    example: 'pause it',
    does: 'calls `sessions_pause`; `resume it` lets it go on, `stop the session` frees its place',
    steps: (turn, { verb = '', bare = verb }) => passOn(turn, `sessions_${bare.toLowerCase()}`, {}),
  },
  {
    match: /\b(move|continue|plug) (?<workspace>\S+)( in)? (here|in this thread|this thread)\b/i,
    example: 'move it here',
    does: 'calls `workspaces_connect_thread`; also `continue <workspace> here`',
    steps: (turn, { workspace = 'it' }) => connect(turn, workspace),
  },
  {
    match: /^(please )?unplug\b/i,
    example: 'unplug it',
    does: 'calls `workspaces_disconnect_thread`: it works on, and nothing of it is told here',
    steps: (turn) => quiet(passOn(turn, 'workspaces_disconnect_thread', {}, tellUnlessDone)),
  },
  {
    match: /^(please )?fork (it|the session)\b( as (?<title>.+))?/i,
    example: 'fork it as a second try',
    does: 'calls `sessions_fork`: the same history, to try another way',
    steps: (turn, { title }) => passOn(turn, 'sessions_fork', title === undefined ? {} : { title }),
  },
  {
    match: /\bwhat (did|has) (it|the agent) (say|said|write|written)\b/i,
    example: 'what did it say?',
    does: 'calls `sessions_read_messages`: its last words',
    steps: (turn) => passOn(turn, 'sessions_read_messages', { limit: 3 }, renderMessages),
  },
  {
    match: /\bpromote\b/i,
    example: 'promote it',
    does: 'calls `workspaces_promote`, which asks for your click',
    steps: (turn) => passOn(turn, 'workspaces_promote', {}),
  },
  {
    match: /\bclean ?(it )?up\b/i,
    example: 'clean it up',
    does: 'calls `workspaces_cleanup`, which asks for your click',
    steps: (turn) => passOn(turn, 'workspaces_cleanup', {}),
  },
];

/** “it” is the last one that is plugged in somewhere else. */
function connect(turn: ModelTurn, words: string): Step[] {
  const tool = 'workspaces_connect_thread';
  const shown = (result: string) => ('"connected" "moved"'.includes(outcomeOf(result)) ? '' : result);
  if (!/^(it|this|that)$/i.test(words)) return quiet(passOn(turn, tool, { workspace: words }, shown));
  const look = { tools: [{ name: 'workspaces_list', args: {} }] };
  if (!turn.tools.includes('workspaces_list') || turn.toolResults.length === 0)
    return turn.tools.includes(tool) ? [look, {}] : passOn(turn, tool, {});
  const workspace = workspacesIn(turn.toolResults[0] ?? '').findLast(({ plugged }) => plugged !== 'here');
  if (workspace === undefined)
    return [look, ...say(turn, 'There is nothing elsewhere that I could move here.')];
  return quiet(passOn(turn, tool, { workspace: workspace.workspace }, shown, [look]));
}

/** Without a reply that would be empty. */
function quiet(steps: Step[]): Step[] {
  return steps.map((step) =>
    'tools' in step && step.tools?.some(({ args }) => args['text'] === '') ? {} : step,
  );
}

/** That it is done is told in the thread. */
function tellUnlessDone(result: string): string {
  return /"disconnected":\s*true/.test(result) ? '' : result;
}

function renderMessages(result: string): string {
  const said = [...result.matchAll(/"role":\s*"(\w+)",\s*"text":\s*("(?:[^"\\]|\\.)*")/g)];
  if (said.length === 0) return result.trimStart().startsWith('{') ? 'It has not said anything yet.' : result;
  // A message may be tool calls alone.
  return said
    .map(([, role = '', text = '""']) => ({ role, text: JSON.parse(text) as string }))
    .flatMap(({ role, text }) => (text.trim() === '' ? [] : [`**${role}**: ${text}`]))
    .join('\n\n');
}

function outcomeOf(result: string): string {
  return /"outcome":\s*("\w+")/.exec(result)?.[1] ?? 'none';
}

function workspacesIn(result: string): { workspace: string; plugged: string }[] {
  return [...result.matchAll(/"workspace":\s*"([^"]+)"[\s\S]*?"plugged":\s*"(\w+)"/g)].map(
    ([, workspace = '', plugged = '']) => ({ workspace, plugged }),
  );
}

function renderSessions(result: string): string {
  const rows = [
    ...result.matchAll(/"workspace":\s*"([^"]+)"[\s\S]*?"agent":\s*"([^"]+)"[\s\S]*?"status":\s*"([^"]+)"/g),
  ];
  if (rows.length === 0) return /"sessions":\s*\[\s*\]/.test(result) ? 'Nothing is running.' : result;
  return rows.map(([, workspace, agent, status]) => `- \`${workspace}\`: ${agent}, ${status}`).join('\n');
}
