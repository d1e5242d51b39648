import { describe, expect, it } from 'vitest';
import type { ChatMessage } from '../../kit/chat.ts';
import type { ProbePoint } from '../../kit/probe.ts';
import { systemClock } from '../clock.ts';
import { createHastyClock, startDesk } from '../../../test/support/desk.ts';

const text = (markdown: string): ChatMessage => ({ kind: 'text', markdown });

/** A life that ends between a post and its mark. */
function killedOncePosted() {
  const { promise: crashed, resolve } = Promise.withResolvers<void>();
  const probe = (point: ProbePoint): void => {
    if (point !== 'slack.posted') return;
    resolve();
    throw new Error('killed here');
  };
  return { crashed, probe };
}

describe('the outbox', () => {
  it('OUT-1: posts in the order in which it was told, each once', async () => {
    await using desk = await startDesk({ clock: createHastyClock() });
    const { chat } = await desk.live();
    const ref = await desk.openThread();
    for (const n of ['one', 'two', 'three', 'two']) await chat.say(ref, n, text(n));
    await chat.drain(120_000);
    expect(desk.said(ref)).toEqual(['one', 'two', 'three']);
  });

  it('OUT-1: paces one channel at about a post a second after a short burst', async () => {
    const clock = createHastyClock();
    await using desk = await startDesk({ clock });
    const { chat } = await desk.live();
    const ref = await desk.openThread();
    const started = clock.now();
    await Promise.all(Array.from({ length: 10 }, (_, n) => chat.say(ref, `p${n}`, text(`p${n}`))));
    await chat.drain(120_000);
    expect(desk.said(ref)).toHaveLength(10);
    expect(clock.now() - started).toBeGreaterThan(5500);
    expect(clock.now() - started).toBeLessThan(9000);
  });

  it("OUT-1: stays within Slack's limits by itself", async () => {
    await using desk = await startDesk({ slack: { rateLimits: true } });
    const { chat } = await desk.live();
    const ref = await desk.openThread();
    await Promise.all(Array.from({ length: 6 }, (_, n) => chat.say(ref, `p${n}`, text(`p${n}`))));
    await chat.drain(120_000);
    expect(desk.said(ref)).toEqual(['p0', 'p1', 'p2', 'p3', 'p4', 'p5']);
    expect(desk.calls('chat.postMessage').every(({ outcome }) => outcome === 'ok')).toBe(true);
  });

  it('OUT-1: 429 of one channel does not delay another', async () => {
    await using desk = await startDesk();
    const { chat } = await desk.live();
    const dev = await desk.openThread('C0DEV');
    const ops = await desk.openThread('C0OPS');
    desk.slack.faults.add({
      method: 'chat.postMessage',
      channel: 'C0DEV',
      kind: 'ratelimited',
      // Longer than the slowest machine takes for the other.
      retryAfter: 3600,
    });
    await chat.say(dev, 'a', text('limited'));
    await desk.slack.until(() => desk.calls('chat.postMessage').length === 1, 'the refused post');
    await chat.say(ops, 'b', text('free'));
    await desk.slack.until(() => desk.said(ops).length === 1, 'the other channel');
    expect(desk.said(dev)).toEqual([]);
  });

  it('OUT-1: waits as long as Slack says, then posts once', async () => {
    const clock = createHastyClock();
    await using desk = await startDesk({ clock });
    const { chat } = await desk.live();
    const ref = await desk.openThread();
    desk.slack.faults.add({ method: 'chat.postMessage', kind: 'ratelimited', retryAfter: 7 });
    await chat.say(ref, 'a', text('late'));
    await chat.drain(120_000);
    expect(desk.said(ref)).toEqual(['late']);
    expect(clock.waits).toContain(7000);
  });

  it('OUT-1: retries 5xx after 1, 2, 4 s, and posts once', async () => {
    const clock = createHastyClock();
    await using desk = await startDesk({ clock });
    const { chat } = await desk.live();
    const ref = await desk.openThread();
    desk.slack.faults.add({ method: 'chat.postMessage', kind: 'status', status: 503, times: 3 });
    await chat.say(ref, 'a', text('through'));
    await chat.drain(120_000);
    expect(desk.said(ref)).toEqual(['through']);
    expect(clock.waits).toEqual([1000, 2000, 4000]);
  });

  it.each(['reset-after', 'hang-after'] as const)(
    'OUT-1: a post whose answer is lost (%s) is found, not repeated',
    async (kind) => {
      await using desk = await startDesk({ clock: createHastyClock() });
      const { chat } = await desk.live();
      const ref = await desk.openThread();
      desk.slack.faults.add({ method: 'chat.postMessage', kind });
      await chat.say(ref, 'a', text('once'));
      await chat.say(ref, 'b', text('then'));
      await chat.change(ref, 'a', text('changed'));
      await chat.drain(120_000);
      expect(desk.said(ref)).toEqual(['changed', 'then']);
    },
  );

  it('OUT-1: a post to the top level of a DM whose answer is lost is found there', async () => {
    await using desk = await startDesk({ clock: createHastyClock() });
    const { chat } = await desk.live();
    const ref = { ...(await desk.openDm()), thread: '' };
    desk.slack.faults.add({ method: 'chat.postMessage', kind: 'reset-after' });
    await chat.say(ref, 'a', text('once'));
    await chat.drain(120_000);
    expect(desk.said(ref)).toEqual(['once']);
  });

  it('OUT-1: a crash between the post and its mark leaves one message, and what waited follows', async () => {
    await using desk = await startDesk();
    const ref = await desk.openThread();
    const { crashed, probe } = killedOncePosted();
    const first = await desk.live({
      probe,
      // Its retry never comes.
      clock: { ...systemClock, after: () => ({ [Symbol.dispose]() {} }) },
    });
    await first.chat.say(ref, 'a', text('once'));
    await first.chat.say(ref, 'b', text('second'));
    await crashed;
    await first.crash();

    const second = await desk.live();
    await second.chat.say(ref, 'a', text('once'));
    await second.chat.drain(120_000);
    expect(desk.said(ref)).toEqual(['once', 'second']);
    expect(await second.chat.said(ref, '')).toEqual(['a', 'b']);
    await second.crash();
  });

  it('OUT-1: an answer lost and a crash while our clock is hours ahead of Slack’s: it is found, and not sent again', async () => {
    await using desk = await startDesk();
    const ref = await desk.openThread();
    const ahead = () => Date.now() + 5 * 3_600_000;
    const { crashed, probe } = killedOncePosted();
    const first = await desk.live({
      probe,
      clock: { ...systemClock, now: ahead, after: () => ({ [Symbol.dispose]() {} }) },
    });
    await first.chat.say(ref, 'a', text('once'));
    await crashed;
    await first.crash();

    const second = await desk.live({ clock: { ...systemClock, now: ahead } });
    await second.chat.drain(120_000);
    expect(desk.said(ref)).toEqual(['once']);
  });

  it('OUT-1: the clock is set back an hour: nothing waits for it to come round again', async () => {
    await using desk = await startDesk();
    const ref = await desk.openThread();
    let setBy = 0;
    const { chat } = await desk.live({ clock: { ...systemClock, now: () => Date.now() + setBy } });
    await chat.say(ref, 'a', text('before'));
    await desk.quiet(chat);
    setBy = -3_600_000;
    await chat.say(ref, 'b', text('after'));
    await chat.drain(120_000);
    expect(desk.said(ref)).toEqual(['before', 'after']);
  });

  it('OUT-4: a card that is changed after six weeks and a restart is the same card', async () => {
    await using desk = await startDesk();
    const ref = await desk.openThread();
    const first = await desk.live();
    await first.chat.say(ref, 'card', text('at work'));
    await first.chat.drain(120_000);
    await first.crash();

    const later = { ...systemClock, now: () => Date.now() + 42 * 24 * 3_600_000 };
    const second = await desk.live({ clock: later });
    await second.chat.change(ref, 'card', text('idle'));
    await second.chat.drain(120_000);
    expect(desk.said(ref)).toEqual(['idle']);
  });

  it('OUT-1: what never left before the end is sent by the next life', async () => {
    await using desk = await startDesk();
    const ref = await desk.openThread();
    const first = await desk.live();
    await first.chat.drain(0);
    await first.chat.say(ref, 'a', text('later'));
    expect(await first.chat.said(ref, 'a')).toEqual(['a']);
    await first.crash();
    expect(desk.said(ref)).toEqual([]);

    const second = await desk.live();
    await second.chat.drain(120_000);
    expect(desk.said(ref)).toEqual(['later']);
  });

  it('OUT-1: what Slack refuses is buried at once, told to the operator once, and holds nothing up', async () => {
    await using desk = await startDesk({ clock: createHastyClock(), operatorChannel: 'C0OPS' });
    const { chat } = await desk.live();
    const ref = await desk.openThread();
    desk.slack.faults.add({ method: 'chat.postMessage', kind: 'error', error: 'not_in_channel' });
    await chat.say(ref, 'a', text('refused'));
    await chat.say(ref, 'b', text('fine'));
    await chat.drain(120_000);
    expect(desk.said(ref)).toEqual(['fine']);
    const ops = { ...ref, channel: 'C0OPS', thread: '' };
    expect(desk.said(ops)).toEqual([expect.stringContaining('not_in_channel')]);
    expect(desk.counted.filter((name) => name === 'dead_letters_total')).toHaveLength(1);
  });

  it('OUT-1: after five retries in vain it is a dead letter, told once, and revived when Slack is back', async () => {
    const clock = createHastyClock();
    await using desk = await startDesk({ clock, operatorChannel: 'C0OPS' });
    const { chat } = await desk.live();
    const ref = await desk.openThread();
    const { channel } = ref;
    // Two rounds of six sends; the last one of all arrives although its answer is lost.
    desk.slack.faults.add({ method: 'chat.postMessage', channel, kind: 'status', status: 500, times: 11 });
    desk.slack.faults.add({ method: 'chat.postMessage', channel, kind: 'reset-after' });
    await chat.say(ref, 'a', text('late'));
    await desk.slack.until(() => desk.said(ref).length > 0 && chat.depth === 0, 'the revived post');
    expect(desk.said(ref)).toEqual(['late']);
    const ops = { ...ref, channel: 'C0OPS', thread: '' };
    expect(desk.said(ops)).toEqual([expect.stringContaining('tried again for a day')]);
    expect(clock.waits.slice(0, 6)).toEqual([1000, 2000, 4000, 8000, 16_000, 60_000]);
  });

  it('OUT-1: a dead letter outlives the process, with its file', async () => {
    await using desk = await startDesk({ clock: createHastyClock() });
    const ref = await desk.openThread();
    const first = await desk.live();
    const repair = desk.slack.faults.add({ method: 'upload', kind: 'status', status: 503, times: 1000 });
    await first.chat.attach(ref, 'file', { name: 'a.bin', content: Uint8Array.of(0, 255, 1) });
    await desk.slack.until(() => desk.counted.includes('dead_letters_total'), 'the burial');
    await first.crash();
    repair();
    const second = await desk.live();
    await second.chat.drain(120_000);
    const files = desk.slack.thread(ref.channel, ref.thread).flatMap(({ files }) => files);
    expect(files.map(({ content }) => [...content])).toEqual([[0, 255, 1]]);
  });

  it('OUT-1: an alert that fails alerts nobody', async () => {
    await using desk = await startDesk({ clock: createHastyClock(), operatorChannel: 'C0OPS' });
    const { chat } = await desk.live();
    const ref = await desk.openThread();
    desk.slack.faults.add({ method: 'chat.postMessage', kind: 'error', error: 'not_in_channel', times: 100 });
    await chat.say(ref, 'a', text('refused'));
    await chat.drain(120_000);
    expect(desk.counted.filter((name) => name === 'dead_letters_total')).toHaveLength(2);
  });

  it('OUT-1: an upload whose answer is lost is found by its file and not repeated', async () => {
    await using desk = await startDesk({ clock: createHastyClock() });
    const { chat } = await desk.live();
    const ref = await desk.openThread();
    desk.slack.faults.add({ method: 'files.completeUploadExternal', kind: 'reset-after' });
    desk.slack.faults.add({ method: 'upload', kind: 'status', status: 503 });
    await chat.attach(ref, 'file', { name: 'a.bin', content: Uint8Array.of(0, 255, 1) });
    await chat.drain(120_000);
    const files = desk.slack.thread(ref.channel, ref.thread).flatMap(({ files }) => files);
    expect(files.map(({ content }) => [...content])).toEqual([[0, 255, 1]]);
  });

  it('OUT-1: an update that Slack holds back does not delay the next answer; 👀 waits for the answer before it', async () => {
    await using desk = await startDesk();
    const { chat } = await desk.live();
    const ref = await desk.openThread();
    await chat.say(ref, 'a', text('first'));
    await desk.quiet(chat);
    desk.slack.faults.add({ method: 'chat.update', kind: 'ratelimited', retryAfter: 600, times: 100 });
    await chat.change(ref, 'a', text('first, with a footer'));
    desk.slack.faults.add({ method: 'chat.postMessage', kind: 'ratelimited', retryAfter: 1 });
    await chat.say(ref, 'b', text('second'));
    await chat.mark(ref, ref.thread, 'eyes', false);
    await desk.slack.until(() => desk.calls('reactions.remove').length === 1, 'the mark to go');
    expect(desk.said(ref)).toEqual(['first', 'second']);
    await chat.drain(0);
  });
});
