import { useEffect, useState } from 'react';
import { markKey } from '../read-marks.ts';
import { useActions, useAppState } from '../store.ts';
import type { Message } from '../wire.ts';

/**
 * Marks a place as read while it is looked at.
 * @param place a channel, or `channel:root`
 * @returns the mark as it was when the place was opened
 */
export function useReading(place: string, messages: readonly Message[]): string {
  const { markRead } = useActions();
  const person = useAppState((state) => state.route.person);
  const key = markKey(person, place);
  const mark = useAppState((state) => state.readMarks[key]) ?? '';
  const [opened, setOpened] = useState({ key, mark });
  if (opened.key !== key) setOpened({ key, mark });
  const newest = messages.at(-1)?.ts ?? '';
  useEffect(() => {
    const read = () => {
      if (newest !== '' && document.visibilityState === 'visible') markRead(place, newest);
    };
    read();
    document.addEventListener('visibilitychange', read);
    return () => document.removeEventListener('visibilitychange', read);
  }, [markRead, place, newest]);
  return opened.mark;
}
