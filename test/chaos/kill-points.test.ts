import { describe, expect, it } from 'vitest';
import { type ProbePoint, probePoints } from '../../mcp-servers/kit/probe.ts';
import { scenarios } from './scenarios.ts';
import { type ChaosStage, openChaosStage } from './stage.ts';

type Case = readonly [point: ProbePoint, count: number, scenario: keyof typeof scenarios, next?: ProbePoint];

/** `next`: where the life after that dies. Every named point once at least; the `count`s hit what the first passing does not. The soak does them all. */
const lanes: readonly (readonly Case[])[] = [
  [
    ['inbox.storing', 1, 'reply'],
    ['inbox.stored', 1, 'reply'],
    ['envelope.acked', 1, 'reword'],
    ['turn.claimed', 1, 'reply'],
    ['session.created', 1, 'reply'],
    ['session.linked', 1, 'text'],
    ['prompt.sending', 1, 'reply'],
    ['prompt.sent', 1, 'file'],
    ['turn.ended', 1, 'queue'],
    ['inbox.stored', 3, 'stop'],
    ['turn.ending', 1, 'silent'],
  ],
  [
    ['tool.called', 1, 'reword'],
    ['outbox.stored', 1, 'reword'],
    ['slack.posting', 1, 'reply'],
    ['slack.posted', 2, 'long'],
    ['outbox.marked', 1, 'two', 'prompt.sending'],
    ['tool.answered', 1, 'file'],
    ['slack.posted', 1, 'file'],
    ['turn.ending', 1, 'dm'],
    ['outbox.marked', 1, 'dm'],
    ['tool.called', 1, 'dmReply'],
    ['inbox.stored', 3, 'removal'],
  ],
];

async function dieAndRecover(
  stage: ChaosStage,
  [point, count, scenario, next]: Case,
  channel: string,
): Promise<void> {
  const { life } = stage;
  life.arm({ point, count });
  await scenarios[scenario](untilDead(stage), channel).catch((error: unknown) => {
    if (life.alive) throw error;
  });
  await stage.slack.until(() => !life.alive, `the service to pass ${point} ${count} times`);
  const again = next === undefined ? life : await stage.begin({ point: next, count: 1 });
  expect(await again.ended).toBe('SIGKILL');
  const orphans = stage.openCodes();
  await stage.begin();
  expect(stage.openCodes().filter((pid) => orphans.includes(pid))).toEqual([]);
  openGates(stage);
  await stage.quiet();
}

/** What waits for a sign of the service waits in vain once it is dead, which is the point. */
function untilDead(stage: ChaosStage): ChaosStage {
  const { life, slack } = stage;
  const until: typeof slack.until = (predicate, ...rest) =>
    slack.until(
      () => {
        if (!life.alive) throw new Error('the service is dead');
        return predicate();
      },
      ...rest,
    );
  return { ...stage, slack: { ...slack, until } };
}

/** A scenario cut short does not come to opening its own. */
function openGates({ ledger, model }: ChaosStage): void {
  for (const { id, fate } of ledger.said) if (fate === 'answered') model.gate(id).open();
}

describe.concurrent('OP-4: kill -9 at a named point', () => {
  it('every point is among the cases', ({ expect }) => {
    const points = new Set(lanes.flat().map(([point]) => point));
    expect([...points].sort()).toEqual([...probePoints].sort());
  });

  it.each(lanes.map((cases) => ({ cases, name: [...new Set(cases.map(([point]) => point))].join(', ') })))(
    'IN-5, IN-6, OUT-1, AG-1: everything is answered once, in order, after $name',
    async ({ cases }) => {
      await using stage = await openChaosStage();
      await stage.begin();
      for (const [index, one] of cases.entries()) {
        await dieAndRecover(stage, one, `C_${String(index).padStart(2, '0')}`);
      }
      await stage.life.stop();
      await stage.settled(0);
      expect(stage.leftovers()).toEqual([]);
    },
    // Some 4 s a case on an idle machine; a dozen starts of OpenCode where others work, too.
    900_000,
  );
});
