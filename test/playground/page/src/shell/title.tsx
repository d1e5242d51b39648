import { useEffect } from 'react';
import { useAppState } from '../store.ts';

/** Says in the tab who one is and where, so that tabs of several people can be told apart. */
export function Title() {
  const { person, channel } = useAppState((state) => state.route);
  const name = useAppState((state) => state.world?.people.find(({ id }) => id === person)?.real_name);
  const place = useAppState((state) => state.world?.channels.find(({ id }) => id === channel)?.name);
  const bot = useAppState((state) => state.world?.bot.name);
  useEffect(() => {
    if (name === undefined) return;
    document.title = `${name} – ${place === undefined ? bot : `#${place}`} – playground`;
  }, [name, place, bot]);
  return null;
}
