/** What the service says of itself, for people who watch: its log lines as sentences. Pure. */
import { readableLogLine } from '../try/log-lines.ts';

export interface LogEvent {
  readonly msg: string;
  readonly level: string;
  /** The line's other fields. */
  readonly fields: Readonly<Record<string, unknown>>;
}

/** @returns undefined for a line that is not JSON of ours */
export function parseLogLine(line: string): LogEvent | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    const { msg, level, ...fields } = JSON.parse(line) as Record<string, unknown>;
    return { msg: String(msg), level: String(level), fields };
  } catch {
    return undefined;
  }
}

type Words = (fields: LogEvent['fields']) => string | undefined;
const text = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value ?? ''));
/** Reasons may go on with what the process printed. */
const brief = (value: unknown) => text(value).split(/\.\s|\n/, 1)[0] ?? '';

const sentences: Readonly<Record<string, Words>> = {
  'frontdesk.ready': ({ resumed }) =>
    Number(resumed) > 0 ? `The service serves; ${text(resumed)} thread(s) go on.` : 'The service serves.',
  'opencode.process.ready': ({ pid }) => `OpenCode is up (pid ${text(pid)}).`,
  'opencode.process.ended': ({ reason }) => `OpenCode is gone (${brief(reason)}); it is started again.`,
  'opencode.process.restarted': () => 'OpenCode serves again.',
  'opencode.process.restarting': ({ reason }) => `OpenCode is restarted: ${text(reason)}.`,
  'opencode.process.stuck': () => 'OpenCode does not answer.',
  'opencode.restart.failed': ({ error }) => `OpenCode did not come up: ${text(error)}.`,
  'opencode.orphan.ending': ({ pid }) =>
    `An OpenCode was left by the service before (pid ${text(pid)}); it is ended.`,
  // It has two lines; the second is no news.
  'slack.socket.connected': ({ connections }) => (connections === 1 ? 'Connected to Slack.' : undefined),
  'slack.socket.none': () => 'No connection to Slack.',
  'slack.stranger.refused': ({ user }) => `${text(user)} is not on the allowlist: met with silence.`,
  'opencode.events.lost': () => 'The line to OpenCode is cut.',
  'turn.ended': ({ outcome }) => (outcome === 'done' ? 'A turn is done.' : `A turn ended: ${text(outcome)}.`),
  'turn.failed': ({ error }) => `A turn failed: ${text(error)}.`,
  'turn.interrupted.continuing': () => 'A turn that was cut off goes on.',
  'outbox.send.delayed': () => 'Slack does not take a post; it is tried again.',
  'outbox.entry.buried': () => 'A post was given up; the operator is told.',
};

/** @returns the sentence; a warning without one in its own terms, anything else without one undefined */
export function sayLogLine(line: string): string | undefined {
  const event = parseLogLine(line);
  if (!event) return line.trim() === '' ? undefined : line;
  const known = sentences[event.msg];
  if (known) return known(event.fields);
  return isTrouble(event) ? readableLogLine(line) : undefined;
}

export function isTrouble({ level }: LogEvent): boolean {
  return level === 'warn' || level === 'error' || level === 'fatal';
}
