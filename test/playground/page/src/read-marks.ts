import type { AppState } from './store.ts';
import type { Message } from './wire.ts';

const storageKey = 'playground.read';

/** What each person has seen is kept by the browser, for all tabs: Slack's API has no unread marks for apps. */
export function loadReadMarks(): Record<string, string> {
  try {
    return JSON.parse(localStorage.getItem(storageKey) ?? '{}') as Record<string, string>;
  } catch {
    return {};
  }
}

export function saveReadMarks(marks: AppState['readMarks']): void {
  localStorage.setItem(storageKey, JSON.stringify(marks));
}

/** Calls back when another tab has read something. @returns the function that stops watching */
export function watchReadMarks(changed: (marks: Record<string, string>) => void): () => void {
  const listener = (event: StorageEvent) => {
    if (event.key === storageKey) changed(loadReadMarks());
  };
  addEventListener('storage', listener);
  return () => removeEventListener('storage', listener);
}

/** `place` is a channel, or `channel:root`. */
export function markKey(person: string, place: string): string {
  return `${person} ${place}`;
}

export interface Unread {
  readonly messages: number;
  /** Those that name the person, and all in a direct message. */
  readonly mentions: number;
}

/** @returns what of a list the person has not seen and did not write */
export function countUnread(
  messages: readonly Message[],
  person: string,
  mark: string | undefined,
  direct = false,
): Unread {
  const news = messages.filter(
    ({ ts, user, ephemeral_to }) =>
      ts > (mark ?? '') && user !== person && (ephemeral_to === undefined || ephemeral_to === person),
  );
  const mentions = direct ? news : news.filter(({ text }) => text.includes(`<@${person}`));
  return { messages: news.length, mentions: mentions.length };
}
