import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { type Figure, type Measure, p50, p95 } from './figures.ts';
import { type BareHost, startBareHost } from './host.ts';
import { openWorkRig, type WorkRig } from './work-rig.ts';

const run = promisify(execFile);
const model = 'mock/front-desk';

/** Issue 4: from the click on [Start] to the coding agent's first token, against OpenCode alone. */
export const startBench: Measure = {
  name: 'start',
  about:
    '[Start] → first request of the coding agent, against `session.create` and a prompt in the same folder',
  async run({ quick, nodeOptions, say }) {
    await using rig = await openWorkRig({ nodeOptions, channels: 40 });
    await using bare = await startBareHost({ id: model, baseUrl: rig.model.url, apiKey: 'k' }, rig.root);
    const times = { ours: [] as number[], bare: [] as number[], byHand: [] as number[] };
    const rounds = quick ? 4 : 25;
    // The first ones of a process are slow (notes/opencode.md §2).
    for (let round = -2; round < rounds; round += 1) {
      say(round < 0 ? 'warm-up' : `round ${round + 1} of ${rounds}`);
      const word = `thing ${round + 3}`;
      const ours = await rig.start(word);
      await delay(500);
      const alone = await bareStart(rig, bare, ours.folder, `Bare: ${word}.`);
      await bare.disposeInstance(ours.folder);
      await delay(500);
      const startedAt = performance.now();
      const folder = join(rig.root, `by-hand-${round + 3}`);
      const repository = join(rig.root, 'repos', 'domain-apis');
      await run('git', ['worktree', 'add', '-q', '-b', `by-hand-${round + 3}`, folder], { cwd: repository });
      const byHand =
        performance.now() - startedAt + (await bareStart(rig, bare, folder, `By hand: ${word}.`));
      await bare.disposeInstance(folder);
      await delay(500);
      if (round < 0) continue;
      times.ours.push(ours.firstTokenMs);
      times.bare.push(alone);
      times.byHand.push(byHand);
    }
    return [
      ratio(
        '[Start] → first request / bare session and prompt, new instance both, p50',
        times.ours,
        times.bare,
      ),
      ratio('… / by hand: `git worktree add`, then the same', times.ours, times.byHand),
      {
        what: '[Start] → first request: added to bare OpenCode, p50',
        value: p50(times.ours) - p50(times.bare),
        unit: 'ms',
      },
    ];
  },
};

async function bareStart(rig: WorkRig, bare: BareHost, directory: string, text: string): Promise<number> {
  const first = rig.firstRequest(text);
  const startedAt = performance.now();
  const sessionId = await bare.createSession(directory, text);
  await bare.prompt({ directory, sessionId, text, agent: 'builder', model });
  return (await first) - startedAt;
}

function ratio(what: string, ours: readonly number[], theirs: readonly number[]): Figure {
  const shown = (values: readonly number[]) => `${p50(values).toFixed(0)} / ${p95(values).toFixed(0)}`;
  const note = `p50 / p95: ${shown(ours)} against ${shown(theirs)} ms; ${ours.length} each, interleaved`;
  return { what, value: p50(ours) / p50(theirs), unit: '×', note };
}
