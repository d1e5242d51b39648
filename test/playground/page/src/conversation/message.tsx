import { memo, useState } from 'react';
import { useAppState } from '../store.ts';
import { Avatar } from '../ui/avatar.tsx';
import { Icon } from '../ui/icon.tsx';
import { clockTime, dateOf, fullTime } from '../ui/time.ts';
import type { Message } from '../wire.ts';
import { MessageActions } from './message-actions.tsx';
import { MessageBody } from './message-body.tsx';
import { MessageEdit } from './message-edit.tsx';
import { Reactions } from './reactions.tsx';
import { StatusLine } from './status-line.tsx';
import { ThreadRow } from './thread-row.tsx';

interface Props {
  readonly channel: string;
  readonly message: Message;
  /** By the same author as the one above, soon after it: without name and picture. */
  readonly compact: boolean;
  readonly inThread: boolean;
}

function Meta({ message, name }: { message: Message; name: string }) {
  return (
    <div className="message-meta">
      <strong className="message-author">{name}</strong>
      {message.bot_id !== undefined && <span className="app-badge">APP</span>}
      <time dateTime={dateOf(message.ts).toISOString()} title={fullTime(message.ts)}>
        {clockTime(message.ts)}
      </time>
    </div>
  );
}

/** One message with all that belongs to it. Drawn again only when it changes. */
export const MessageRow = memo(function MessageRow({ channel, message, compact, inThread }: Props) {
  const [pointed, setPointed] = useState(false);
  const [focused, setFocused] = useState(false);
  const [held, setHeld] = useState(false);
  const [editing, setEditing] = useState(false);
  const person = useAppState((state) => state.world?.people.find(({ id }) => id === message.user));
  const deleted = message.subtype === 'tombstone';
  const name = deleted ? 'Deleted' : (message.username ?? person?.real_name ?? message.user);
  const ephemeral = message.ephemeral_to !== undefined;
  const active = (pointed || focused || held) && !editing && !deleted && !ephemeral;
  return (
    <li
      className={`message ${active ? 'message-active' : ''} ${compact ? 'message-compact' : ''} ${ephemeral ? 'message-ephemeral' : ''}`}
      data-ts={message.ts}
      tabIndex={-1}
      aria-label={`${name}, ${clockTime(message.ts)}`}
      onPointerEnter={() => setPointed(true)}
      onPointerLeave={() => setPointed(false)}
      onFocus={() => setFocused(true)}
      onBlur={(event) => setFocused(event.currentTarget.contains(event.relatedTarget))}
    >
      <div className="message-side">
        {compact ? (
          <time
            className="side-time"
            dateTime={dateOf(message.ts).toISOString()}
            title={fullTime(message.ts)}
          >
            {clockTime(message.ts).replace(/\s?[ap]m$/i, '')}
          </time>
        ) : (
          <Avatar id={message.user} name={name} />
        )}
      </div>
      <div className="message-main">
        {ephemeral && (
          <div className="only-you">
            <Icon name="eye" /> Only visible to you
          </div>
        )}
        {!compact && <Meta message={message} name={name} />}
        {editing ? (
          <MessageEdit channel={channel} message={message} onDone={() => setEditing(false)} />
        ) : deleted ? (
          <p className="muted">This message was deleted.</p>
        ) : (
          <MessageBody channel={channel} message={message} />
        )}
        <Reactions channel={channel} message={message} />
        {!inThread && <ThreadRow channel={channel} message={message} />}
        {!inThread && <StatusLine channel={channel} root={message.ts} />}
      </div>
      {active && (
        <MessageActions
          channel={channel}
          message={message}
          inThread={inThread}
          onHold={setHeld}
          onEdit={() => setEditing(true)}
        />
      )}
    </li>
  );
});
