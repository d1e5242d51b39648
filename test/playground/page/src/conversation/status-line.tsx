import { useActions, useAppState } from '../store.ts';
import { Icon } from '../ui/icon.tsx';
import type { ThreadStatus } from '../wire.ts';

/** What the native line says; undefined where there is none. Session states are Slack's four. */
function statusText(name: string, status: ThreadStatus | undefined): string | undefined {
  if (!status) return undefined;
  if (status.kind === 'assistant') return `${name} ${status.status}`;
  if (status.status === 'processing') return `${name} is working…`;
  return status.status === 'suspended' ? `${name} is waiting for you` : undefined;
}

/** "frontdesk is working…", with the native Stop while a session is processing. */
export function StatusLine({ channel, root }: { channel: string; root: string }) {
  const { act } = useActions();
  const name = useAppState((state) => state.world?.bot.name) ?? 'The app';
  const status = useAppState((state) => state.world?.statuses[`${channel}:${root}`]);
  const text = statusText(name, status);
  if (text === undefined) return null;
  const stops = status?.kind === 'session' && status.status === 'processing';
  return (
    <div className="status-line">
      <span role="status">
        <span className="dots" aria-hidden="true" /> {text}
      </span>
      {stops && (
        <button
          type="button"
          className="button button-small"
          onClick={() => void act({ do: 'stop-session', channel, threadTs: root })}
        >
          <Icon name="stop" /> Stop
        </button>
      )}
    </div>
  );
}
