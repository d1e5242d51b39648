import { useActions, useAppState } from '../store.ts';
import { Avatar } from '../ui/avatar.tsx';
import { clockTime } from '../ui/time.ts';
import type { Message } from '../wire.ts';
import { markKey } from '../read-marks.ts';

/** Below a root: who answered, how often, when last; opens the thread. */
export function ThreadRow({ channel, message }: { channel: string; message: Message }) {
  const { go } = useActions();
  const people = useAppState((state) => state.world?.people) ?? [];
  const key = `${channel}:${message.ts}`;
  const mark = useAppState((state) => state.readMarks[markKey(state.route.person, key)]);
  const isOpen = useAppState((state) => state.route.thread === message.ts && state.route.channel === channel);
  if (message.reply_count === undefined) return null;
  const latest = message.latest_reply ?? '';
  const isNew = latest > (mark ?? '') && !isOpen;
  const count = `${message.reply_count} ${message.reply_count === 1 ? 'reply' : 'replies'}`;
  return (
    <button
      type="button"
      className={isNew ? 'thread-row thread-row-new' : 'thread-row'}
      onClick={() => go({ thread: message.ts })}
    >
      <span className="visually-hidden">Open thread: </span>
      {(message.reply_users ?? []).map((id) => (
        <Avatar key={id} id={id} name={people.find((one) => one.id === id)?.real_name ?? id} small />
      ))}
      <strong>{count}</strong>
      {isNew && <span className="badge">New</span>}
      <span className="muted">Last at {clockTime(latest)}</span>
    </button>
  );
}
