import type { Api } from './api.ts';
import { markKey, saveReadMarks } from './read-marks.ts';
import { formatRoute, type Route } from './route.ts';
import type { AppState, Store, Theme } from './store.ts';
import type { Sync } from './sync.ts';
import type { Act, ActResult } from './wire.ts';

/** What the page's parts may do. All of them are safe to call at any time. */
export interface Actions {
  /** Does something as the person of this tab. A refusal is shown as a toast. @returns undefined then */
  readonly act: (act: Act) => Promise<ActResult | undefined>;
  /** Goes somewhere; what is not named stays, but a change of place closes the thread. */
  readonly go: (to: Partial<Route>) => void;
  readonly toggle: (part: 'drawer' | 'tour' | 'sidebar', open?: boolean) => void;
  readonly setTheme: (theme: Theme) => void;
  readonly toast: (text: string) => void;
  readonly dismissToast: (id: number) => void;
  /** Puts text into the composer of a place: a channel, or `channel:root`. */
  readonly setDraft: (place: string, text: string) => void;
  /** Everything up to `ts` has been seen. `place` is a channel, or `channel:root`. */
  readonly markRead: (place: string, ts: string) => void;
  /** Fetches the journal from before the page was opened. */
  readonly loadJournal: () => Promise<void>;
}

const themeKey = 'playground.theme';

export function loadTheme(): Theme {
  const stored = localStorage.getItem(themeKey);
  return stored === 'light' || stored === 'dark' ? stored : 'system';
}

export function createActions(api: Api, store: Store, sync: Sync): Actions {
  let toasts = 0;
  const toast = (text: string) => {
    toasts += 1;
    const id = toasts;
    store.update((state) => ({ toasts: [...state.toasts, { id, text }].slice(-3) }));
  };
  const ui = (change: Partial<AppState['ui']>) =>
    store.update((state) => ({ ui: { ...state.ui, ...change } }));
  return {
    toast,
    dismissToast: (id) => store.update((state) => ({ toasts: state.toasts.filter((one) => one.id !== id) })),
    setDraft: (place, text) => store.update(({ drafts }) => ({ drafts: { ...drafts, [place]: text } })),
    async act(act) {
      try {
        const result = await api.act(store.get().route.person, act);
        if (result.acked === false && result.errors === undefined) toast(noAnswer(act));
        return result;
      } catch (error) {
        toast((error as Error).message);
        return undefined;
      }
    },
    go(to) {
      const { route } = store.get();
      const moves = to.channel !== undefined || to.home !== undefined || to.person !== undefined;
      const next: Route = {
        ...route,
        ...(moves ? { thread: '' } : {}),
        ...(to.channel === undefined ? {} : { home: false }),
        ...to,
      };
      const hash = formatRoute(next);
      if (hash !== location.hash) location.hash = hash;
    },
    toggle: (part, open) => ui({ [part]: open ?? !store.get().ui[part] }),
    setTheme(theme) {
      localStorage.setItem(themeKey, theme);
      ui({ theme });
    },
    markRead(place, ts) {
      const { route, readMarks } = store.get();
      const key = markKey(route.person, place);
      if ((readMarks[key] ?? '') >= ts) return;
      const marks = { ...readMarks, [key]: ts };
      store.update(() => ({ readMarks: marks }));
      saveReadMarks(marks);
    },
    async loadJournal() {
      try {
        sync.addJournal(await api.journal(0));
      } catch (error) {
        toast((error as Error).message);
      }
    },
  };
}

/** What Slack says when an app does not acknowledge in 3 s. */
function noAnswer(act: Act): string {
  return act.do === 'slash'
    ? `${act.command} failed because the app did not respond.`
    : 'The app did not respond. Try again.';
}
