import { setTimeout as delay } from 'node:timers/promises';
import type { Figure, Measure } from './figures.ts';
import { createDirect } from './host.ts';
import { cpuOf, memoryOf, openCodeBelow, treeOf } from './processes.ts';
import { openWorkRig, type WorkRig } from './work-rig.ts';

/** Started at once; more only queue for the same two cores. */
const atOnce = 4;

interface Cost {
  readonly serviceMb: number;
  readonly hostMb: number;
  /** Of one core. */
  readonly servicePercent: number;
  readonly hostPercent: number;
}

/** Issue 4: what 50 workspaces cost whose sessions do nothing; with their OpenCode instances, and with these released. */
export const workspacesBench: Measure = {
  name: 'workspaces',
  about: 'memory and CPU of the service and its host with 50 workspaces plugged in and idle',
  async run({ quick, nodeOptions, say }) {
    const count = quick ? 8 : 50;
    const watchMs = quick ? 10_000 : 30_000;
    await using rig = await openWorkRig({ nodeOptions, channels: 40 });
    await rig.start('the first one');
    say('one workspace');
    const one = await costOf(rig, watchMs);
    const folders: string[] = [];
    for (let at = 1; at < count; at += atOnce) {
      say(`${at} of ${count}`);
      const titles = Array.from(
        { length: Math.min(atOnce, count - at) },
        (_, index) => `number ${at + index}`,
      );
      folders.push(
        ...(await Promise.all(titles.map((title) => rig.start(title)))).map(({ folder }) => folder),
      );
    }
    say('idle');
    const many = await costOf(rig, watchMs);
    const { url, password } = openCodeBelow(rig.hostPid);
    const direct = createDirect(url, password);
    for (const folder of folders) await direct.disposeInstance(folder);
    say('released');
    const released = await costOf(rig, watchMs);
    const each = (value: number) => `${(value / (count - 1)).toFixed(2)} MB each`;
    return [
      ...figuresOf('1 workspace', one),
      ...figuresOf(
        `${count} workspaces`,
        many,
        each(many.serviceMb - one.serviceMb),
        each(many.hostMb - one.hostMb),
      ),
      ...figuresOf(`${count} workspaces, instances released`, released),
    ];
  },
};

/** Idle for `watchMs`, after what was begun has settled. */
async function costOf({ servicePid, hostPid }: WorkRig, watchMs: number): Promise<Cost> {
  await delay(watchMs / 3);
  const host = treeOf(hostPid);
  const cpu = () => ({ service: cpuOf(servicePid), host: sum(host.map(cpuOf)) });
  const [before, startedAt] = [cpu(), performance.now()];
  await delay(watchMs);
  const [after, ms] = [cpu(), performance.now() - startedAt];
  return {
    serviceMb: memoryOf(servicePid).now,
    hostMb: sum(host.map((pid) => memoryOf(pid).now)),
    servicePercent: ((after.service - before.service) / ms) * 100,
    hostPercent: ((after.host - before.host) / ms) * 100,
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function figuresOf(what: string, cost: Cost, serviceNote = '', hostNote = ''): Figure[] {
  return [
    { what: `${what}: the service’s memory`, value: cost.serviceMb, unit: 'MB', note: serviceNote },
    { what: `${what}: the host’s memory`, value: cost.hostMb, unit: 'MB', note: hostNote },
    { what: `${what}: the service, of a core`, value: cost.servicePercent, unit: '%' },
    { what: `${what}: the host, of a core`, value: cost.hostPercent, unit: '%' },
  ];
}
