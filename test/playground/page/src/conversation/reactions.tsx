import { useLayoutEffect, useRef, useState } from 'react';
import { commonEmoji, emojiOf, findEmoji } from '../emoji.ts';
import { useActions, useAppState } from '../store.ts';
import { Icon } from '../ui/icon.tsx';
import { placeBeside } from '../ui/menu.tsx';
import type { Message } from '../wire.ts';

interface Place {
  readonly channel: string;
  readonly message: Message;
}

/** Adds or takes back one's own reaction. */
export function useReact({ channel, message }: Place): (emoji: string) => void {
  const { act } = useActions();
  const me = useAppState((state) => state.route.person);
  return (emoji) => {
    const mine = message.reactions?.find(({ name }) => name === emoji)?.users.includes(me);
    void act({ do: mine ? 'unreact' : 'react', channel, ts: message.ts, emoji });
  };
}

/** Reactions below a message; a click joins in or takes one's own back. */
export function Reactions({ channel, message }: Place) {
  const react = useReact({ channel, message });
  const me = useAppState((state) => state.route.person);
  const people = useAppState((state) => state.world?.people) ?? [];
  if (!message.reactions || message.reactions.length === 0) return null;
  return (
    <div className="reactions">
      {message.reactions.map(({ name, users }) => {
        const who = users.map((id) => people.find((one) => one.id === id)?.real_name ?? id).join(', ');
        return (
          <button
            key={name}
            type="button"
            className="reaction"
            aria-pressed={users.includes(me)}
            aria-label={`${name.replaceAll('_', ' ')}, ${users.length}: ${who}`}
            title={`${who} reacted with :${name}:`}
            onClick={() => react(name)}
          >
            <span>{emojiOf(name)}</span> <span>{users.length}</span>
          </button>
        );
      })}
      <ReactionPicker channel={channel} message={message} className="reaction" />
    </div>
  );
}

interface PickerProps extends Place {
  readonly className: string;
  readonly onToggle?: (open: boolean) => void;
}

/** A button that opens the choice of emoji. */
export function ReactionPicker({ channel, message, className, onToggle }: PickerProps) {
  const react = useReact({ channel, message });
  const button = useRef<HTMLButtonElement>(null);
  const popover = useRef<HTMLDivElement>(null);
  const [isOpen, setOpen] = useState(false);
  const [search, setSearch] = useState('');
  useLayoutEffect(() => {
    if (!isOpen || !popover.current || !button.current) return;
    placeBeside(popover.current, button.current);
    popover.current.querySelector('input')?.focus();
  }, [isOpen]);
  const names = search.trim() === '' ? commonEmoji : findEmoji(search.trim(), 32);
  const choose = (name: string) => {
    popover.current?.hidePopover();
    react(name);
  };
  return (
    <>
      <button
        ref={button}
        type="button"
        className={className}
        aria-label="Add a reaction"
        title="Add a reaction"
        aria-haspopup="dialog"
        aria-expanded={isOpen}
        onClick={() => popover.current?.togglePopover()}
      >
        <Icon name="smile" />
      </button>
      <div
        ref={popover}
        popover="auto"
        role="dialog"
        aria-label="Choose a reaction"
        className="menu picker"
        onToggle={(event) => {
          const now = event.newState === 'open';
          setOpen(now);
          setSearch('');
          onToggle?.(now);
        }}
      >
        {isOpen && (
          <>
            <input
              className="input"
              type="search"
              aria-label="Find an emoji"
              placeholder="Find an emoji"
              value={search}
              onChange={(event) => setSearch(event.target.value)}
              onKeyDown={(event) => {
                if (event.key === 'Enter' && names[0] !== undefined) choose(names[0]);
              }}
            />
            <div className="picker-grid">
              {names.map((name) => (
                <button
                  key={name}
                  type="button"
                  title={`:${name}:`}
                  aria-label={name.replaceAll('_', ' ')}
                  onClick={() => choose(name)}
                >
                  {emojiOf(name)}
                </button>
              ))}
              {names.length === 0 && <p>Nothing found.</p>}
            </div>
          </>
        )}
      </div>
    </>
  );
}
