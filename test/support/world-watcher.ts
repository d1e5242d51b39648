import { createWatching } from '../../frontdesk/watching/watching.ts';
import type { Work } from '../../frontdesk/work/contract.ts';
import type { WorkPorts } from '../../frontdesk/work/ports.ts';
import { defaultPolicy, type Policy } from '../../mcp-servers/kit/policy.ts';
import type { Collection } from '../../mcp-servers/kit/store/collection.ts';
import type { Told } from '../../watcher/told.ts';

/** The watcher of a world: looks and tells when it is told to, nothing in there waits for a clock. For tests. */
export function createWorldWatcher(
  { workspaces, hosts, chat, log, now, steady }: WorkPorts,
  { watched }: Work,
  told: Collection<Told>,
  policy: Policy = defaultPolicy,
) {
  const metrics = { count: () => {}, observe: () => {} };
  const policyOf = () => policy;
  return createWatching({ workspaces, hosts, watched, policyOf, told, chat, metrics, log, now, steady });
}
