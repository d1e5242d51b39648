import { createContext, useContext, useSyncExternalStore } from 'react';
import type { Actions } from './actions.ts';
import type { Api } from './api.ts';
import type { Conversations } from './conversations.ts';
import type { Route } from './route.ts';
import type { JournalEntry, World } from './wire.ts';

export type Theme = 'system' | 'light' | 'dark';

export interface Toast {
  readonly id: number;
  readonly text: string;
}

/** Everything the page draws. Values are replaced, never changed in place. */
export interface AppState {
  readonly connection: 'connecting' | 'live' | 'lost';
  /** Undefined until the first answer. */
  readonly world: World | undefined;
  readonly conversations: Conversations;
  readonly route: Route;
  /** Newest ts seen, by person and place; see read-marks.ts. */
  readonly readMarks: Readonly<Record<string, string>>;
  readonly ui: {
    readonly drawer: boolean;
    readonly tour: boolean;
    /** The sheet of a narrow screen. */
    readonly sidebar: boolean;
    readonly theme: Theme;
  };
  /** What is typed and not sent yet, by place: a channel, or `channel:root`. */
  readonly drafts: Readonly<Record<string, string>>;
  readonly toasts: readonly Toast[];
  /** Since the page was opened, or all of it after `actions.loadJournal()`; the newest few thousand. */
  readonly journal: readonly JournalEntry[];
}

export interface Store {
  get(): AppState;
  update(change: (state: AppState) => Partial<AppState>): void;
  readonly subscribe: (listener: () => void) => () => void;
}

/** @returns a store whose listeners run after each update that changes something */
export function createStore(initial: AppState): Store {
  let state = initial;
  const listeners = new Set<() => void>();
  return {
    get: () => state,
    update(change) {
      const next = { ...state, ...change(state) };
      const keys = Object.keys(next) as (keyof AppState)[];
      if (keys.every((key) => Object.is(next[key], state[key]))) return;
      state = next;
      for (const listener of listeners) listener();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

export interface AppParts {
  readonly store: Store;
  readonly api: Api;
  readonly actions: Actions;
}

export const AppContext = createContext<AppParts | undefined>(undefined);

function useApp(): AppParts {
  const app = useContext(AppContext);
  if (!app) throw new Error('outside of AppContext');
  return app;
}

/**
 * A part of the state, live.
 * @param select must give the same object for the same state: pick, do not build (use useMemo for that)
 */
export function useAppState<T>(select: (state: AppState) => T): T {
  const { store } = useApp();
  return useSyncExternalStore(store.subscribe, () => select(store.get()));
}

export function useActions(): Actions {
  return useApp().actions;
}

export function useApi(): Api {
  return useApp().api;
}
