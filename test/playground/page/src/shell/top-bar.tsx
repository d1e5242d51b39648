import { useEffect } from 'react';
import { useActions, useAppState, type Theme } from '../store.ts';
import { Icon, type IconName } from '../ui/icon.tsx';
import { PersonSwitcher } from './person-switcher.tsx';

const next: Readonly<Record<Theme, Theme>> = { system: 'light', light: 'dark', dark: 'system' };
const icons: Readonly<Record<Theme, IconName>> = { system: 'half', light: 'sun', dark: 'moon' };

function ThemeSwitch() {
  const { setTheme } = useActions();
  const theme = useAppState((state) => state.ui.theme);
  useEffect(() => {
    document.documentElement.dataset['theme'] = theme;
  }, [theme]);
  const label = `Colours: ${theme === 'system' ? 'as the system' : theme}. Change`;
  return (
    <button
      type="button"
      className="icon-button"
      aria-label={label}
      title={label}
      onClick={() => setTheme(next[theme])}
    >
      <Icon name={icons[theme]} />
    </button>
  );
}

/** Workspace, who one is, and the tools around the workspace. */
export function TopBar() {
  const { toggle } = useActions();
  const team = useAppState((state) => state.world?.team.name);
  const connection = useAppState((state) => state.connection);
  const ui = useAppState((state) => state.ui);
  return (
    <header className="top-bar">
      <button
        type="button"
        className="icon-button only-narrow"
        aria-label="Channels"
        aria-expanded={ui.sidebar}
        onClick={() => toggle('sidebar')}
      >
        <Icon name="menu" />
      </button>
      <span className="team">{team ?? 'Playground'}</span>
      <span className="connection" role="status">
        {connection === 'lost' && '● reconnecting…'}
      </span>
      <span className="top-tools">
        <button
          type="button"
          className="button button-small"
          aria-label="Tour"
          aria-pressed={ui.tour}
          onClick={() => toggle('tour')}
        >
          <Icon name="flag" /> <span className="wide-label">Tour</span>
        </button>
        <button
          type="button"
          className="button button-small"
          aria-label="Builder"
          aria-pressed={ui.drawer}
          onClick={() => toggle('drawer')}
        >
          <Icon name="wrench" /> <span className="wide-label">Builder</span>
        </button>
        <ThemeSwitch />
        <PersonSwitcher />
      </span>
    </header>
  );
}
