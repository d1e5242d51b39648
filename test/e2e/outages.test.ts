import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { threadRecordSchema } from '../../frontdesk/threads/record.ts';
import { createSilentLog } from '../../mcp-servers/kit/log.ts';
import { buildFileName } from '../../mcp-servers/kit/store/file-name.ts';
import { openStore } from '../../mcp-servers/kit/store/store.ts';
import { mountSmallDisk } from '../support/small-disk.ts';
import { answer, held, openRoom, reply, textOf, until, useStage } from './use-stage.ts';

// Slack gives an undelivered event up after 6 minutes: here after 60 ms, so that only catching up can find it.
// Slack waits so long for each of the four acknowledgements that a frozen disk owes.
const stage = useStage({ slack: { clock: { now: Date.now, scale: 6000 }, ackMs: 5000 } });

/** Slack has given up every event that nobody took. */
async function givenUp(messages: number): Promise<void> {
  const { slack } = stage();
  const count = () => slack.journal.filter(({ kind }) => kind === 'given-up').length;
  await slack.until(() => count() >= messages && slack.pendingEvents === 0, `${messages} events given up`);
}

/** How often the app said these words in a channel, threads included. */
function timesSaid(channel: string, words: string): number {
  const { slack } = stage();
  const all = slack.messages(channel).flatMap(({ ts }) => slack.thread(channel, ts));
  return all.filter((message) => message.bot && textOf(message).includes(words)).length;
}

/** Sets the last word in a thread back so many days; the service is down. @returns what reads its record */
async function leaveSilent(channel: string, ts: string, days: number): Promise<() => Promise<unknown>> {
  const dir = join(stage().config.stateDir, 'state');
  const id = `T0LOCAL:${channel}:${ts}`;
  await using store = await openStore({ dir, log: createSilentLog() });
  const records = store.collection({ name: 'threads', schema: threadRecordSchema, version: 1 });
  const record = await records.update(
    id,
    (known) => known && { ...known, activeAt: known.activeAt - days * 86_400_000 },
  );
  expect(record?.delivered).toHaveLength(1);
  const { shard, name } = buildFileName(id);
  return async () =>
    (JSON.parse(await readFile(join(dir, 'threads', shard, name), 'utf8')) as { data: unknown }).data;
}

async function slackHealth(): Promise<unknown> {
  const response = await fetch(`${stage().desk.url}/health`);
  return ((await response.json()) as { slack?: unknown }).slack;
}

