import { type Logger, LogLevel } from '@slack/bolt';
import type { Log } from '../../mcp-servers/kit/log.ts';

/** Slack's packages log into ours, warnings and errors only. */
export function createSlackLog(log: Log): Logger {
  const render = (parts: unknown[]) => parts.map(String).join(' ');
  return {
    debug() {},
    info() {},
    warn: (...parts: unknown[]) => log.warn({ detail: render(parts) }, 'slack.library.warned'),
    error: (...parts: unknown[]) => log.error({ detail: render(parts) }, 'slack.library.failed'),
    setLevel() {},
    getLevel: () => LogLevel.WARN,
    setName() {},
  };
}
