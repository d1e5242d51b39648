import { threadKey } from '../../mcp-servers/kit/chat.ts';
import type { Action } from './decide.ts';
import type { Incoming } from './incoming.ts';
import type { AuditEntry } from './ports.ts';

/** What came of it, as the audit log tells it; marks are not worth telling. */
const outcomes: Readonly<Record<Action['kind'], string>> = {
  run: 'turn begun',
  queued: 'queued',
  unqueued: 'removed from the queue',
  abort: 'turn stopped',
  wait: 'waiting on',
  whisper: 'nothing to do',
  command: 'command',
  say: 'told',
  mark: '',
};

/** @returns the line of the audit log (IN-11) for what a person did and what it led to */
export function auditEntryOf(incoming: Incoming, actions: readonly Action[]): AuditEntry {
  const action = incoming.kind === 'action' ? incoming.action : incoming.kind;
  const outcome = actions.map(({ kind }) => outcomes[kind]).filter((words) => words !== '');
  return { person: incoming.author, action, target: threadKey(incoming.ref), outcome: outcome.join(', ') };
}
