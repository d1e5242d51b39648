import { ConversationPane } from './conversation/conversation-pane.tsx';
import { ThreadPane } from './conversation/thread-pane.tsx';
import { Drawer } from './drawer/drawer.tsx';
import { HomePane } from './home/home-pane.tsx';
import { ModalStack } from './modal/modal-stack.tsx';
import { Announcer } from './shell/announcer.tsx';
import { StrangerBanner } from './shell/person-switcher.tsx';
import { ServiceBanner } from './shell/service-banner.tsx';
import { Sidebar } from './shell/sidebar.tsx';
import { Toasts } from './shell/toasts.tsx';
import { Title } from './shell/title.tsx';
import { TopBar } from './shell/top-bar.tsx';
import { useAppState } from './store.ts';
import { Tour } from './tour/tour.tsx';

/** The page: channels, a conversation, a thread; and the two slots for builders and newcomers. */
export function App() {
  const isReady = useAppState((state) => state.world !== undefined);
  const isLost = useAppState((state) => state.connection === 'lost');
  const ui = useAppState((state) => state.ui);
  const home = useAppState((state) => state.route.home);
  const thread = useAppState((state) => state.route.thread);
  return (
    <div className="app">
      <TopBar />
      <StrangerBanner />
      <ServiceBanner />
      <div className="columns">
        <Sidebar />
        {isReady ? (
          home ? (
            <HomePane />
          ) : (
            <ConversationPane />
          )
        ) : (
          <main className="pane">
            <p className="empty">
              {isLost ? 'The Slack server does not answer. Is “npm run try” still running?' : 'Connecting…'}
            </p>
          </main>
        )}
        {isReady && thread !== '' && <ThreadPane />}
        {ui.drawer && (
          <div className="drawer-slot">
            <Drawer />
          </div>
        )}
      </div>
      {ui.tour && <Tour />}
      <ModalStack />
      <Toasts />
      <Announcer />
      <Title />
    </div>
  );
}
