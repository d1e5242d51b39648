import { describe, expect, it } from 'vitest';
import { playMany } from './work-many.ts';
import { type Moment, reach } from './work-moments.ts';
import { killIt, playWorkRound, type Victim } from './work-round.ts';
import { startUntilTaken } from './work-people.ts';
import { openWorkStage } from './work-stage.ts';

type Case = readonly [victim: Victim, moment: Moment];

/** Each lane is one stage, and dies in this order. The soak (`--work`) mixes all victims and all moments. */
const lanes: readonly (readonly Case[])[] = [
  [
    ['service', 'making'],
    ['service', 'sessionWritten'],
    ['service', 'moved'],
  ],
  [
    ['both', 'worktree'],
    ['host', 'stateWritten'],
    ['hostProcess', 'saying'],
    ['both', 'toolRunning'],
  ],
];

describe.concurrent('OP-4: kill -9 of the service and of its host, at work', () => {
  it.each(lanes.map((cases) => ({ cases, name: cases.map((one) => one.join(' ')).join(', ') })))(
    'WS-2, WS-3, WS-4, SE-6, BR-3: every wish and session is found again, and its work is done once: $name',
    async ({ cases }) => {
      await using stage = await openWorkStage({
        projects: cases.length,
        effort: { steps: 1, seconds: 0.3 },
      });
      // The agent is not told that its first wish was heard, and utters it once more: there is one card still.
      const { ended } = await stage.chaos.begin({ point: 'tool.answered', count: 1 });
      const first = stage.ask('k1');
      expect(await ended).toBe('SIGKILL');
      await stage.chaos.begin();
      for (const [index, [victim, moment]] of cases.entries()) {
        const job = index === 0 ? await first : await stage.ask(`k${index + 1}`);
        await startUntilTaken(stage, job);
        if (moment === 'moved') await reach(stage, job, 'running', 240_000).then(() => stage.plug(job));
        expect([moment, await reach(stage, job, moment, 240_000)]).toEqual([moment, true]);
        await killIt(stage, victim);
        if (!stage.chaos.life.alive) await stage.chaos.begin();
      }
      await stage.settled(400_000);
      await stage.chaos.life.stop();
      expect(stage.chaos.leftovers()).toEqual([]);
    },
  );

  it('OP-4: SIGTERM ends it in less than 10 s while a session works and another is being started', async () => {
    await using stage = await openWorkStage({ projects: 2, effort: { steps: 1, seconds: 40 } });
    await stage.chaos.begin();
    const working = await stage.ask('long');
    await startUntilTaken(stage, working);
    const next = await stage.ask('next');
    expect(await reach(stage, working, 'toolRunning', 240_000)).toBe(true);
    await startUntilTaken(stage, next);
    expect(await reach(stage, next, 'making', 240_000)).toBe(true);
    expect(await stage.chaos.life.stop()).toBeLessThan(10_000);
    expect(stage.chaos.leftovers()).toEqual([]);
  });
});

describe('OP-4: kill -9 at random moments of work', () => {
  it('WS-3, WS-4, AS-6, LAB-4: nothing is lost, made twice, asked twice or said twice (seed 1)', async () => {
    const { story, failure } = await playWorkRound({
      seed: 1,
      jobs: 2,
      blows: 1,
      duties: ['question', 'permission'],
      lab: true,
    });
    expect(failure === undefined ? '' : [...story, failure].join('\n')).toBe('');
  });
});

describe('SE-5: many sessions at once', () => {
  it('each is told of in its own thread only, and one too many is refused', async () => {
    const { events, refusal, problems } = await playMany({ sessions: 3, tens: 2 });
    expect(problems).toEqual([]);
    expect(events).toBeGreaterThan(3 * 20);
    expect(refusal).toContain('Maximum concurrent sessions reached (3)');
    expect(refusal).toContain('Could be finished');
  });
});
