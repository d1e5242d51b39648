import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
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
