import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import './styles/base.css';
import './styles/shell.css';
import './styles/top-bar.css';
import './styles/sidebar.css';
import './styles/messages.css';
import './styles/composer.css';
import './styles/files.css';
import './styles/message-parts.css';
import './styles/blocks.css';
import './styles/rich-blocks.css';
import './styles/fields.css';
import './styles/overlays.css';
import { App } from './App.tsx';
import { startApp } from './start.ts';
import { AppContext } from './store.ts';

const root = document.getElementById('root');
if (root) {
  createRoot(root).render(
    <StrictMode>
      <AppContext value={startApp()}>
        <App />
      </AppContext>
    </StrictMode>,
  );
}
