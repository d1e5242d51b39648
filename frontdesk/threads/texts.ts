/** Everything the service itself says in a thread. Pure. */
import type { Card } from '../../mcp-servers/kit/chat.ts';
import type { Usage } from '../opencode/agent.ts';

/** What a turn is doing, as far as its events told. */
export interface Progress {
  /** Unix ms. */
  readonly startedAt: number;
  readonly steps: number;
  /** Tool that runs now, '' when the model writes. */
  readonly tool: string;
  readonly retry: string;
}

export function queuedCard(messageId: string, position: number): Card {
  return {
    title: `🕐 Queued at position ${position}`,
    buttons: [
      { action: 'queue.now', label: 'Send now', value: messageId },
      { action: 'queue.remove', label: 'Remove', value: messageId },
    ],
  };
}

export function turnCard(turnId: string, progress: Progress, now: number): Card {
  const { tool, retry, steps, startedAt } = progress;
  const title = retry === '' ? (tool === '' ? '🤔 Agent is thinking…' : `🔧 ${tool}`) : `⏳ ${retry}`;
  const facts = [formatDuration(now - startedAt), ...(steps > 1 ? [`step ${steps}`] : [])];
  return { title, facts, buttons: [{ action: 'turn.stop', label: 'Stop', value: turnId, style: 'danger' }] };
}

export function stalledCard(turnId: string, silentMs: number): Card {
  return {
    title: `⚠️ The agent has given no sign of life for ${formatDuration(silentMs)}. It may be stuck.`,
    buttons: [
      { action: 'turn.wait', label: 'Wait', value: turnId },
      { action: 'turn.stop', label: 'Stop', value: turnId, style: 'danger' },
    ],
  };
}

export const texts = {
  removed: (name: string) => `🗑️ Removed from the queue by ${name}.`,
  stopped: (name: string, waiting: number) =>
    `⏹️ Stopped by ${name}.${waiting === 0 ? '' : waiting === 1 ? ' One message is still queued; it is next.' : ` ${waiting} messages are still queued; the next one is up.`}`,
  interrupted: (name: string) => `⏭️ ${name} put a queued message first.`,
  limit: (note: string) => `⏹️ Stopped: ${note}. Write here to go on from where it was.`,
  failed: (error: string) =>
    `❌ The agent failed: ${error}\nNothing you wrote is lost. Write “try again” here to repeat it.`,
  gaveUp: (times: number) =>
    `❌ The agent was cut off ${times} times while working on this. Nothing you wrote is lost; write “try again” when OpenCode is well.`,
  silent: 'The agent ended without an answer. Write here to ask again.',
  stillWorking: (silentMs: number) => `⏳ Still working: no news for ${formatDuration(silentMs)}.`,
  waitingOn: '⏳ Waiting on. I’ll say so if it stays silent.',
  unreadableFile: (name: string, reason: string) => `📎 I could not read ${name}: ${reason}.`,
};

/** OUT-6, of what is known for a front-desk turn: `time ⋅ context % ⋅ cost ⋅ model`. */
export function footerOf(usage: Usage | null, elapsedMs: number): string {
  const parts = [formatDuration(elapsedMs)];
  if (usage !== null) {
    if (usage.contextLimit > 0 && usage.contextTokens > 0)
      parts.push(`${Math.max(1, Math.round((usage.contextTokens / usage.contextLimit) * 100))} % context`);
    if (usage.cost > 0) parts.push(usage.cost < 0.01 ? '< $0.01' : `$${usage.cost.toFixed(2)}`);
    if (usage.model !== '') parts.push(usage.model);
  }
  return parts.join(' ⋅ ');
}

/** `8 s`, `3 min 20 s`, `2 h 5 min`. */
export function formatDuration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return seconds % 60 === 0 ? `${minutes} min` : `${minutes} min ${seconds % 60} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