describe('outages', () => {
  it('AG-1: after a restart between messages the conversation goes on, in the same session', async () => {
    const room = openRoom(stage());
    const { slack, model, settled, restart, stop, transcript } = stage();
    model.script('my name is Ada', answer('Nice to meet you, Ada.'));
    model.script('what is my name', answer('Ada.'));
    const ts = await slack.as('U_ANNA').post(room, '@frontdesk my name is Ada');
    await settled(room, ts);
    await stop();
    const record = await leaveSilent(room, ts, 40);
    await restart();
    await expect
      .poll(record, { message: 'OP-4: little is kept of a silent thread' })
      .toMatchObject({ delivered: [] });
    await slack.as('U_ANNA').post(room, 'what is my name?', { threadTs: ts });
    await until(stage(), room, ts, '"Ada."');
    await settled(room, ts);
    const [first, second] = ['my name is Ada', 'what is my name?'].map((words) =>
      model.calls.find(({ said }) => said === words),
    );
    expect(second?.sessionId).toBe(first?.sessionId);
    expect(JSON.stringify(second?.messages)).toContain('Nice to meet you, Ada.');
    await expect(transcript(room, ts)).toMatchFileSnapshot('golden/restart-between.txt');
  });

  it('IN-5: what was written while the service was down is answered once', async () => {
    const room = openRoom(stage());
    const { slack, model, settled, restart, stop, transcript } = stage();
    const [anna, ben] = [slack.as('U_ANNA'), slack.as('U_BEN')];
    model.script('are you there', answer('I am here.'));
    model.script('first question', answer('Answer to the mention.'));
    model.script('second question', answer('Answer to the reply.'));
    model.script('third question', [{ text: 'Answer to the DM.' }]);
    model.script('fourth question', [{ text: 'Answer to the first DM ever.' }]);
    const ts = await anna.post(room, '@frontdesk are you there?');
    await anna.dm('are you there?');
    await settled(room, ts);
    await settled('D_ANNA', '');
    await stop();
    const before = slack.journal.filter(({ kind }) => kind === 'given-up').length;
    const mention = await anna.post(room, '@frontdesk first question');
    await anna.post(room, 'second question', { threadTs: ts });
    await slack.as('U_STRANGER').post(room, 'a stranger’s question', { threadTs: ts });
    await anna.post(room, 'words to nobody');
    await anna.dm('third question');
    await ben.dm('fourth question');
    await givenUp(before + 7);
    await restart();
    await until(stage(), room, mention, 'Answer to the mention.');
    await until(stage(), room, ts, 'Answer to the reply.');
    await until(stage(), 'D_ANNA', '', 'Answer to the DM.');
    await until(stage(), 'D_BEN', '', 'Answer to the first DM ever.');
    await settled(room, ts);
    await settled(room, mention);
    await restart();
    await settled(room, ts);
    for (const words of ['Answer to the mention.', 'Answer to the reply.'])
      expect(timesSaid(room, words)).toBe(1);
    expect(timesSaid('D_ANNA', 'Answer to the DM.')).toBe(1);
    expect(timesSaid('D_BEN', 'Answer to the first DM ever.')).toBe(1);
    expect(model.calls.some(({ said }) => /stranger|nobody/.test(said))).toBe(false);
    await expect(transcript(room)).toMatchFileSnapshot('golden/written-while-down.txt');
  });

  it('IN-5: a message that comes in while it catches up hides none of those missed', async () => {
    const room = openRoom(stage());
    const { slack, model, settled, restart, stop } = stage();
    const anna = slack.as('U_ANNA');
    model.script('hello once more', answer('Hello again.'));
    model.script('missed question', answer('Answer to the missed one.'));
    model.script('missed elsewhere', answer('Answer to the one missed elsewhere.'));
    model.script('live question', answer('Answer to the live one.'));
    const ts = await anna.post(room, '@frontdesk hello once more');
    await settled(room, ts);
    await stop();
    const before = slack.journal.filter(({ kind }) => kind === 'given-up').length;
    await anna.post(room, 'missed question', { threadTs: ts });
    const other = await anna.post(room, '@frontdesk missed elsewhere');
    await givenUp(before + 3);
    slack.faults.add({ method: 'users.conversations', kind: 'slow', delayMs: 1500 });
    await restart();
    await anna.post(room, '@frontdesk live question', { threadTs: ts });
    await until(stage(), room, ts, 'Answer to the live one.');
    await until(stage(), room, ts, 'Answer to the missed one.');
    await until(stage(), room, other, 'Answer to the one missed elsewhere.');
    await settled(room, ts);
    expect(timesSaid(room, 'Answer to the missed one.')).toBe(1);
  });

  it('IN-5, OP-2: the socket drops in a turn; /health says so, and what was written in the gap is answered once', async () => {
    const room = openRoom(stage());
    const { slack, model, settled, transcript } = stage();
    const anna = slack.as('U_ANNA');
    model.script('hold the line', held('line', answer('Still on the line.')));
    model.script('in the gap', answer('Heard in the gap.'));
    const ts = await anna.post(room, '@frontdesk hold the line');
    await model.gate('line').reached;
    const before = slack.journal.filter(({ kind }) => kind === 'given-up').length;
    slack.sockets.refuse(true);
    slack.sockets.dropAll();
    await anna.post(room, 'in the gap', { threadTs: ts });
    const mention = await anna.post(room, '@frontdesk in the gap');
    await givenUp(before + 3);
    await expect.poll(slackHealth).toBe('disconnected');
    slack.sockets.refuse(false);
    model.gate('line').open();
    await until(stage(), room, mention, 'Heard in the gap.');
    await until(stage(), room, ts, 'Heard in the gap.');
    await settled(room, ts);
    await settled(room, mention);
    expect(timesSaid(room, 'Heard in the gap.')).toBe(2);
    await expect.poll(slackHealth).toBe('connected');
    expect(timesSaid(room, 'Still on the line.')).toBe(1);
    await expect(transcript(room)).toMatchFileSnapshot('golden/socket-dropped.txt');
  });

  it('OUT-1: while Slack answers 429 and 503 nothing is lost, doubled or out of order', async () => {
    const room = openRoom(stage());
    const { slack, model, settled, transcript } = stage();
    model.script('tell me a story', [
      reply('Chapter one.'),
      reply('Chapter two.'),
      reply('Chapter three.'),
      { text: 'Done.' },
    ]);
    slack.faults.add({ method: 'chat.postMessage', kind: 'ratelimited', retryAfter: 1, channel: room });
    slack.faults.add({ method: '*', kind: 'status', status: 503, times: 3, channel: room });
    slack.faults.add({ method: 'chat.postMessage', kind: 'reset-after', times: 2, channel: room });
    const ts = await slack.as('U_ANNA').post(room, '@frontdesk tell me a story');
    await until(stage(), room, ts, 'Chapter three.');
    await settled(room, ts);
    expect(slack.faults.armed).toEqual([]);
    await expect(transcript(room, ts)).toMatchFileSnapshot('golden/slack-in-trouble.txt');
  });

  it('OUT-1: a channel that is rate limited delays no other', async () => {
    const [limited, free] = [openRoom(stage()), openRoom(stage())];
    const { slack, model, settled } = stage();
    model.script('who is first', answer('Me.'));
    const lift = slack.faults.add({
      method: 'chat.postMessage',
      kind: 'ratelimited',
      retryAfter: 1,
      // Until it is lifted, however long the other takes.
      times: Infinity,
      channel: limited,
    });
    const [slow, quick] = [
      await slack.as('U_ANNA').post(limited, '@frontdesk who is first?'),
      await slack.as('U_ANNA').post(free, '@frontdesk who is first?'),
    ];
    await until(stage(), free, quick, 'Me.');
    expect(timesSaid(limited, 'Me.')).toBe(0);
    lift();
    await until(stage(), limited, slow, 'Me.');
    await settled(limited, slow);
    expect(timesSaid(limited, 'Me.')).toBe(1);
  });

  it('OP-4, IN-5: the disk takes nothing while people write: said at once, answered once it does, newer first or not', async () => {
    const room = openRoom(stage());
    const { slack, model, settled, restart, stop, config } = stage();
    const anna = slack.as('U_ANNA');
    await stop();
    const disk = await mountSmallDisk({ megabytes: 4, over: join(config.stateDir, 'state') });
    if (disk === null) {
      console.warn('⚠️ No small disk can be mounted here; one that takes nothing was not tested.');
      await restart();
      return;
    }
    await using cleaning = new AsyncDisposableStack();
    cleaning.use(disk);
    cleaning.defer(stop);
    model.script('before it was frozen', answer('Answer before.'));
    model.script('while it was frozen', answer('Answer to what could not be stored.'));
    model.script('in a new thread', answer('Answer to the new thread.'));
    await restart();
    const ts = await anna.post(room, '@frontdesk before it was frozen');
    await settled(room, ts);
    const before = slack.journal.filter(({ kind }) => kind === 'given-up').length;
    // Not filled: a file that is replaced meanwhile makes room for the next one.
    await expect.poll(disk.freeze).toBeDefined();
    await anna.post(room, 'while it was frozen', { threadTs: ts });
    const told = await until(stage(), room, ts, 'its file system is read-only');
    expect(told.ephemeralTo).toBe('U_ANNA');
    await givenUp(before + 1);
    await disk.thaw();
    const other = await anna.post(room, '@frontdesk in a new thread');
    await until(stage(), room, other, 'Answer to the new thread.');
    await until(stage(), room, ts, 'Answer to what could not be stored.');
    await settled(room, ts);
    expect(timesSaid(room, 'Answer to what could not be stored.')).toBe(1);
    expect(timesSaid(room, 'its file system is read-only')).toBe(1);
  });
});
