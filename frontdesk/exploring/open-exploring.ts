/** Puts the room of sessions begun in OpenCode's own UI together (WS-6). */
import { join, resolve } from 'node:path';
import { forgetOver } from '../../mcp-servers/kit/store/collection.ts';
import type { Store } from '../../mcp-servers/kit/store/store.ts';
import type { HostEvent, Hosts } from '../../mcp-servers/kit/work.ts';
import type { ExploringRoom } from './contract.ts';
import { createExploring, type ExploringPorts } from './exploring.ts';
import { exploringSchema, isOpen } from './record.ts';

export interface OpenExploringOptions extends Omit<
  ExploringPorts,
  'records' | 'builders' | 'hosts' | 'earlier'
> {
  readonly store: Store;
  /** `config.workspaceRoot`. */
  readonly root: string;
}

/**
 * Listens to hosts from now on, before they dial in: a held write must not be missed.
 * @returns what opens the room, once all it needs is there
 */
export function listenForExploring(hosts: Hosts) {
  const earlier: [string, HostEvent][] = [];
  const listening = hosts.onEvent((host, event) => void earlier.push([host, event]));
  return async ({ store, root, ...ports }: OpenExploringOptions): Promise<ExploringRoom> => {
    const room = createExploring({
      ...ports,
      hosts,
      earlier,
      records: store.collection({
        name: 'exploring',
        schema: exploringSchema,
        version: 1,
        tidy: forgetOver((record) => (isOpen(record) ? null : record.changedAt)),
      }),
      builders: join(resolve(root), '.builders'),
    });
    // From here on it hears for itself.
    listening[Symbol.dispose]();
    const waiting = await room.resumeAll();
    ports.log.info({ waiting }, 'exploring.ready');
    return room;
  };
}

export type OpenExploring = ReturnType<typeof listenForExploring>;
