import { useState } from 'react';
import { useActions, useAppState } from '../store.ts';
import { Confirm } from '../ui/dialog.tsx';
import { emojiOf } from '../emoji.ts';
import { Icon } from '../ui/icon.tsx';
import { Menu, type MenuItem } from '../ui/menu.tsx';
import type { Message } from '../wire.ts';
import { ReactionPicker, useReact } from './reactions.tsx';

interface Props {
  readonly channel: string;
  readonly message: Message;
  /** Replies open in the panel; inside of it there is nothing to open. */
  readonly inThread: boolean;
  readonly onEdit: () => void;
  /** While one of its menus is open the bar must stay. */
  readonly onHold: (held: boolean) => void;
}

const quick = ['white_check_mark', 'eyes'] as const;

/** The bar that shows while a message is pointed at or has the focus. */
export function MessageActions({ channel, message, inThread, onEdit, onHold }: Props) {
  const { act, go, toast } = useActions();
  const me = useAppState((state) => state.route.person);
  const shortcuts = useAppState((state) => state.world?.shortcuts) ?? [];
  const appName = useAppState((state) => state.world?.bot.name) ?? 'app';
  const react = useReact({ channel, message });
  const [asking, setAsking] = useState(false);
  const own = message.user === me;
  const { ts } = message;

  const items: MenuItem[] = [
    ...shortcuts
      .filter(({ type }) => type === 'message')
      .map((shortcut) => ({
        key: shortcut.callback_id,
        label: (
          <>
            <Icon name="bolt" /> {shortcut.name ?? shortcut.callback_id} <small>{appName}</small>
          </>
        ),
        onChoose: () => void act({ do: 'shortcut', callbackId: shortcut.callback_id, channel, ts }),
      })),
    {
      key: 'copy',
      label: (
        <>
          <Icon name="copy" /> Copy text
        </>
      ),
      onChoose: () => {
        navigator.clipboard.writeText(message.text).then(
          () => toast('Copied.'),
          () => toast('The browser does not let the page copy.'),
        );
      },
    },
    ...(own
      ? [
          {
            key: 'edit',
            label: (
              <>
                <Icon name="edit" /> Edit message
              </>
            ),
            onChoose: onEdit,
          },
          {
            key: 'delete',
            danger: true,
            label: (
              <>
                <Icon name="trash" /> Delete message…
              </>
            ),
            onChoose: () => {
              onHold(true);
              setAsking(true);
            },
          },
        ]
      : []),
  ];
  return (
    <div className="message-actions" role="toolbar" aria-label="Message actions">
      {quick.map((name) => (
        <button
          key={name}
          type="button"
          className="icon-button"
          aria-label={`React with ${name.replaceAll('_', ' ')}`}
          title={`:${name}:`}
          onClick={() => react(name)}
        >
          {emojiOf(name)}
        </button>
      ))}
      <ReactionPicker channel={channel} message={message} className="icon-button" onToggle={onHold} />
      {!inThread && (
        <button
          type="button"
          className="icon-button"
          aria-label="Reply in thread"
          title="Reply in thread"
          onClick={() => go({ thread: message.thread_ts ?? ts })}
        >
          <Icon name="reply" />
        </button>
      )}
      <Menu label="More message actions" items={items} onToggle={(open) => onHold(open || asking)}>
        <Icon name="more" />
      </Menu>
      {asking && (
        <Confirm
          title="Delete message"
          text="Are you sure? This cannot be undone."
          yes="Delete"
          no="Cancel"
          danger
          onAnswer={(yes) => {
            setAsking(false);
            onHold(false);
            if (yes) void act({ do: 'delete', channel, ts });
          }}
        />
      )}
    </div>
  );
}
