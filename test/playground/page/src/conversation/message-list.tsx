import {
  Fragment,
  useDeferredValue,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
  type KeyboardEvent,
} from 'react';
import { Icon } from '../ui/icon.tsx';
import { dayName } from '../ui/time.ts';
import type { Message } from '../wire.ts';
import { MessageRow } from './message.tsx';

interface Props {
  readonly channel: string;
  readonly messages: readonly Message[];
  readonly label: string;
  readonly inThread: boolean;
  /** Newest ts seen before this place was opened; the line "New" is drawn below it. */
  readonly readUntil: string;
  readonly me: string;
}

/** Messages this close together, by one author, share a heading. Seconds. */
const togetherSeconds = 300;
/** Rows of the first draw; more than a screen holds. */
const drawnFirst = 40;
/** Nearer to the end than this counts as at the end. Pixels. */
const nearEnd = 60;

function isCompact(before: Message | undefined, now: Message): boolean {
  if (!before || before.user !== now.user || before.ephemeral_to !== now.ephemeral_to) return false;
  if (before.subtype === 'tombstone' || before.reply_count !== undefined) return false;
  return Number(now.ts) - Number(before.ts) < togetherSeconds;
}

function sizeOf({ scrollHeight, clientHeight }: HTMLElement): string {
  return `${scrollHeight} ${clientHeight}`;
}

/** Arrows go from message to message; Tab goes on into the one that has the focus. */
function moveFocus(event: KeyboardEvent<HTMLElement>): void {
  const row = (event.target as HTMLElement).closest<HTMLElement>('li.message');
  const isRow = event.target === row;
  if (!isRow && event.target !== event.currentTarget) return;
  const rows = [...event.currentTarget.querySelectorAll<HTMLElement>('li.message')];
  const at = row ? rows.indexOf(row) : rows.length;
  const steps: Record<string, number> = { ArrowUp: at - 1, ArrowDown: at + 1, Home: 0, End: rows.length - 1 };
  const to = steps[event.key];
  if (to === undefined) return;
  event.preventDefault();
  rows[Math.max(0, Math.min(rows.length - 1, to))]?.focus();
}

/** A conversation, oldest first. It follows its end while the reader is there, and offers to go back otherwise. */
export function MessageList({ channel, messages: all, label, inThread, readUntil, me }: Props) {
  // The end of a long conversation is drawn at once, the rest when there is time.
  const messages = useDeferredValue(all, all.slice(-drawnFirst));
  const box = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLOListElement>(null);
  const atEnd = useRef(true);
  const knownSize = useRef('');
  const [away, setAway] = useState(false);
  const toEnd = () => {
    const element = box.current;
    if (!element) return;
    element.scrollTop = element.scrollHeight;
    knownSize.current = sizeOf(element);
  };
  useLayoutEffect(() => {
    if (atEnd.current || messages.at(-1)?.user === me) toEnd();
  }, [messages, me]);
  useEffect(() => {
    // Rows grow after they were drawn: text that streams in, pictures, rows that come into view.
    const observer = new ResizeObserver(() => {
      if (atEnd.current) toEnd();
      if (box.current) knownSize.current = sizeOf(box.current);
    });
    if (content.current) observer.observe(content.current);
    if (box.current) observer.observe(box.current);
    return () => observer.disconnect();
  }, []);
  const firstNew = messages.find(({ ts, user }) => readUntil !== '' && ts > readUntil && user !== me);
  return (
    <div
      ref={box}
      className="messages"
      role="region"
      tabIndex={0}
      aria-label={label}
      onKeyDown={moveFocus}
      onScroll={(event) => {
        const { scrollTop, scrollHeight, clientHeight } = event.currentTarget;
        // Of another size since: the observer is about to follow, this was not the reader.
        if (atEnd.current && sizeOf(event.currentTarget) !== knownSize.current) return;
        atEnd.current = scrollHeight - scrollTop - clientHeight < nearEnd;
        setAway(!atEnd.current);
      }}
    >
      <ol ref={content} aria-label="Messages">
        {messages.map((message, at) => {
          const before = messages[at - 1];
          const day = dayName(message.ts);
          const newDay = !before || dayName(before.ts) !== day;
          return (
            <Fragment key={message.ts}>
              {newDay && !(inThread && !message.is_reply) && (
                <li className="day">
                  <span>{day}</span>
                </li>
              )}
              {message === firstNew && (
                <li className="day day-new">
                  <span>New</span>
                </li>
              )}
              <MessageRow
                channel={channel}
                message={message}
                inThread={inThread}
                compact={
                  !newDay &&
                  message !== firstNew &&
                  isCompact(before, message) &&
                  !(inThread && !before?.is_reply)
                }
              />
              {inThread && !message.is_reply && all.length > 1 && (
                <li className="day">
                  <span>
                    {all.length - 1} {all.length === 2 ? 'reply' : 'replies'}
                  </span>
                </li>
              )}
            </Fragment>
          );
        })}
      </ol>
      {away && (
        <button type="button" className="to-end button" onClick={toEnd}>
          <Icon name="down" /> Newest
        </button>
      )}
    </div>
  );
}
