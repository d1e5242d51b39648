/**
 * `npm run soak -- --rounds N [--seed S] [--work]`: many rounds of random deaths, of conversations or of work sessions. A
 * round is repeated by its own seed with `--rounds 1`.
 */
import { parseArgs } from 'node:util';
import { playRound } from './round.ts';
import { playWorkRound } from './work-round.ts';

const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '50' }, seed: { type: 'string' }, work: { type: 'boolean' } },
});
const rounds = Number(values.rounds);
const seed = Number(values.seed ?? Date.now() % 1_000_000);
const print = (line: string) => process.stdout.write(`${line}\n`);

print(`soak: ${rounds} rounds from seed ${seed}`);
const failed: number[] = [];
for (let round = 0; round < rounds; round++) {
  const mine = seed + round;
  const startedAt = performance.now();
  const { story, failure } = await (values.work === true
    ? playWorkRound({ seed: mine, jobs: 3, blows: 4 })
    : playRound({ seed: mine, acts: 14, blows: 4, threads: 5 }));
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  const outcome = failure === undefined ? `passed, ${story.at(-1)}` : 'FAILED';
  print(`round ${round + 1}/${rounds} seed ${mine} in ${seconds} s: ${outcome}`);
  if (failure === undefined) continue;
  failed.push(mine);
  print([...story.map((line) => `  ${line}`), failure].join('\n'));
}
print(
  `${rounds - failed.length} passed, ${failed.length} failed${failed.length > 0 ? `: ${failed.join(' ')}` : ''}`,
);
process.exitCode = failed.length > 0 ? 1 : 0;
