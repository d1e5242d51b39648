import { useEffect, useRef, useState } from 'react';
import { str } from '../blocks/json.ts';
import { threadKey } from '../conversations.ts';
import { useAppState } from '../store.ts';
import type { Message } from '../wire.ts';

const longest = 200;

function plainText({ text, blocks }: Message): string {
  const first = text || str(blocks?.find((block) => typeof block['text'] === 'string')?.['text']);
  return first.replaceAll(/[<>*_`#|]/g, ' ').slice(0, longest);
}

/** Newer browsers speak to the screen reader directly; TypeScript does not know it yet. */
interface Notifying {
  ariaNotify?(text: string): void;
}

/** Reads new messages of what is open to a screen reader: whole ones only, not every word that streams in. */
export function Announcer() {
  const { channel, thread, person } = useAppState((state) => state.route);
  const messages = useAppState((state) =>
    thread === ''
      ? state.conversations.roots[channel]
      : state.conversations.threads[threadKey(channel, thread)],
  );
  const people = useAppState((state) => state.world?.people);
  const [said, setSaid] = useState('');
  const place = `${person} ${channel} ${thread}`;
  const last = useRef({ place: '', ts: '' });
  useEffect(() => {
    const newest = messages?.findLast(
      ({ stream, user, ephemeral_to }) =>
        stream !== 'open' && user !== person && (ephemeral_to === undefined || ephemeral_to === person),
    );
    const isNew = newest !== undefined && last.current.place === place && newest.ts > last.current.ts;
    if (messages) last.current = { place, ts: newest?.ts ?? last.current.ts };
    if (!isNew) return;
    const name = people?.find(({ id }) => id === newest.user)?.real_name ?? newest.user;
    const text = `${name}: ${plainText(newest)}`;
    const page = document as Document & Notifying;
    if (page.ariaNotify) page.ariaNotify(text);
    else setSaid(text);
  }, [messages, people, person, place]);
  return (
    <div className="visually-hidden" aria-live="polite">
      {said}
    </div>
  );
}
