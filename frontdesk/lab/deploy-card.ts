/** The card of a deployment (LAB-4): one message that changes in place. Pure. */
import type { Card, CardButton } from '../../mcp-servers/kit/chat.ts';
import type { Deployment, LabStep } from '../../mcp-servers/kit/lab.ts';
import { literal } from '../../watcher/words.ts';
import { fenceLog } from './log-text.ts';

export function deployCardId(deployment: string): string {
  return `lab/${deployment}`;
}

const glyphs: Readonly<Record<LabStep['status'], string>> = {
  waiting: '▫️',
  running: '⏳',
  done: '✅',
  failed: '❌',
  skipped: '⏭️',
};

/**
 * @param now Unix ms: what runs shows its seconds
 * @param failedFor the cause of a failed one that was removed since, which keeps its story; '' for others
 */
export function deployCard(deployment: Deployment, now: number, failedFor = ''): Card {
  const { id, workspace, repository, runtime, target, status, url, cause } = deployment;
  const facts = [workspace, ...(repository === '' ? [] : [repository]), runtime, target].filter(
    (fact) => fact !== '',
  );
  const button = (verb: string, label: string, style?: 'primary' | 'danger'): CardButton => ({
    action: `lab.${verb}`,
    label,
    value: id,
    ...(style ? { style } : {}),
  });
  const open: CardButton[] =
    url === null ? [] : [{ action: 'lab.open', label: 'Open', value: id, url, style: 'primary' }];
  const why = cause === null ? '' : titled(cause.text);
  switch (status) {
    case 'deploying': {
      const running = deployment.steps.find((step) => step.status === 'running');
      return {
        title: `⏳ ${running === undefined ? 'Deploying' : trimDots(running.label)}…`,
        body: stepLines(deployment.steps, now),
        facts: [...facts, seconds(now - deployment.startedAt)],
        buttons: [button('cancel', 'Cancel')],
      };
    }
    case 'ready':
      return {
        title: '✅ Deployment ready',
        body: url === null ? '' : `<${url}>`,
        facts: [...facts, seconds((deployment.endedAt ?? now) - deployment.startedAt)],
        buttons: [
          ...open,
          button('tests', 'Run tests'),
          button('logs', 'Logs'),
          button('redeploy', 'Redeploy'),
          button('cleanup', 'Clean up', 'danger'),
        ],
      };
    case 'failed':
      if (cause?.kind === 'cancelled')
        return {
          title: '🗑️ Deployment cancelled',
          facts: [...facts, why],
          buttons: [button('redeploy', 'Deploy again')],
        };
      return {
        title: `❌ Deployment failed - ${why || 'the cause is not known'}`,
        body: bodyOf(deployment, now),
        facts,
        buttons: [button('retry', 'Retry', 'primary'), button('debug', 'Debug'), button('logs', 'Logs')],
      };
    case 'down':
      return {
        title: `💥 The lab is down${why === '' ? '' : ` - ${why}`}`,
        body: bodyOf(deployment, now),
        facts,
        buttons: [
          button('redeploy', 'Redeploy', 'primary'),
          button('debug', 'Debug'),
          button('logs', 'Logs'),
          button('cleanup', 'Clean up', 'danger'),
        ],
      };
    case 'replaced':
      return { title: '♻️ Replaced by a later deployment', facts };
    case 'removed':
      if (failedFor !== '')
        return { title: `❌ Deployment failed - ${titled(failedFor)}`, facts: [...facts, 'cleaned up'] };
      return {
        title: '🧹 The lab is cleaned up',
        facts,
        buttons: [button('redeploy', 'Deploy again')],
      };
  }
}

/** What to do, the steps up to the failed one, and the last lines of the log. */
function bodyOf({ status, cause, steps, log }: Deployment, now: number): string {
  const lines = fenceLog(log.slice(-50));
  return [
    ...(cause === null || cause.fix === '' ? [] : [`**What to do:** ${cause.fix}`]),
    ...(status === 'failed'
      ? [
          stepLines(
            steps.filter((step) => step.status !== 'waiting'),
            now,
          ),
        ]
      : []),
    ...(lines === '' ? [] : [`Last lines of its log:\n${lines}`]),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

function stepLines(steps: readonly LabStep[], now: number): string {
  return steps
    .map(({ status, label, startedAt, ms, detail }) => {
      const ran = status === 'running' ? now - startedAt : ms;
      const took = status === 'waiting' || status === 'skipped' ? '' : ` (${seconds(ran)})`;
      return `- ${glyphs[status]} ${trimDots(label)}${status === 'running' ? '…' : ''}${took}${detail === '' ? '' : ` – ${literal(detail)}`}`;
    })
    .join('\n');
}

/** A card's title shows Markdown's signs as they are. */
function titled(text: string): string {
  return trimDots(text.replaceAll('`', ''));
}

function trimDots(label: string): string {
  return label.replace(/(…|\.+)$/, '');
}

/** Whole ones: on a card that changes in place, tenths only flicker. */
export function seconds(ms: number): string {
  const whole = Math.max(0, Math.round(ms / 1000));
  return whole < 120 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
}
