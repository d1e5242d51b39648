/** What a message, a click or an edit does to a thread. Pure: the stored record in, the new one and the actions out. */
import { isMessageId } from './compact.ts';
import type { Incoming } from './incoming.ts';
import type { ThreadRecord, Turn, Waiting } from './record.ts';

export type Action =
  /** A turn was begun by this change: run it. */
  | { readonly kind: 'run' }
  | { readonly kind: 'mark'; readonly messageId: string; readonly on: boolean }
  | { readonly kind: 'queued'; readonly messageId: string; readonly position: number }
  | {
      readonly kind: 'unqueued';
      readonly messageId: string;
      readonly by: string;
      readonly how: 'removed' | 'deleted' | 'taken';
    }
  | { readonly kind: 'abort' }
  | { readonly kind: 'whisper'; readonly to: string; readonly text: string }
  | { readonly kind: 'say'; readonly id: string; readonly text: string }
  | { readonly kind: 'wait' }
  /** Not for the agent: a verb the service does itself (IN-8). */
  | {
      readonly kind: 'command';
      readonly messageId: string;
      readonly author: string;
      readonly text: string;
    };

export interface Decision {
  /** The same object when nothing is to be stored. */
  readonly record: ThreadRecord | undefined;
  readonly actions: readonly Action[];
}

export interface Moment {
  /** Unix ms. */
  readonly now: number;
  /** Fresh id for a turn that may begin. */
  readonly promptId: string;
  /** Whether a message that is meant for the bot is one of the service's own verbs. */
  readonly isCommand?: (text: string) => boolean;
  /** Whether a workspace is plugged into the thread. */
  readonly isPlugged?: boolean;
}

/** Slack delivers again within 5 min (notes/slack.md §7); a thread sees far fewer than this many ids in that time. */
const seenLimit = 400;
const deliveredLimit = 30;
const asideLimit = 20;
const stopWords = /^(stop|halt|abort|cancel)[.!]*$|^🛑$|^:octagonal_sign:$/i;

export function decide(record: ThreadRecord | undefined, incoming: Incoming, moment: Moment): Decision {
  switch (incoming.kind) {
    case 'message':
      return decideMessage(record, incoming, moment);
    case 'edited':
      return record === undefined ? { record, actions: [] } : decideEdit(record, incoming, moment);
    case 'deleted':
      return record?.queue.some(({ messageId }) => messageId === incoming.messageId)
        ? removeQueued(record, incoming.messageId, incoming.author, 'deleted')
        : { record, actions: [] };
    case 'stop':
      return record === undefined ? { record, actions: [] } : decideStop(record, incoming.author, moment);
    case 'action':
      return record === undefined ? { record, actions: [] } : decideAction(record, incoming);
  }
}

function decideMessage(
  known: ThreadRecord | undefined,
  incoming: Incoming & { kind: 'message' },
  moment: Moment,
): Decision {
  const { messageId, eventId, author, text, files, addressing } = incoming;
  if (known === undefined && addressing !== 'direct') return { record: known, actions: [] };
  // Slack sends a mention twice, with one ts and two event ids; and everything again when in doubt.
  if (known !== undefined && isSeen(known, messageId, eventId)) return { record: known, actions: [] };
  const record = noteSeen(
    known ?? emptyRecord(incoming, moment.now),
    [messageId, eventId],
    messageId,
    moment.now,
  );

  const command = addressing === 'other' ? null : commandOf(text, files.length);
  // With no turn to end, `@bot stop` is the verb: the work session that is plugged in here (IN-8).
  const isVerb = record.turn === null && addressing === 'direct' && moment.isPlugged === true;
  if (command === 'stop' && !(isVerb && moment.isCommand?.(text))) return decideStop(record, author, moment);
  if (command === 'mute' || command === 'unmute') {
    const muted = command === 'mute';
    const says = muted
      ? '🔇 I’ll stay quiet here unless you mention me. `unmute` brings me back.'
      : '🔔 I’m listening to this thread again.';
    return { record: { ...record, muted }, actions: [{ kind: 'say', id: `${messageId}/mute`, text: says }] };
  }
  if (addressing === 'other' || (record.muted && addressing !== 'direct'))
    return {
      record: { ...record, aside: [...record.aside, { author, text }].slice(-asideLimit) },
      actions: [],
    };
  if (text === '' && files.length === 0 && known !== undefined) return { record, actions: [] };
  if (addressing === 'direct' && files.length === 0 && moment.isCommand?.(text))
    return { record, actions: [{ kind: 'command', messageId, author, text }] };

  const waiting: Waiting = {
    messageId,
    author,
    text,
    files: [...files],
    receivedAt: moment.now,
    noticed: false,
  };
  return enqueue(record, waiting, moment);
}

