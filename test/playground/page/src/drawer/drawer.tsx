import './drawer.css';
import { useState } from 'react';
import { useActions } from '../store.ts';
import { FaultPanel } from './fault-panel.tsx';
import { JournalPanel } from './journal-panel.tsx';
import { ServicePanel } from './service-panel.tsx';

/** For builders: the journal, faults to order, and the service to hurt. */
export function Drawer() {
  const actions = useActions();
  const [faults, setFaults] = useState(false);
  return (
    <section className="pg-drawer" aria-label="For builders">
      <header className="pg-head">
        <h2>For builders</h2>
        <button type="button" aria-label="Close the drawer" onClick={() => actions.toggle('drawer', false)}>
          ✕
        </button>
      </header>
      <h3>Service</h3>
      <ServicePanel />
      <h3>
        <button type="button" className="pg-line" aria-expanded={faults} onClick={() => setFaults(!faults)}>
          Faults {faults ? '▾' : '▸'}
        </button>
      </h3>
      {faults && <FaultPanel />}
      <h3>Journal</h3>
      <JournalPanel />
    </section>
  );
}
