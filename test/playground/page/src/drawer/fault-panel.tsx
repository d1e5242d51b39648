import { useCallback, useEffect, useState } from 'react';
import { useActions, useApi, useAppState } from '../store.ts';
import type { FaultOrder, Json } from '../wire.ts';

/** What Slack can be made to do to the app's calls. */
const faults: readonly { label: string; order: Omit<FaultOrder, 'method'> }[] = [
  { label: '429: too fast, come back in 3 s', order: { kind: 'ratelimited', retryAfter: 3 } },
  { label: '503: Slack is down', order: { kind: 'status', status: 503 } },
  { label: 'Lost answer: done, but the app never hears of it', order: { kind: 'reset-after' } },
  { label: 'Cut: not done, connection reset', order: { kind: 'reset' } },
  { label: 'Slow: answers after 2 s', order: { kind: 'slow', delayMs: 2_000 } },
  { label: 'Refused: ok false, internal_error', order: { kind: 'error', error: 'internal_error' } },
];
const methods = [
  '*',
  'chat.postMessage',
  'chat.update',
  'chat.delete',
  'chat.startStream',
  'chat.appendStream',
  'chat.stopStream',
  'reactions.add',
  'agents.sessions.setStatus',
  'views.open',
  'views.publish',
];

/** Slack's misbehaviour, to order. */
export function FaultPanel() {
  const api = useApi();
  const actions = useActions();
  const world = useAppState((state) => state.world);
  const [kind, setKind] = useState(0);
  const [method, setMethod] = useState('chat.postMessage');
  const [channel, setChannel] = useState('');
  const [times, setTimes] = useState(1);
  const [armed, setArmed] = useState<readonly Json[]>([]);
  const struck = useAppState(({ journal }) => journal.findLast((entry) => entry.kind === 'fault')?.seq);
  const run = useCallback(
    (work: Promise<void>) => {
      work
        .then(async () => setArmed((await api.state()).faults))
        .catch((error: Error) => actions.toast(error.message));
    },
    [api, actions],
  );
  // A fault that struck may have been the last of its kind.
  useEffect(() => run(Promise.resolve()), [run, struck]);
  const arm = () => {
    const order = faults[kind]?.order ?? { kind: 'status' };
    run(api.addFault({ ...order, method, times, ...(channel === '' ? {} : { channel }) }));
  };
  return (
    <div>
      <form
        className="pg-form"
        onSubmit={(event) => {
          event.preventDefault();
          arm();
        }}
      >
        <label>
          What happens
          <select value={kind} onChange={({ target }) => setKind(Number(target.value))}>
            {faults.map(({ label }, index) => (
              <option key={label} value={index}>
                {label}
              </option>
            ))}
          </select>
        </label>
        <label>
          to calls of
          <select value={method} onChange={({ target }) => setMethod(target.value)}>
            {methods.map((name) => (
              <option key={name} value={name}>
                {name === '*' ? 'every method' : name}
              </option>
            ))}
          </select>
        </label>
        <label>
          in
          <select value={channel} onChange={({ target }) => setChannel(target.value)}>
            <option value="">every conversation</option>
            {(world?.channels ?? []).map(({ id, name }) => (
              <option key={id} value={id}>
                {name === undefined ? id : `#${name}`}
              </option>
            ))}
          </select>
        </label>
        <label>
          how often
          <input
            type="number"
            min={1}
            max={99}
            value={times}
            onChange={({ target }) => setTimes(Math.max(1, Number(target.value)))}
          />
        </label>
        <button type="submit">Arm</button>
      </form>
      <div className="pg-buttons">
        <button type="button" onClick={() => run(api.sockets({ do: 'drop' }))}>
          Drop sockets
        </button>
        <button type="button" onClick={() => run(api.sockets({ do: 'refuse', refused: true }))}>
          Refuse sockets
        </button>
        <button
          type="button"
          onClick={() => run(api.clearFaults().then(() => api.sockets({ do: 'refuse', refused: false })))}
        >
          Clear all
        </button>
      </div>
      <p role="status" className="pg-muted">
        {world?.sockets.count ?? 0} connection(s) open.{' '}
        {armed.length === 0 ? 'No fault is armed.' : `Armed: ${armed.map(describe).join('; ')}`}
      </p>
    </div>
  );
}

function describe({ kind, method, channel }: Json): string {
  return [
    kind,
    'for',
    method === '*' ? 'every method' : method,
    typeof channel === 'string' ? `in ${channel}` : '',
  ]
    .filter(Boolean)
    .join(' ');
}