/** Begins a turn when none runs, else queues. */
function enqueue(record: ThreadRecord, waiting: Waiting, moment: Moment): Decision {
  const mark: Action = { kind: 'mark', messageId: waiting.messageId, on: true };
  if (record.turn === null && record.queue.length === 0)
    return {
      record: { ...record, turn: newTurn(record, waiting, moment) },
      actions: [mark, { kind: 'run' }],
    };
  // Messages have no order on their way: one that was written earlier goes before those written after it.
  const newer = waiting.corrects === undefined ? waiting.messageId : '~';
  const at = record.queue.findLastIndex(({ messageId }) => messageId < newer) + 1;
  const queue = record.queue.toSpliced(at, 0, { ...waiting, noticed: true });
  const notice: Action = { kind: 'queued', messageId: waiting.messageId, position: at + 1 };
  return { record: { ...record, queue }, actions: [mark, notice] };
}

function decideEdit(record: ThreadRecord, edit: Incoming & { kind: 'edited' }, moment: Moment): Decision {
  const { messageId, eventId, author, text } = edit;
  if (record.seen.includes(eventId)) return { record, actions: [] };
  const noted = noteSeen(record, [eventId], '', moment.now);
  const queued = record.queue.find((waiting) => waiting.messageId === messageId);
  if (queued !== undefined) {
    if (queued.author !== author) return { record, actions: [] };
    const queue = record.queue.map((waiting) => (waiting === queued ? { ...waiting, text } : waiting));
    return { record: { ...noted, queue }, actions: [] };
  }
  const running = record.turn?.message;
  const delivered =
    running?.messageId === messageId
      ? running
      : record.delivered.find((item) => item.messageId === messageId);
  if (delivered === undefined || delivered.text === text) return { record: noted, actions: [] };
  const corrected = noted.delivered.map((item) => (item.messageId === messageId ? { ...item, text } : item));
  const waiting: Waiting = {
    messageId,
    author,
    text,
    files: [],
    receivedAt: moment.now,
    noticed: false,
    corrects: delivered.text,
  };
  return enqueue({ ...noted, delivered: corrected }, waiting, moment);
}

function decideAction(record: ThreadRecord, click: Incoming & { kind: 'action' }): Decision {
  switch (click.action) {
    case 'turn.stop':
      // A click on the card of a turn that has ended must not hit the next one.
      return record.turn?.id === click.value ? decideStop(record, click.author, {}) : { record, actions: [] };
    case 'turn.wait':
      return { record, actions: record.turn?.id === click.value ? [{ kind: 'wait' }] : [] };
    case 'queue.remove':
      return removeQueued(record, click.value, click.author, 'removed');
    case 'queue.now': {
      const chosen = record.queue.find((waiting) => waiting.messageId === click.value);
      if (chosen === undefined) return tooLate(record, click.author);
      const queue = [chosen, ...record.queue.filter((waiting) => waiting !== chosen)];
      if (record.turn === null || record.turn.stop !== null)
        return { record: { ...record, queue }, actions: [] };
      const turn: Turn = { ...record.turn, stop: { by: click.author, why: 'interrupt', note: '' } };
      return { record: { ...record, queue, turn }, actions: [{ kind: 'abort' }] };
    }
    default:
      return { record, actions: [] };
  }
}

