import { Drawer } from './drawer/drawer.tsx';
import { useAppState } from './store.ts';
import { Tour } from './tour/tour.tsx';

/** The page: channels, a conversation, a thread; and the two slots for builders and newcomers. */
export function App() {
  const world = useAppState((state) => state.world);
  const ui = useAppState((state) => state.ui);
  return (
    <>
      <main>{world?.team.name}</main>
      {ui.drawer && <Drawer />}
      {ui.tour && <Tour />}
    </>
  );
}
