import { createActions, loadTheme } from './actions.ts';
import { createApi } from './api.ts';
import { noConversations } from './conversations.ts';
import { loadReadMarks, watchReadMarks } from './read-marks.ts';
import { formatRoute, parseRoute, type Route } from './route.ts';
import { watchShared } from './shared-changes.ts';
import { createStore, type AppParts, type AppState } from './store.ts';
import { startSync } from './sync.ts';

/** Connects to the server, and the address bar to the store. Lives as long as the page. */
export function startApp(): AppParts {
  const api = createApi();
  const store = createStore({
    connection: 'connecting',
    world: undefined,
    conversations: noConversations,
    route: parseRoute(location.hash),
    readMarks: loadReadMarks(),
    ui: { drawer: false, tour: false, sidebar: false, theme: loadTheme() },
    drafts: {},
    toasts: [],
    journal: [],
  });
  const sync = startSync(api, store, (listener) => watchShared(api, listener));
  const actions = createActions(api, store, sync);
  addEventListener('hashchange', () => store.update(() => ({ route: parseRoute(location.hash) })));
  watchReadMarks((readMarks) => store.update(() => ({ readMarks })));
  let opened = '';
  store.subscribe(() => {
    const state = store.get();
    const route = completeRoute(state);
    if (route !== state.route) {
      history.replaceState(null, '', formatRoute(route));
      return store.update(() => ({ route }));
    }
    const thread = `${route.channel}:${route.thread}`;
    if (thread === opened || state.world === undefined) return;
    opened = thread;
    if (route.thread !== '') sync.openThread(route.channel, route.thread);
  });
  return { store, api, actions };
}

/** @returns the route with what the address left open, or names wrongly, filled in */
function completeRoute({ route, world }: AppState): Route {
  if (!world) return route;
  const people = world.people.filter(({ is_bot }) => !is_bot);
  const person = people.some(({ id }) => id === route.person) ? route.person : (people[0]?.id ?? '');
  const dm = world.dms[person] ?? '';
  const known =
    route.channel === dm || world.channels.some(({ id, is_im }) => id === route.channel && !is_im);
  // The DM of somebody else becomes one's own.
  const first = world.channels.find(({ is_im }) => !is_im)?.id ?? dm;
  const isDm = Object.values(world.dms).includes(route.channel);
  const channel = known ? route.channel : isDm || route.home ? dm : first;
  const thread = known && !route.home ? route.thread : '';
  const same = person === route.person && channel === route.channel && thread === route.thread;
  return same ? route : { ...route, person, channel, thread };
}
