import { useMemo } from 'react';
import { countUnread, markKey, type Unread } from '../read-marks.ts';
import { useActions, useAppState } from '../store.ts';
import { Icon } from '../ui/icon.tsx';
import type { Message } from '../wire.ts';

const nothing: readonly Message[] = [];

/** Unread roots of a place, and threads with answers the person has not seen. */
function useUnread(channel: string, direct: boolean): Unread & { threads: number } {
  const person = useAppState((state) => state.route.person);
  const roots = useAppState((state) => state.conversations.roots[channel]) ?? nothing;
  const marks = useAppState((state) => state.readMarks);
  return useMemo(() => {
    const concerns = ({ user, text, reply_users }: Message) =>
      user === person || text.includes(`<@${person}`) || (reply_users ?? []).includes(person) || direct;
    const threads = roots.filter((root) => {
      const seen = marks[markKey(person, `${channel}:${root.ts}`)] ?? '';
      return concerns(root) && (root.latest_reply ?? '') > seen;
    });
    return {
      ...countUnread(roots, person, marks[markKey(person, channel)], direct),
      threads: threads.length,
    };
  }, [roots, person, marks, channel, direct]);
}

interface PlaceProps {
  readonly channel: string;
  readonly name: string;
  readonly kind: 'channel' | 'private' | 'app';
}

function Place({ channel, name, kind }: PlaceProps) {
  const { go, toggle } = useActions();
  const current = useAppState((state) => state.route.channel === channel);
  const unread = useUnread(channel, kind === 'app');
  const badge = unread.mentions + unread.threads;
  const bold = badge > 0 || unread.messages > 0;
  return (
    <li>
      <button
        type="button"
        className={bold ? 'place place-unread' : 'place'}
        aria-current={current ? 'page' : undefined}
        onClick={() => {
          go({ channel, home: false });
          toggle('sidebar', false);
        }}
      >
        {kind === 'app' ? (
          <span className="presence" aria-hidden="true" />
        ) : (
          <Icon name={kind === 'private' ? 'lock' : 'hash'} />
        )}
        <span className="place-name">{name}</span>
        {badge > 0 && (
          <span className="badge" aria-label={`${badge} unread`}>
            {badge}
          </span>
        )}
        {badge === 0 && bold && <span className="visually-hidden">unread</span>}
      </button>
    </li>
  );
}

/** Channels and the app; a sheet over the page on a narrow screen. */
export function Sidebar() {
  const { toggle } = useActions();
  const person = useAppState((state) => state.route.person);
  const channels = useAppState((state) => state.world?.channels) ?? [];
  const bot = useAppState((state) => state.world?.bot.name) ?? 'app';
  const dm = useAppState((state) => state.world?.dms[person]) ?? '';
  const isOpen = useAppState((state) => state.ui.sidebar);
  const mine = channels.filter(({ is_im, members }) => !is_im && (members?.includes(person) ?? true));
  return (
    <>
      {isOpen && (
        <button
          type="button"
          className="scrim"
          aria-label="Close the list of channels"
          onClick={() => toggle('sidebar', false)}
        />
      )}
      <nav
        className={isOpen ? 'sidebar sidebar-open' : 'sidebar'}
        aria-label="Channels"
        onKeyDown={(event) => {
          if (event.key === 'Escape') toggle('sidebar', false);
        }}
      >
        <h2>Channels</h2>
        <ul>
          {mine.map(({ id, name, is_private }) => (
            <Place key={id} channel={id} name={name ?? id} kind={is_private ? 'private' : 'channel'} />
          ))}
        </ul>
        <h2>Apps</h2>
        <ul>{dm !== '' && <Place channel={dm} name={bot} kind="app" />}</ul>
      </nav>
    </>
  );
}
