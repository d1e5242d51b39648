import { useState } from 'react';
import { useActions, useAppState } from '../store.ts';
import type { Message, Person } from '../wire.ts';
import { unescape } from '../blocks/mrkdwn-parse.ts';

/** @returns the text as it was typed: `@anna` for `<@U_ANNA>` */
function typedAgain(text: string, people: readonly Person[]): string {
  const named = text
    .replaceAll(
      /<@([^>|]+)(?:\|[^>]*)?>/g,
      (_all, id: string) => `@${people.find((one) => one.id === id)?.name ?? id}`,
    )
    .replaceAll(/<((?:https?|mailto):[^>|]+)(?:\|[^>]*)?>/g, '$1');
  return unescape(named);
}

/** One's own message, being changed in place. Enter saves, Esc does not. */
export function MessageEdit({
  channel,
  message,
  onDone,
}: {
  channel: string;
  message: Message;
  onDone: () => void;
}) {
  const { act } = useActions();
  const people = useAppState((state) => state.world?.people) ?? [];
  const [text, setText] = useState(() => typedAgain(message.text, people));
  const save = () => {
    if (text.trim() !== '') void act({ do: 'edit', channel, ts: message.ts, text });
    onDone();
  };
  return (
    <form
      className="message-edit"
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
    >
      <textarea
        className="input"
        aria-label="Edit message"
        autoFocus
        rows={Math.min(8, text.split('\n').length + 1)}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') onDone();
          if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
          event.preventDefault();
          save();
        }}
      />
      <button type="button" className="button button-small" onClick={onDone}>
        Cancel
      </button>
      <button type="submit" className="button button-small button-primary">
        Save
      </button>
    </form>
  );
}
