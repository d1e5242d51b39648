import { useActions, useAppState } from '../store.ts';

/** The two sides of the app: its Home tab and the direct message. */
export function AppTabs() {
  const { go, act } = useActions();
  const { home, person } = useAppState((state) => state.route);
  const dm = useAppState((state) => state.world?.dms[person]) ?? '';
  return (
    <nav className="tabs" aria-label="App">
      <button
        type="button"
        aria-current={home ? 'page' : undefined}
        onClick={() => go({ home: true, channel: dm })}
      >
        Home
      </button>
      <button
        type="button"
        aria-current={home ? undefined : 'page'}
        onClick={() => {
          go({ channel: dm, home: false });
          void act({ do: 'open-home', tab: 'messages' });
        }}
      >
        Messages
      </button>
    </nav>
  );
}
