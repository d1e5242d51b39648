import type { ServiceState } from '../../../service-state.ts';
import { useService } from './use-service.ts';

const words: Record<ServiceState['state'], string> = {
  off: 'not running',
  starting: 'starting…',
  ready: 'serving',
  stopping: 'ending…',
};

/** The service: how it is, what it says of itself, and ways to hurt it. */
export function ServicePanel() {
  const { service, command } = useService();
  if (!service) return <p className="pg-muted">There is no service here to control.</p>;
  const { state, pid, openCodePid, lines } = service;
  const ready = state === 'ready';
  return (
    <div>
      <p role="status" data-service={state}>
        <span className={`pg-dot pg-${state}`} aria-hidden="true" /> The service is {words[state]}
        {pid !== undefined && <span className="pg-muted"> · pid {pid}</span>}
        {openCodePid !== undefined && <span className="pg-muted"> · OpenCode pid {openCodePid}</span>}
      </p>
      <div className="pg-buttons">
        <button type="button" disabled={!ready} onClick={() => command('restart')}>
          Restart
        </button>
        <button type="button" className="pg-danger" disabled={!ready} onClick={() => command('kill')}>
          kill -9 the service
        </button>
        <button
          type="button"
          className="pg-danger"
          disabled={!ready || openCodePid === undefined}
          onClick={() => command('kill-opencode')}
        >
          kill -9 OpenCode
        </button>
        {state === 'off' ? (
          <button type="button" onClick={() => command('start')}>
            Start
          </button>
        ) : (
          <button type="button" disabled={!ready} onClick={() => command('stop')}>
            Stop
          </button>
        )}
      </div>
      <ol className="pg-lines" aria-label="What the service says">
        {lines.slice(-6).map(({ at, text, trouble }, index) => (
          <li key={`${at} ${index}`} className={trouble ? 'pg-failed' : ''}>
            <time>{new Date(at).toLocaleTimeString('en-GB')}</time> {text}
          </li>
        ))}
      </ol>
    </div>
  );
}
