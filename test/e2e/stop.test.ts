import { describe, expect, it } from 'vitest';
import { answer, atWork, held, openRoom, until, useStage } from './use-stage.ts';

const stage = useStage({ config: { cardAfterMs: 100 } });

/** A turn that waits in the model, its live card shown. */
async function begin(words: string) {
  const { slack, model } = stage();
  const room = openRoom(stage());
  model.script(words, held(words, answer(`Never said: ${words}.`)));
  const ts = await slack.as('U_ANNA').post(room, `@frontdesk ${words}`);
  await model.gate(words).reached;
  const card = await until(stage(), room, ts, 'Agent is thinking');
  return { room, ts, card };
}

/** The turn was cut off in the model, and the thread says so. */
async function expectStopped(room: string, ts: string, words: string): Promise<string> {
  const { slack, model, settled, transcript } = stage();
  await until(stage(), room, ts, 'Stopped by');
  await settled(room, ts);
  await slack.until(() => slack.status(room, ts)?.status === 'active', 'the status to be cleared');
  const cutOff = () => model.calls.findLast(({ said }) => said === words)?.outcome === 'aborted';
  await slack.until(cutOff, 'OpenCode to hang up on the model');
  expect(transcript(room, ts)).not.toContain('Never said');
  return transcript(room, ts);
}

describe('stopping a turn', () => {
  it('OUT-4: a live card shows what happens, with a Stop button; it goes when the answer comes', async () => {
    const { room, ts } = await begin('paint the fence');
    const { model, settled, transcript } = stage();
    await atWork(stage(), room, ts);
    await expect(transcript(room, ts)).toMatchFileSnapshot('golden/live-card.txt');
    model.gate('paint the fence').open();
    await settled(room, ts);
    expect(transcript(room, ts)).not.toContain('thinking');
  });

  it('IN-7: the word stop', async () => {
    const { room, ts } = await begin('dig a hole');
    await stage().slack.as('U_BEN').post(room, 'stop', { threadTs: ts });
    const shown = await expectStopped(room, ts, 'dig a hole');
    await expect(shown).toMatchFileSnapshot('golden/stop-word.txt');
  });

  it('IN-7: 🛑 on the message or on the card', async () => {
    const { room, ts } = await begin('climb a tree');
    await stage().slack.as('U_ANNA').react(room, ts, 'octagonal_sign');
    const shown = await expectStopped(room, ts, 'climb a tree');
    await expect(shown).toMatchFileSnapshot('golden/stop-reaction.txt');

    const again = await begin('climb a tower');
    await stage().slack.as('U_ANNA').react(again.room, again.card.ts, 'octagonal_sign');
    await expectStopped(again.room, again.ts, 'climb a tower');
  });

  it('IN-7: the card’s Stop button', async () => {
    const { room, ts, card } = await begin('swim a mile');
    await stage().slack.as('U_ANNA').click(room, card.ts, 'Stop');
    const shown = await expectStopped(room, ts, 'swim a mile');
    await expect(shown).toMatchFileSnapshot('golden/stop-button.txt');
  });

  it('IN-7: Slack’s native stop', async () => {
    const { room, ts } = await begin('run a race');
    const { slack } = stage();
    await slack.until(() => slack.status(room, ts)?.status === 'processing', 'the native status');
    await slack.as('U_BEN').stopSession(room, ts);
    const shown = await expectStopped(room, ts, 'run a race');
    await expect(shown).toMatchFileSnapshot('golden/stop-native.txt');
  });

  it('IN-7: what is queued is next, and the thread says how much', async () => {
    const { room, ts } = await begin('sing a song');
    const { slack, model, settled, transcript } = stage();
    const anna = slack.as('U_ANNA');
    model.script('clap your hands', answer('Clap.'));
    await anna.post(room, 'clap your hands', { threadTs: ts });
    await until(stage(), room, ts, 'Queued at position 1');
    await anna.post(room, 'stop', { threadTs: ts });
    await until(stage(), room, ts, 'Clap.');
    await settled(room, ts);
    await expect(transcript(room, ts)).toMatchFileSnapshot('golden/stop-with-queue.txt');
  });

  it('IN-7: after a stop the next message goes on in the same session', async () => {
    const { room, ts } = await begin('write a novel');
    const { slack, model, settled } = stage();
    await slack.as('U_ANNA').post(room, 'Stop!', { threadTs: ts });
    await expectStopped(room, ts, 'write a novel');
    model.script('a haiku then', answer('Five, seven and five.'));
    await slack.as('U_ANNA').post(room, 'a haiku then', { threadTs: ts });
    await until(stage(), room, ts, 'Five, seven and five.');
    await settled(room, ts);
    const [first, last] = ['write a novel', 'a haiku then'].map((words) =>
      model.calls.find(({ said }) => said === words),
    );
    expect(last?.sessionId).toBe(first?.sessionId);
  });

  it('IN-7: stop where nothing runs is answered to the one who said it', async () => {
    const room = openRoom(stage());
    const { slack, model, settled } = stage();
    model.script('what time is it', answer('Noon.'));
    const ts = await slack.as('U_ANNA').post(room, '@frontdesk what time is it?');
    await settled(room, ts);
    await slack.as('U_ANNA').post(room, 'stop', { threadTs: ts });
    const told = await until(stage(), room, ts, 'Nothing is running here');
    expect(told.ephemeralTo).toBe('U_ANNA');
  });
});
