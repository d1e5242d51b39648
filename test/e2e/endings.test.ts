import { describe, expect, it } from 'vitest';
import { answer, openRoom, reply, until, useStage } from './use-stage.ts';

const stage = useStage();

describe('how a turn ends', () => {
  it('OUT-5: the last text of an agent that never replies is posted', async () => {
    const room = openRoom(stage());
    const { slack, model, settled, transcript } = stage();
    model.script('tell me a joke', [{ text: 'Two bytes meet. One says: I feel a bit off.' }]);
    const ts = await slack.as('U_ANNA').post(room, '@frontdesk tell me a joke');
    await settled(room, ts);
    await expect(transcript(room, ts)).toMatchFileSnapshot('golden/never-replies.txt');
  });

  it('OUT-5: an agent that ends with nothing at all is told of', async () => {
    const room = openRoom(stage());
    const { slack, model, settled, transcript } = stage();
    model.script('say nothing', [{}]);
    const ts = await slack.as('U_ANNA').post(room, '@frontdesk say nothing');
    await settled(room, ts);
    await expect(transcript(room, ts)).toMatchFileSnapshot('golden/ends-with-nothing.txt');
  });

  it('OUT-5: a failure says its cause and what to do; the next message works', async () => {
    const room = openRoom(stage());
    const { slack, model, settled, transcript } = stage();
    const body = JSON.stringify({ error: { message: 'model front-desk is not served here', type: 'bad' } });
    model.script('draw a map', [{ fault: 'status', status: 400, body }]);
    model.script(/^try again$/, answer('Here is your map.'));
    const ts = await slack.as('U_ANNA').post(room, '@frontdesk draw a map');
    await until(stage(), room, ts, 'The agent failed');
    await settled(room, ts);
    await slack.as('U_ANNA').post(room, 'try again', { threadTs: ts });
    await until(stage(), room, ts, 'Here is your map.');
    await settled(room, ts);
    await expect(transcript(room, ts)).toMatchFileSnapshot('golden/agent-fails.txt');
  });

  it('OUT-5: what was replied before a failure stays, and the failure is told', async () => {
    const room = openRoom(stage());
    const { slack, model, settled, transcript } = stage();
    model.script('half a job', [reply('The first half is done.'), { fault: 'status', status: 400 }]);
    const ts = await slack.as('U_ANNA').post(room, '@frontdesk half a job');
    await until(stage(), room, ts, 'The agent failed');
    await settled(room, ts);
    await expect(transcript(room, ts)).toMatchFileSnapshot('golden/fails-after-reply.txt');
  });

  it('OUT-5: a conversation that outgrew the model’s context goes on, shortened', async () => {
    const room = openRoom(stage());
    const { slack, model, settled, transcript } = stage();
    const body = JSON.stringify({
      error: {
        message: "This model's maximum context length is 1000 tokens.",
        type: 'invalid_request_error',
        code: 'context_length_exceeded',
      },
    });
    model.script('a very old thread', [{ fault: 'status', status: 400, body }]);
    // What OpenCode itself says after it has compacted.
    model.script(/conversation was compacted|continue if you have/i, answer('We were at the third point.'));
    const ts = await slack.as('U_ANNA').post(room, '@frontdesk a very old thread');
    await slack.until(() => slack.thread(room, ts).some(({ bot }) => bot), 'an end');
    await settled(room, ts);
    await expect(transcript(room, ts)).toMatchFileSnapshot('golden/context-overflow.txt');
  });

  it('OUT-5: a model that is overloaded is waited for', async () => {
    const room = openRoom(stage());
    const { slack, model, settled, transcript } = stage();
    model.script('be patient', [
      { fault: 'status', status: 503, times: 2, next: reply('Thanks for waiting.') },
      { text: 'Done.' },
    ]);
    const ts = await slack.as('U_ANNA').post(room, '@frontdesk be patient');
    await until(stage(), room, ts, 'Thanks for waiting.');
    await settled(room, ts);
    await expect(transcript(room, ts)).toMatchFileSnapshot('golden/model-overloaded.txt');
  });

  it('AG-1: a turn survives OpenCode’s death before the answer, and nothing is doubled', async () => {
    const room = openRoom(stage());
    const { slack, model, settled, transcript } = stage();
    model.script('survive this', [{ gate: 'killed early', next: reply('Still here.') }, { text: 'Done.' }]);
    const ts = await slack.as('U_ANNA').post(room, '@frontdesk survive this');
    await model.gate('killed early').reached;
    killOpenCode();
    model.gate('killed early').open();
    await until(stage(), room, ts, 'Still here.');
    await settled(room, ts);
    await expect(transcript(room, ts)).toMatchFileSnapshot('golden/opencode-killed.txt');
  });

  it('AG-1: a turn survives OpenCode’s death after the answer, and nothing is doubled', async () => {
    const room = openRoom(stage());
    const { slack, model, settled, transcript } = stage();
    model.script('survive that', [
      reply('First part.'),
      { gate: 'killed late', next: reply('Second part.') },
      { text: 'Done.' },
    ]);
    const ts = await slack.as('U_ANNA').post(room, '@frontdesk survive that');
    await until(stage(), room, ts, 'First part.');
    await model.gate('killed late').reached;
    killOpenCode();
    model.gate('killed late').open();
    await until(stage(), room, ts, 'Second part.');
    await settled(room, ts);
    await expect(transcript(room, ts)).toMatchFileSnapshot('golden/opencode-killed-after-reply.txt');
  });

  it('IN-7: stopped while it streams in a DM, what was shown stays, and the thread says so', async () => {
    const { slack, model, settled, transcript } = stage();
    const anna = slack.as('U_ANNA');
    const root = await anna.dm('hello');
    await settled('D_ANNA', '');
    model.script('count to a thousand', [{ chunks: ['One. ', 'And on. '], lastAt: 'a thousand' }]);
    await anna.dm('count to a thousand', { threadTs: root });
    await slack.until(() => openStream('D_ANNA', root), 'a stream to open');
    await anna.stopSession('D_ANNA', root);
    await until(stage(), 'D_ANNA', root, 'Stopped by Anna');
    await settled('D_ANNA', root);
    expect(openStream('D_ANNA', root)).toBeUndefined();
    const shown = transcript('D_ANNA', root).replace(/One\..*/, 'One. …');
    await expect(shown).toMatchFileSnapshot('golden/stop-stream.txt');
  });

  it('OUT-4: OpenCode killed while a DM streams: the text is there once, whole', async () => {
    const { slack, model, settled, transcript } = stage();
    const ben = slack.as('U_BEN');
    const root = await ben.dm('hello');
    await settled('D_BEN', '');
    const lines = Array.from({ length: 20 }, (_, at) => `Line ${at + 1} of twenty. `);
    model.script('recite', [{ chunks: lines, lastAt: 'the twentieth' }]);
    await ben.dm('recite', { threadTs: root });
    await slack.until(() => openStream('D_BEN', root), 'a stream to open');
    killOpenCode();
    model.gate('the twentieth').open();
    await until(stage(), 'D_BEN', root, 'Line 20 of twenty.');
    await settled('D_BEN', root);
    await expect(transcript('D_BEN', root)).toMatchFileSnapshot('golden/opencode-killed-stream.txt');
    expect(transcript('D_BEN', root).match(/Line 1 of/g)).toHaveLength(1);
  });
});

function openStream(channel: string, root: string) {
  return stage()
    .slack.thread(channel, root)
    .find(({ stream }) => stream?.state === 'open');
}

/** As a crash would: kill -9. The service starts it again. */
function killOpenCode(): void {
  const pid = stage().desk.openCodePid;
  if (pid === undefined) throw new Error('OpenCode is not running');
  process.kill(pid, 'SIGKILL');
}
