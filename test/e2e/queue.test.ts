import { describe, expect, it } from 'vitest';
import { answer, atWork, held, openRoom, until, useStage } from './use-stage.ts';

const stage = useStage();

describe('the queue of a thread', () => {
  it('IN-6: messages wait with their positions; one is removed by a click, the rest are answered in order', async () => {
    const room = openRoom(stage());
    const { slack, model, settled, transcript } = stage();
    const anna = slack.as('U_ANNA');
    model.script('build the report', held('report', answer('The report is built.')));
    model.script('mail it to Ben', answer('Mailed.'));
    model.script('print it too', answer('Printed.'));
    model.script('then archive it', answer('Archived.'));
    const ts = await anna.post(room, '@frontdesk build the report');
    await model.gate('report').reached;
    await anna.post(room, 'mail it to Ben', { threadTs: ts });
    await until(stage(), room, ts, 'Queued at position 1');
    const printed = await anna.post(room, 'print it too', { threadTs: ts });
    const second = await until(stage(), room, ts, 'Queued at position 2');
    await anna.post(room, 'then archive it', { threadTs: ts });
    await until(stage(), room, ts, 'Queued at position 3');
    await atWork(stage(), room, ts);
    await expect(transcript(room, ts)).toMatchFileSnapshot('golden/queue-of-three.txt');

    await anna.click(room, second.ts, 'Remove');
    await until(stage(), room, ts, 'Removed from the queue by Anna');
    await slack.until(() => !transcript(room, ts).includes('position 3'), 'the others to move up');
    await atWork(stage(), room, ts, [printed]);
    await expect(transcript(room, ts)).toMatchFileSnapshot('golden/queue-one-removed.txt');

    model.gate('report').open();
    await until(stage(), room, ts, 'Archived.');
    await settled(room, ts);
    expect(model.calls.some(({ said }) => said === 'print it too')).toBe(false);
    await expect(transcript(room, ts)).toMatchFileSnapshot('golden/queue-done.txt');
  });

  it('IN-6: [Send now] interrupts and goes first', async () => {
    const room = openRoom(stage());
    const { slack, model, settled, transcript } = stage();
    const anna = slack.as('U_ANNA');
    model.script('count the stars', held('stars', answer('Many.')));
    model.script('feed the cat', answer('Fed.'));
    model.script('the house burns', answer('Calling the fire brigade.'));
    const ts = await anna.post(room, '@frontdesk count the stars');
    await model.gate('stars').reached;
    await anna.post(room, 'feed the cat', { threadTs: ts });
    await until(stage(), room, ts, 'Queued at position 1');
    await slack.as('U_BEN').post(room, 'the house burns', { threadTs: ts });
    const urgent = await until(stage(), room, ts, 'Queued at position 2');
    await slack.as('U_BEN').click(room, urgent.ts, 'Send now');
    await until(stage(), room, ts, 'Fed.');
    await settled(room, ts);
    const counted = () => model.calls.filter(({ said }) => said === 'count the stars');
    expect(counted()).toHaveLength(1);
    await slack.until(() => counted()[0]?.outcome === 'aborted', 'OpenCode to hang up on the model');
    await expect(transcript(room, ts)).toMatchFileSnapshot('golden/queue-send-now.txt');
  });

  it('IN-6: a click on a notice that is gone says so, to the one who clicked', async () => {
    const room = openRoom(stage());
    const { slack, model, settled } = stage();
    const anna = slack.as('U_ANNA');
    model.script('wash the car', held('car', answer('Washed.')));
    model.script('wax it', answer('Waxed.'));
    const ts = await anna.post(room, '@frontdesk wash the car');
    await model.gate('car').reached;
    await anna.post(room, 'wax it', { threadTs: ts });
    const notice = await until(stage(), room, ts, 'Queued at position 1');
    await anna.click(room, notice.ts, 'Remove');
    await until(stage(), room, ts, 'Removed from the queue');
    const value = JSON.stringify(notice.blocks).match(/"value":"([^"]+)"/)?.[1] ?? '';
    await anna.click(room, notice.ts, { actionId: 'queue.now', value });
    const told = await until(stage(), room, ts, 'not in the queue any more');
    expect(told.ephemeralTo).toBe('U_ANNA');
    model.gate('car').open();
    await settled(room, ts);
    expect(model.calls.some(({ said }) => said === 'wax it')).toBe(false);
  });

  it('IN-3: an edit of a queued message edits the queue, a deletion takes it out', async () => {
    const room = openRoom(stage());
    const { slack, model, settled, transcript } = stage();
    const anna = slack.as('U_ANNA');
    model.script('boil the water', held('water', answer('It boils.')));
    model.script('make green tea', answer('Green tea it is.'));
    const ts = await anna.post(room, '@frontdesk boil the water');
    await model.gate('water').reached;
    const queued = await anna.post(room, 'make black tea', { threadTs: ts });
    await until(stage(), room, ts, 'Queued at position 1');
    const doomed = await anna.post(room, 'and coffee', { threadTs: ts });
    await until(stage(), room, ts, 'Queued at position 2');
    await anna.edit(room, queued, 'make green tea');
    await anna.delete(room, doomed);
    await slack.until(() => !transcript(room, ts).includes('position 2'), 'the notice to go with it');
    model.gate('water').open();
    await until(stage(), room, ts, 'Green tea it is.');
    await settled(room, ts);
    expect(model.calls.some(({ said }) => /black tea|and coffee/.test(said))).toBe(false);
    await expect(transcript(room, ts)).toMatchFileSnapshot('golden/queue-edit-delete.txt');
  });

  it('IN-3: an edit of a delivered message is passed on as a correction', async () => {
    const room = openRoom(stage());
    const { slack, model, settled, transcript } = stage();
    const anna = slack.as('U_ANNA');
    model.script('meet at nine', answer('Noted: nine.'));
    model.script('meet at ten', answer('Noted: ten, not nine.'));
    const ts = await anna.post(room, '@frontdesk we meet at nine');
    await settled(room, ts);
    await anna.edit(room, ts, '@frontdesk we meet at ten');
    await until(stage(), room, ts, 'ten, not nine');
    await settled(room, ts);
    const call = model.calls.find(({ said }) => said === 'we meet at ten');
    expect(call?.lastUserText).toContain(
      'correction: replaces what the person wrote before, "we meet at nine"',
    );
    await expect(transcript(room, ts)).toMatchFileSnapshot('golden/correction.txt');
  });

  it('IN-6: threads do not wait for each other', async () => {
    const room = openRoom(stage());
    const { slack, model, settled } = stage();
    const anna = slack.as('U_ANNA');
    model.script('a long walk', held('walk', answer('Back again.')));
    model.script('a short walk', answer('Round the block.'));
    const slow = await anna.post(room, '@frontdesk a long walk');
    await model.gate('walk').reached;
    const quick = await anna.post(room, '@frontdesk a short walk');
    await until(stage(), room, quick, 'Round the block.');
    model.gate('walk').open();
    await settled(room, slow);
    expect(slack.thread(room, quick)[1]!.ts < slack.thread(room, slow)[1]!.ts).toBe(true);
  });
});
