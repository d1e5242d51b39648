import { useMemo } from 'react';
import { visibleTo } from '../conversations.ts';
import { useActions, useAppState } from '../store.ts';
import { Icon } from '../ui/icon.tsx';
import { AppTabs } from '../home/app-tabs.tsx';
import { Composer } from './composer.tsx';
import { MessageList } from './message-list.tsx';
import { useReading } from './use-reading.ts';
import { Welcome } from './welcome.tsx';

function Prompts({ channel }: { channel: string }) {
  const { setDraft } = useActions();
  const prompts = useAppState(
    (state) => state.world?.prompts[`${channel}:`] ?? state.world?.prompts[channel],
  );
  if (!prompts || prompts.length === 0) return null;
  return (
    <div className="prompts">
      {prompts.map(({ title, message }) => (
        <button
          key={title}
          type="button"
          className="button button-small"
          onClick={() => setDraft(channel, message)}
        >
          {title}
        </button>
      ))}
    </div>
  );
}

/** A channel or the direct message with the app. */
export function ConversationPane() {
  const { channel, person } = useAppState((state) => state.route);
  const world = useAppState((state) => state.world);
  const roots = useAppState((state) => state.conversations.roots[channel]);
  const messages = useMemo(
    () => visibleTo(person, roots ?? []).filter(({ is_reply }) => !is_reply),
    [person, roots],
  );
  const readUntil = useReading(channel, messages);
  const info = world?.channels.find(({ id }) => id === channel);
  const bot = world?.bot.name ?? 'app';
  const direct = world !== undefined && Object.values(world.dms).includes(channel);
  const name = direct ? bot : (info?.name ?? channel);
  const members = info?.members?.length;
  return (
    <main className="pane" aria-label={direct ? `Direct message with ${bot}` : `Channel ${name}`}>
      <header className="pane-head">
        <h1>
          {!direct && <Icon name={info?.is_private ? 'lock' : 'hash'} />}
          {name}
        </h1>
        {direct ? <AppTabs /> : members !== undefined && <span className="muted">{members} members</span>}
      </header>
      <MessageList
        key={`${person} ${channel}`}
        channel={channel}
        messages={messages}
        label={direct ? `Messages with ${bot}` : `Messages in ${name}`}
        inThread={false}
        readUntil={readUntil}
        me={person}
      />
      {messages.length === 0 && <Welcome direct={direct} bot={bot} />}
      <Prompts channel={channel} />
      <Composer key={channel} channel={channel} label={`Message ${direct ? bot : `#${name}`}`} autoFocus />
    </main>
  );
}
