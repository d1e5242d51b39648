import { useState } from 'react';
import { useApi, useAppState } from '../store.ts';
import type { JournalEntry } from '../wire.ts';
import { type Cause, summarise, weigh } from './causes.ts';

const signs: Readonly<Record<string, string>> = {
  person: '👤',
  event: '📨',
  envelope: '✉️',
  ack: '✅',
  unacked: '❌',
  'given-up': '🪦',
  call: '↩︎',
  response_url: '↩︎',
  socket: '🔌',
  fault: '⚡',
};

/** One cause: a line, and its entries when opened. */
export function CauseView({ cause, bot }: { readonly cause: Cause; readonly bot: string }) {
  const people = useAppState((state) => state.world?.people);
  const [open, setOpen] = useState(false);
  const { ackMs, calls, weight } = summarise(cause);
  const who = people?.find(({ id }) => id === cause.by)?.real_name;
  const facts = [
    ackMs === undefined ? '' : `ack ${ackMs} ms`,
    calls === 0 ? '' : `${calls} ${calls === 1 ? 'call' : 'calls'}`,
  ].filter((fact) => fact !== '');
  return (
    <li className={`pg-cause pg-${weight}`}>
      <button type="button" className="pg-line" aria-expanded={open} onClick={() => setOpen(!open)}>
        <time>{(cause.at / 1000).toFixed(1)} s</time>
        <strong>{who === undefined ? cause.title : `${who}: ${cause.title}`}</strong>
        <span className="pg-muted">{facts.join(' · ')}</span>
      </button>
      {open && (
        <ol>
          {cause.entries.map((entry) => (
            <EntryView key={entry.seq} entry={entry} since={cause.at} own={entry.by === bot} />
          ))}
        </ol>
      )}
    </li>
  );
}

interface EntryProps {
  readonly entry: JournalEntry;
  /** When its cause began. */
  readonly since: number;
  /** The app is told of its own doing. */
  readonly own: boolean;
}

function EntryView({ entry, since, own }: EntryProps) {
  const api = useApi();
  const [json, setJson] = useState<string>();
  const { seq, kind, name, ms, outcome, attempt = 0, at } = entry;
  const show = async () => {
    if (json !== undefined) return setJson(undefined);
    // The server keeps these for the newest entries only; the entry itself is always there.
    const answer = await api
      .request<{ detail?: unknown }>('GET', `/control/journal-detail?seq=${seq}`)
      .catch(() => ({}));
    setJson(JSON.stringify({ ...entry, ...answer }, null, 2));
  };
  const facts = [
    ms === undefined ? '' : `${ms} ms`,
    outcome === 'ok' ? '' : (outcome ?? ''),
    attempt > 0 ? `attempt ${attempt + 1}` : '',
    own ? 'its own' : '',
  ].filter((fact) => fact !== '');
  return (
    <li className={`pg-${weigh(entry)}`}>
      <button
        type="button"
        className="pg-line"
        aria-expanded={json !== undefined}
        onClick={() => void show()}
      >
        <time>+{at - since} ms</time>
        <span>
          <span aria-hidden="true">{signs[kind]}</span> {kind} <code>{name}</code>
        </span>
        <span className="pg-muted">{facts.join(' · ')}</span>
      </button>
      {json !== undefined && (
        // Scrollable, so it must be reachable by keyboard.
        <pre tabIndex={0} role="region" aria-label={`JSON of ${name}`}>
          {json}
        </pre>
      )}
    </li>
  );
}
