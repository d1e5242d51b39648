/** App Home as Block Kit (IN-10): what needs me, what runs, what waits, what is done. Pure. */
import { toMrkdwn } from '../../mcp-servers/slack/text/to-mrkdwn.ts';
import { headings, type Standing, showLab, standingOf, standings } from '../work/standing.ts';
import { line } from '../../watcher/words.ts';
import { showStatus } from '../work/texts.ts';
import type { Block } from '../../mcp-servers/slack/blocks.ts';
import { actions, context, escape, header, type HomeButton, link, section } from './blocks.ts';
import type { HomeAsk, HomeItem, HomeSnapshot } from './snapshot.ts';

/** Slack's limit for a Home tab. */
const blockLimit = 100;
/** Of one workspace, and above them. */
const asksShown = 3;
const waitingShown = 15;

/** @param note what came of the viewer's last click; '' for nothing */
export function renderHome(snapshot: HomeSnapshot, note: string): Record<string, unknown> {
  return { type: 'home', callback_id: 'home', blocks: buildBlocks(snapshot, note) };
}

/** Where no work sessions are set up. */
export function renderIdleHome(): Record<string, unknown> {
  const blocks = [
    header('Frontdesk'),
    section(
      'Mention me in a channel or write me a message and say what you need.\nWork sessions are switched off here: set `FRONTDESK_WORKSPACE_ROOT` to a folder with your repositories.',
    ),
  ];
  return { type: 'home', callback_id: 'home', blocks };
}

function buildBlocks(snapshot: HomeSnapshot, note: string): Block[] {
  const { items, waiting, places } = snapshot;
  const start: HomeButton = { verb: 'start', label: 'Start…', value: 'start', style: 'primary' };
  const top = [
    header('Work sessions'),
    ...(note === '' ? [] : [context(toMrkdwn(note))]),
    ...actions([start, { verb: 'refresh', label: 'Refresh', value: 'refresh' }]),
  ];
  if (items.length === 0 && waiting.length === 0) return [...top, section(howToBegin)];

  const blocks: Block[] = [...top, context(`${places.taken} of ${places.max} places taken`)];
  let left = items.length;
  for (const standing of standings) {
    const these = items.filter((item) => standingOf(item.status, item.asks.length) === standing);
    const others = standing === 'needs you' ? waitingBlocks(waiting) : [];
    if (these.length === 0 && others.length === 0) continue;
    const first = [header(headings[standing]), ...others];
    // A heading stands above something; the last block says what is left out.
    if (blocks.length + first.length + 2 > blockLimit - 1) break;
    blocks.push(...first);
    for (const item of these) {
      const shown = renderItem(item, standing);
      if (blocks.length + shown.length > blockLimit - 1) break;
      blocks.push(...shown);
      left -= 1;
    }
  }
  if (left > 0) blocks.push(context(`and ${left} more: \`/opencode list\` names them all`));
  return blocks;
}

const howToBegin = [
  '*Nothing is going on yet.*',
  'Press *Start…* or use `/opencode start` for the form, or mention me in a channel and say what you want built:',
  '> @frontdesk start JWT auth in domain-apis',
  'A coding agent then works in its own worktrees, and tells in its thread how it goes.',
].join('\n');

/** Those to be answered here each with their buttons, below a list of the others. */
function waitingBlocks(waiting: readonly HomeAsk[]): Block[] {
  const shown = waiting.slice(0, waitingShown);
  const lines = shown.filter(({ buttons }) => buttons.length === 0).map(askLine);
  const more = waiting.length - shown.length;
  return [
    ...(lines.length === 0 ? [] : [section(lines.join('\n'))]),
    ...shown.filter(({ buttons }) => buttons.length > 0).flatMap(askBlocks),
    ...(more > 0 ? [context(`and ${more} more`)] : []),
  ];
}

function askBlocks(ask: HomeAsk): Block[] {
  const buttons = ask.buttons.map(({ action, ...rest }): HomeButton => ({ ...rest, verb: action }));
  return [section(askLine(ask)), ...actions(buttons)];
}

function askLine({ text, link: url }: HomeAsk): string {
  return url === null ? escape(line(text)) : `${escape(line(text))}  ${link(url, 'open')}`;
}

function renderItem(item: HomeItem, standing: Standing): Block[] {
  const { name, title, project, status, agent, asks, lab, tests } = item;
  const labText = lab === null ? '' : showLab(lab);
  const more = asks.length - asksShown;
  const lines = [
    `*${link(item.link, line(title).slice(0, 200))}*  ${escape(project)} · ${escape(name)}`,
    [
      status === null ? 'no session' : `${showStatus(status)} · ${escape(agent)}`,
      ...(item.plugged ? [] : ['not plugged into a thread']),
    ].join(' · '),
    ...(labText === '' ? [] : [labWithLink(labText)]),
    ...(tests === null ? [] : [escape(line(tests.text))]),
  ];
  return [
    section(lines.join('\n')),
    ...asks.slice(0, asksShown).flatMap(askBlocks),
    ...(more > 0 ? [context(`and ${more} more in its thread`)] : []),
    ...actions(buttonsOf(item, standing)),
  ];
}

/** Only the URL may be more than text. */
function labWithLink(text: string): string {
  const parts = /^(.*)<(https?:[^<>|\s]+)>$/.exec(text);
  return parts === null ? escape(text) : `${escape(parts[1] ?? '')}<${parts[2]}>`;
}

function buttonsOf({ name, status, link: thread, lab }: HomeItem, standing: Standing): HomeButton[] {
  const works = status === 'running' || status === 'idle' || status === 'unreachable';
  const button = (verb: string, label: string, more: Partial<HomeButton> = {}): HomeButton => ({
    verb,
    label,
    value: name,
    ...more,
  });
  return [
    ...(thread === null ? [] : [button('thread', 'Open thread', { url: thread })]),
    ...(status === null || status === 'starting'
      ? []
      : [works ? button('pause', 'Pause') : button('resume', 'Resume')]),
    ...(works || status === 'paused' ? [button('stop', 'Stop', { style: 'danger' })] : []),
    button('status', 'Status'),
    button('diff', 'Diff'),
    ...(lab?.url && lab.status === 'ready' ? [button('lab', 'Open lab', { url: lab.url })] : []),
    ...(standing === 'done' ? [] : [button('deploy', 'Deploy'), button('tests', 'Run tests')]),
  ];
}
