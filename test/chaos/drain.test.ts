import { describe, expect, it } from 'vitest';
import { openChaosStage } from './stage.ts';

describe('OP-4: SIGTERM drains', () => {
  it('in less than 10 s with turns running, which go on after the next start', async () => {
    await using stage = await openChaosStage();
    const { ledger, model } = stage;
    await stage.begin();
    const held = await Promise.all(
      ['C_00', 'C_01', 'C_02'].map(async (channel) => await ledger.say('hold', { channel })),
    );
    for (const { id } of held) await model.gate(id).reached;
    const [first] = held;
    await ledger.say('reword', { channel: 'C_00', thread: first?.thread ?? '' });
    const written = await ledger.dm('text');
    await stage.slack.until(
      () => model.calls.some(({ said }) => said.includes(`${written.id} by`)),
      'the model to write',
    );

    expect(await stage.life.stop()).toBeLessThan(10_000);
    expect(stage.leftovers()).toEqual([]);
    // What could end was let end.
    expect(stage.slack.transcript(written.channel)).toContain(`A-${written.id}.8.`);

    const away = await ledger.say('reply', { channel: 'C_03' });
    await stage.begin();
    for (const { id } of held) model.gate(id).open();
    await stage.quiet();
    expect(stage.slack.transcript(away.channel, away.ts)).toContain(`A-${away.id}.1.`);
    expect(await stage.life.stop()).toBeLessThan(10_000);
    await stage.settled(0);
  });

  it('in less than 10 s also while OpenCode is down', async () => {
    await using stage = await openChaosStage();
    const { ledger, model } = stage;
    await stage.begin();
    const held = await ledger.say('hold', { channel: 'C_00' });
    await model.gate(held.id).reached;
    const [openCode] = stage.openCodes();
    expect(openCode).toBeDefined();
    process.kill(openCode ?? 0, 'SIGKILL');
    expect(await stage.life.stop()).toBeLessThan(10_000);
    expect(stage.leftovers()).toEqual([]);
    model.gate(held.id).open();
    await stage.begin();
    await stage.quiet();
    await stage.life.stop();
  });
});
