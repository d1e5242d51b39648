import { useEffect, useMemo } from 'react';
import { Blocks } from '../blocks/blocks.tsx';
import { SurfaceContext, type Surface } from '../blocks/surface.ts';
import { useActions, useAppState } from '../store.ts';
import { AppTabs } from './app-tabs.tsx';

/** App Home: opening it tells the app, which publishes what is shown. */
export function HomePane() {
  const { act } = useActions();
  const person = useAppState((state) => state.route.person);
  const bot = useAppState((state) => state.world?.bot.name) ?? 'app';
  const view = useAppState((state) => state.world?.homes[person]?.[0]);
  const known = person !== '';
  useEffect(() => {
    if (known) void act({ do: 'open-home', tab: 'home' });
  }, [act, known, person]);
  const id = view?.id ?? '';
  const surface = useMemo<Surface>(
    () => ({
      kind: 'home',
      act: async (target) => {
        await act({ do: 'click-view', view: id, target });
      },
    }),
    [act, id],
  );
  return (
    <main className="pane" aria-label={`Home of ${bot}`}>
      <header className="pane-head">
        <h1>{bot}</h1>
        <AppTabs />
      </header>
      <div className="home" role="region" aria-label="App Home" tabIndex={0}>
        {view ? (
          <SurfaceContext value={surface}>
            <Blocks blocks={view.blocks} />
          </SurfaceContext>
        ) : (
          <p className="empty">{bot} has published nothing here for you.</p>
        )}
      </div>
    </main>
  );
}
