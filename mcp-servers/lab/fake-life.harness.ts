/** One life of the service's lab on a store folder, over a fake target and a clock that stands. For tests. */
import type { Lab } from '../kit/lab.ts';
import { createSilentLog } from '../kit/log.ts';
import { openStore } from '../kit/store/store.ts';
import { fakePlan, type FakeTarget } from './fake-target.harness.ts';
import { createLab, type LabOptions } from './lab.ts';
import { deploymentRecordSchema } from './record.ts';

export interface FakeLife {
  readonly lab: Lab;
  readonly clock: { now: number };
  /** Once is enough; again does nothing. */
  end(): Promise<void>;
}

export async function openFakeLife(
  dir: string,
  target: FakeTarget,
  o: Partial<LabOptions> = {},
): Promise<FakeLife> {
  const store = await openStore({ dir, log: createSilentLog() });
  const deployments = store.collection({ name: 'deployments', schema: deploymentRecordSchema, version: 1 });
  const clock = { now: 1_000_000 };
  const lab = createLab({
    targets: [target],
    deployments,
    planOf: async (_, repository) => fakePlan(repository),
    redact: (text) => text.replaceAll('hunter2', '***'),
    log: createSilentLog(),
    now: () => clock.now,
    ...o,
  });
  let ended = false;
  return {
    lab,
    clock,
    async end() {
      if (ended) return;
      ended = true;
      await lab[Symbol.asyncDispose]();
      await store[Symbol.asyncDispose]();
    },
  };
}
