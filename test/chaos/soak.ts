/**
 * `npm run soak -- --rounds N [--seed S] [--work]`: many rounds of random deaths, of conversations or of work sessions. A
 * round is repeated by its own seed with `--rounds 1`. `--sessions 10`: before them, so many sessions at once, each of a
 * hundred tool calls.
 */
import { parseArgs } from 'node:util';
import { playRound } from './round.ts';
import { playMany } from './work-many.ts';
import { playWorkRound } from './work-round.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '50' },
    seed: { type: 'string' },
    work: { type: 'boolean' },
    sessions: { type: 'string' },
  },
});
const rounds = Number(values.rounds);
const seed = Number(values.seed ?? Date.now() % 1_000_000);
const print = (line: string) => process.stdout.write(`${line}\n`);

const failed: (number | string)[] = [];
if (values.sessions !== undefined) {
  const startedAt = performance.now();
  const { events, refusal, problems } = await playMany({ sessions: Number(values.sessions), tens: 10 });
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  print(
    `${values.sessions} sessions, ${events} events in ${seconds} s: ${problems.length} problems. ${refusal}`,
  );
  print(problems.join('\n'));
  if (problems.length > 0) failed.push('sessions');
}
print(`soak: ${rounds} rounds from seed ${seed}`);
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
