/** `npm run bench [-- --only <name>] [--quick] [--prof <folder>]`: the figures of issue 2 §7, as a table and as JSON. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { acksBench } from './acks.bench.ts';
import { asksBench } from './asks.bench.ts';
import { bridgeBench } from './bridge.bench.ts';
import { cpuBench } from './cpu.bench.ts';
import { deployBench } from './deploy.bench.ts';
import { type Figure, isMet, type Measure, renderTable } from './figures.ts';
import { loadBench } from './load.bench.ts';
import { machineFacts } from './processes.ts';
import { reconcileBench } from './reconcile.bench.ts';
import { replyBench } from './reply.bench.ts';
import { startBench } from './start.bench.ts';
import { stateBench } from './state.bench.ts';
import { workspacesBench } from './workspaces.bench.ts';

const measures: readonly Measure[] = [
  replyBench,
  cpuBench,
  acksBench,
  loadBench,
  stateBench,
  bridgeBench,
  startBench,
  workspacesBench,
  reconcileBench,
  asksBench,
  deployBench,
];

const { values } = parseArgs({
  options: {
    only: { type: 'string', multiple: true },
    quick: { type: 'boolean', default: false },
    /** Where the service's CPU profiles go. */
    prof: { type: 'string' },
  },
});
const chosen = measures.filter(({ name }) => values.only?.includes(name) ?? true);
if (chosen.length === 0) {
  process.stderr.write(`There is only: ${measures.map(({ name }) => name).join(', ')}\n`);
  process.exit(2);
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));
process.setMaxListeners(50);
const before = machineFacts();
process.stdout.write(`${JSON.stringify(before)}\n\n`);
const results: Record<string, readonly Figure[]> = {};
const folder = join(import.meta.dirname, '..', '..', '.bench');
await mkdir(folder, { recursive: true });
for (const { name, about, run } of chosen) {
  process.stderr.write(`${name}: ${about}\n`);
  const figures = await run({
    quick: values.quick,
    nodeOptions: values.prof === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${values.prof}`],
    say: (line) => void process.stderr.write(`  ${line}\n`),
  });
  results[name] = figures;
  process.stdout.write(`${renderTable(`${name}: ${about}`, figures)}\n`);
  const report = {
    at: new Date().toISOString(),
    quick: values.quick,
    before,
    after: machineFacts(),
    results,
  };
  await writeFile(join(folder, 'results.json'), `${JSON.stringify(report, undefined, 2)}\n`);
}
const missed = Object.values(results)
  .flat()
  .filter((figure) => isMet(figure) === false);
process.stdout.write(missed.length === 0 ? 'Every goal is met.\n' : `Goals missed: ${missed.length}.\n`);
