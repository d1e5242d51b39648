/** The parts of the asks room that are files of their own, put together. */
import type { Store } from '../../mcp-servers/kit/store/store.ts';
import type { MakeExtension } from './contract.ts';
import { createExpiry, type ExpiryPorts } from './expiry.ts';
import { createLate, type LatePorts } from './late.ts';
import { lateJobSchema } from './late-work.ts';

export type ExtensionPorts = ExpiryPorts & Omit<LatePorts, 'jobs'> & { readonly store: Store };

export function createExtensions(ports: ExtensionPorts): MakeExtension[] {
  const jobs = ports.store.collection({ name: 'ask-late', schema: lateJobSchema, version: 1 });
  return [createExpiry(ports), createLate({ ...ports, jobs })];
}
