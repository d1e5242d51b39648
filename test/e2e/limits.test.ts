import { describe, expect, it } from 'vitest';
import type { ModelTurn } from '../model/turn.ts';
import { answer, atWork, held, openRoom, until, useStage } from './use-stage.ts';

const stage = useStage({
  config: { cardAfterMs: 100, remindAfterMs: 1000, stalledAfterMs: 5000, turnSteps: 6 },
});

describe('the limits of a turn', () => {
  it('AG-3: silence is told, then judged stalled; [Wait] goes on waiting', async () => {
    const room = openRoom(stage());
    const { slack, model, settled, transcript } = stage();
    model.script('think hard', held('thought', answer('42.')));
    const ts = await slack.as('U_ANNA').post(room, '@frontdesk think hard');
    await atWork(stage(), room, ts);
    // Looked for from the start: on a busy machine OpenCode is silent for long before it asks the model.
    await until(stage(), room, ts, 'Still working');
    await model.gate('thought').reached;
    const stalled = await until(stage(), room, ts, 'no sign of life');
    await expect(transcript(room, ts)).toMatchFileSnapshot('golden/stalled.txt');
    const silences = () => transcript(room, ts).match(/Still working/g)?.length ?? 0;
    await slack.as('U_BEN').click(room, stalled.ts, 'Wait');
    await until(stage(), room, ts, 'Waiting on');
    await expect(transcript(room, ts)).toMatchFileSnapshot('golden/stalled-waiting.txt');
    await slack.until(() => silences() === 1, 'the next reminder');
    model.gate('thought').open();
    await until(stage(), room, ts, '42.');
    await settled(room, ts);
    await expect(transcript(room, ts)).toMatchFileSnapshot('golden/stalled-then-fine.txt');
  });

  it('AG-3: [Stop] on the stalled card ends the turn', async () => {
    const room = openRoom(stage());
    const { slack, model, settled, transcript } = stage();
    model.script('ponder', held('harder', answer('43.')));
    const ts = await slack.as('U_ANNA').post(room, '@frontdesk ponder');
    const stalled = await until(stage(), room, ts, 'no sign of life');
    await slack.as('U_ANNA').click(room, stalled.ts, 'Stop');
    await until(stage(), room, ts, 'Stopped by Anna');
    await settled(room, ts);
    await expect(transcript(room, ts)).toMatchFileSnapshot('golden/stalled-stopped.txt');
  });

  it('AG-3: an agent that goes in circles is ended with words', async () => {
    const room = openRoom(stage());
    const { slack, model, settled, transcript } = stage();
    const step = ({ step }: ModelTurn) => ({
      tools: [{ name: 'slack_react', args: { emoji: step % 2 === 0 ? 'hourglass' : 'eyes' } }],
    });
    model.script('go round', step);
    const ts = await slack.as('U_ANNA').post(room, '@frontdesk go round');
    await until(stage(), room, ts, 'the limit for one turn');
    await settled(room, ts);
    await expectEnded('go round');
    await expect(transcript(room, ts)).toMatchFileSnapshot('golden/too-many-steps.txt');
  });

  it('AG-3: a gateway’s page instead of the model ends by the same limit, not never', async () => {
    const room = openRoom(stage());
    const { slack, model, settled, transcript } = stage();
    model.script('behind a gateway', [{ fault: 'html' }]);
    const ts = await slack.as('U_ANNA').post(room, '@frontdesk behind a gateway');
    await until(stage(), room, ts, 'the limit for one turn');
    await settled(room, ts);
    await expectEnded('behind a gateway');
    await expect(transcript(room, ts)).toMatchFileSnapshot('golden/gateway-page.txt');
  });
});

/** No more calls: a second turn in another thread is answered, and the first has not been heard of again. */
async function expectEnded(words: string): Promise<void> {
  const { slack, model, settled } = stage();
  const calls = () => model.calls.filter(({ said }) => said === words).length;
  const before = calls();
  const room = openRoom(stage());
  const ts = await slack.as('U_ANNA').post(room, '@frontdesk are you well?');
  await until(stage(), room, ts, 'ok');
  await settled(room, ts);
  expect(calls()).toBe(before);
}
