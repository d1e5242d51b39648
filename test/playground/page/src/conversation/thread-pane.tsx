import { useMemo } from 'react';
import { threadKey, visibleTo } from '../conversations.ts';
import { useActions, useAppState } from '../store.ts';
import { Icon } from '../ui/icon.tsx';
import { Composer } from './composer.tsx';
import { MessageList } from './message-list.tsx';
import { StatusLine } from './status-line.tsx';
import { useReading } from './use-reading.ts';

const nothing: readonly never[] = [];

/** A thread beside its channel; the whole screen on a phone. */
export function ThreadPane() {
  const { go } = useActions();
  const { channel, thread, person } = useAppState((state) => state.route);
  const key = threadKey(channel, thread);
  const all = useAppState((state) => state.conversations.threads[key]);
  const title = useAppState((state) => state.world?.titles[key]);
  const name = useAppState((state) => state.world?.channels.find(({ id }) => id === channel)?.name);
  const messages = useMemo(() => visibleTo(person, all ?? nothing), [person, all]);
  const readUntil = useReading(key, messages);
  const close = () => go({ thread: '' });
  return (
    <aside
      className="thread"
      aria-label="Thread"
      onKeyDown={(event) => {
        if (event.key === 'Escape' && !event.defaultPrevented) close();
      }}
    >
      <header className="pane-head">
        <h2>{title ?? 'Thread'}</h2>
        <span className="muted">{name === undefined ? 'Direct message' : `#${name}`}</span>
        <button type="button" className="icon-button" aria-label="Close thread" onClick={close}>
          <Icon name="close" />
        </button>
      </header>
      <MessageList
        key={`${person} ${key}`}
        channel={channel}
        messages={messages}
        label="Messages in the thread"
        inThread
        readUntil={readUntil}
        me={person}
      />
      <StatusLine channel={channel} root={thread} />
      <Composer key={key} channel={channel} thread={thread} label="Reply…" autoFocus />
    </aside>
  );
}