function decideStop(record: ThreadRecord, by: string, { isPlugged = false }: Partial<Moment>): Decision {
  if (record.turn === null) {
    const text = isPlugged
      ? 'I am not at work here. To stop the coding agent, mention me with `stop`, or press Stop on its card.'
      : 'Nothing is running here.';
    return { record, actions: [{ kind: 'whisper', to: by, text }] };
  }
  if (record.turn.stop !== null) return { record, actions: [] };
  return stopTurn(record, { by, why: 'stop', note: '' });
}

/** Ends the running turn; used for limits, too. */
export function stopTurn(record: ThreadRecord, stop: NonNullable<Turn['stop']>): Decision {
  if (record.turn === null || record.turn.stop !== null) return { record, actions: [] };
  return { record: { ...record, turn: { ...record.turn, stop } }, actions: [{ kind: 'abort' }] };
}

/** The turn is over and all its posts are stored: notes it, and begins the next one in the same step. */
export function finishTurn(record: ThreadRecord, turnId: string, moment: Moment): Decision {
  if (record.turn?.id !== turnId) return { record, actions: [] };
  const { messageId, text } = record.turn.message;
  const others = record.delivered.filter((item) => item.messageId !== messageId);
  const delivered = [...others, { messageId, text }].slice(-deliveredLimit);
  const [next, ...queue] = record.queue;
  const rest = { ...record, delivered, aside: [], activeAt: moment.now };
  if (next === undefined) return { record: { ...rest, turn: null }, actions: [] };
  return {
    record: { ...rest, queue, turn: newTurn(rest, next, moment) },
    actions: [{ kind: 'unqueued', messageId: next.messageId, by: '', how: 'taken' }, { kind: 'run' }],
  };
}

function removeQueued(
  record: ThreadRecord,
  messageId: string,
  by: string,
  how: 'removed' | 'deleted',
): Decision {
  const queued = record.queue.find((waiting) => waiting.messageId === messageId);
  if (queued === undefined) return tooLate(record, by);
  return {
    record: { ...record, queue: record.queue.filter((waiting) => waiting !== queued) },
    actions: [
      { kind: 'unqueued', messageId, by, how },
      { kind: 'mark', messageId, on: false },
    ],
  };
}

function tooLate(record: ThreadRecord, to: string): Decision {
  return { record, actions: [{ kind: 'whisper', to, text: 'That message is not in the queue any more.' }] };
}

function newTurn(record: ThreadRecord, message: Waiting, { now, promptId }: Moment): Turn {
  const { team, channel, thread } = record.ref;
  // A correction is a turn of its own with the same message id: its posts need ids of their own.
  const suffix = message.corrects === undefined ? '' : `+${message.receivedAt}`;
  return {
    id: `${team}:${channel}:${thread}/${message.messageId}${suffix}`,
    message,
    promptId,
    attempt: 1,
    startedAt: now,
    replies: [],
    stop: null,
  };
}

function emptyRecord({ ref }: Incoming, now: number): ThreadRecord {
  return {
    ref,
    sessionId: null,
    muted: false,
    turn: null,
    queue: [],
    seen: [],
    lastMessageId: '',
    delivered: [],
    aside: [],
    activeAt: now,
  };
}

/** What is older than all that is remembered was taken long ago. */
function isSeen({ seen, seenCut }: ThreadRecord, messageId: string, eventId: string): boolean {
  if (seen.includes(messageId) || seen.includes(eventId)) return true;
  const oldest = seenCut || seen.length >= seenLimit ? seen.find(isMessageId) : undefined;
  return oldest !== undefined && messageId < oldest;
}

function noteSeen(
  record: ThreadRecord,
  ids: readonly string[],
  messageId: string,
  now: number,
): ThreadRecord {
  const seen = [...record.seen, ...ids.filter((id) => id !== '')].slice(-seenLimit);
  return {
    ...record,
    seen,
    lastMessageId: messageId > record.lastMessageId ? messageId : record.lastMessageId,
    firstMessageId: record.firstMessageId ?? (record.lastMessageId === '' ? messageId : undefined),
    activeAt: now,
  };
}

function commandOf(text: string, files: number): 'stop' | 'mute' | 'unmute' | null {
  if (files > 0) return null;
  if (stopWords.test(text)) return 'stop';
  const word = text.toLowerCase();
  return word === 'mute' || word === 'unmute' ? word : null;
}
