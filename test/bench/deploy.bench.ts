/** Issue 6: deploy → URL answering, against starting the same app by hand; and what a lab costs that only runs. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { findEnclosure } from '../../frontdesk/hosts/enclosure.ts';
import { asker, createGround, type Ground, workspace } from '../../mcp-servers/lab/local/ground.harness.ts';
import { findFreePort } from '../../mcp-servers/kit/free-port.ts';
import { findMarked } from '../../mcp-servers/kit/processes.ts';
import { keeperVariable, labsVariable } from '../../mcp-servers/lab/local/spec.ts';
import { type Figure, type Measure, p50 } from './figures.ts';
import { cpuOf, memoryOf } from './processes.ts';

const files = 300;
/** Until it listens: what loading a framework and connecting takes. */
const bootMs = 1000;

const server = (boot: number, version: number) =>
  `// ${version}
const until = Date.now() + ${boot};
while (Date.now() < until);
require('node:http').createServer((_, response) => response.end('well')).listen(process.env.PORT, process.env.HOST);
`;

export const deployBench: Measure = {
  name: 'deploy',
  about: `deploy → URL answering / the same app by hand (${files} files)`,
  async run({ quick, say }) {
    const rounds = quick ? 4 : 12;
    const slow = await compare(bootMs, rounds);
    say(`an app that needs 1 s: ${slow.lab.toFixed(0)} / ${slow.hand.toFixed(0)} ms`);
    const bare = await compare(0, rounds);
    say(`an app that needs nothing: ${bare.lab.toFixed(0)} / ${bare.hand.toFixed(0)} ms`);
    const figures: Figure[] = [
      {
        what: 'redeploy of one changed file, an app that needs 1 s to start: lab / by hand, p50',
        value: slow.lab / slow.hand,
        unit: '×',
        goal: { atMost: 1.3 },
        note: `${slow.lab.toFixed(0)} / ${slow.hand.toFixed(0)} ms`,
      },
      {
        what: 'the same, an app that answers at once: the lab’s own part is all there is',
        value: bare.lab - bare.hand,
        unit: 'ms',
        note: `${bare.lab.toFixed(0)} / ${bare.hand.toFixed(0)} ms`,
      },
      { what: 'first deploy of it', value: slow.first, unit: 'ms', goal: { atMost: 30_000 } },
      { what: 'a lab that runs: its keeper’s memory', value: slow.memoryMb, unit: 'MB' },
      { what: 'a lab that runs: its keeper, of one core', value: slow.cpuPercent, unit: '%' },
    ];
    return figures;
  },
};

async function compare(boot: number, rounds: number) {
  const sources = Array.from({ length: files }, (_, i) => [`src/${i}.js`, `// ${i}\n`.repeat(300)]);
  const contents = { ...Object.fromEntries(sources), 'server.js': server(boot, 0) };
  await using ground = await createGround(contents, process.env);
  const enclosure = await findEnclosure();
  await using life = await ground.open({ enclosure, limits: { sampleMs: 500, healthMs: 15_000 } });
  const deploy = async () => {
    const begun = performance.now();
    const { done } = await life.lab.deploy({ workspace, ...asker });
    const { status, cause } = await done;
    if (status !== 'ready') throw new Error(cause?.text ?? status);
    return performance.now() - begun;
  };
  const first = await deploy();
  const times: Record<'hand' | 'lab', number[]> = { hand: [], lab: [] };
  for (let round = 1; round <= rounds; round += 1) {
    await ground.write({ 'server.js': server(boot, round) });
    const turns = [
      async () => times.hand.push(await byHand(ground)),
      async () => times.lab.push(await deploy()),
    ];
    for (const turn of round % 2 === 0 ? turns : turns.toReversed()) await turn();
  }
  const marked = findMarked(`${labsVariable}=${ground.labs}`, keeperVariable);
  // What encloses it carries its mark, too.
  const keeper = marked.find(({ parent }) => marked.some((each) => each.pid === parent)) ?? marked[0];
  const pid = keeper?.pid ?? 0;
  const [cpu, since] = [cpuOf(pid), performance.now()];
  await pause(5000);
  return {
    first,
    hand: p50(times.hand),
    lab: p50(times.lab),
    memoryMb: memoryOf(pid).now,
    cpuPercent: ((cpuOf(pid) - cpu) / (performance.now() - since)) * 100,
  };
}

async function byHand(ground: Ground): Promise<number> {
  const port = await findFreePort();
  const begun = performance.now();
  const child = spawn('node', ['server.js'], {
    cwd: ground.repository,
    env: { PATH: process.env['PATH'], PORT: String(port), HOST: '127.0.0.1' },
    stdio: 'ignore',
  });
  while (
    !(await fetch(`http://127.0.0.1:${port}/`).then(
      () => true,
      () => false,
    ))
  )
    await pause(5);
  const took = performance.now() - begun;
  child.kill();
  await once(child, 'exit');
  return took;
}
