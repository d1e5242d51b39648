import { describe, expect, it } from 'vitest';
import { decide, finishTurn, stopTurn } from './decide.ts';
import { isOwed, noteOwed, settleOwed } from './owed.ts';
import type { Incoming } from './incoming.ts';
import type { ThreadRecord } from './record.ts';

const ref = { team: 'T1', channel: 'C1', thread: '1.0', dm: false };
const moment = { now: 1000, promptId: 'msg_1' };
let counter = 0;

function message(
  text: string,
  given: Partial<Incoming & { kind: 'message' }> = {},
): Incoming & { kind: 'message' } {
  counter += 1;
  const messageId = `1.${String(counter).padStart(6, '0')}`;
  const base = {
    kind: 'message',
    ref,
    messageId,
    eventId: `Ev${counter}`,
    author: 'U_ANNA',
    files: [],
  } as const;
  return { ...base, text, addressing: 'direct', ...given };
}

/** Plays what comes in, one after the other, and gives the record and the last actions. */
function play(...all: Incoming[]) {
  let record: ThreadRecord | undefined;
  let actions: readonly { kind: string }[] = [];
  for (const incoming of all) ({ record, actions } = decide(record, incoming, moment));
  return { record: record as ThreadRecord, actions, kinds: actions.map(({ kind }) => kind) };
}

describe('what a message does to a thread', () => {
  it('IN-3: a mention begins a turn and is marked', () => {
    const { record, kinds } = play(message('hello'));
    expect(record.turn).toMatchObject({ message: { text: 'hello' }, promptId: 'msg_1', attempt: 1 });
    expect(kinds).toEqual(['mark', 'run']);
  });

  it('IN-3: a message that is not for us leaves no trace', () => {
    expect(decide(undefined, message('hi', { addressing: 'open' }), moment)).toEqual({
      record: undefined,
      actions: [],
    });
  });

  it('IN-3: in a served thread no mention is needed; one of somebody else keeps it quiet, and is told with the next turn', () => {
    const first = message('hello');
    const aside = message('what do you think, <@U9>?', { addressing: 'other' });
    expect(play(first, message('more', { addressing: 'open' })).record.queue).toHaveLength(1);
    const { record, kinds } = play(first, aside);
    expect(record.queue).toEqual([]);
    expect(record.aside).toEqual([{ author: 'U_ANNA', text: aside.text }]);
    expect(kinds).toEqual([]);
  });

  it('IN-3: mute needs a mention from then on; unmute ends it', () => {
    const muted = [message('hello'), message('mute', { addressing: 'open' })];
    expect(play(...muted).record.muted).toBe(true);
    expect(play(...muted, message('more', { addressing: 'open' })).record.queue).toEqual([]);
    expect(play(...muted, message('more')).record.queue).toHaveLength(1);
    expect(play(...muted, message('unmute')).record.muted).toBe(false);
  });

  it('IN-5: the twin of a mention and every redelivery are taken once', () => {
    const mention = message('hello');
    const twin = { ...mention, eventId: 'EvTwin' };
    const again = play(mention, twin, mention);
    expect(again.record).toEqual(play(mention).record);
    expect(again.record.queue).toEqual([]);
    expect(again.kinds).toEqual([]);
  });

  it('IN-6: messages during a turn wait in order, each told its position', () => {
    const { record, actions } = play(message('one'), message('two'), message('three'));
    expect(record.queue.map(({ text }) => text)).toEqual(['two', 'three']);
    expect(actions).toContainEqual({ kind: 'queued', messageId: record.queue[1]?.messageId, position: 2 });
  });

  it('IN-6: the end of a turn begins the next in the same step', () => {
    const { record } = play(message('one'), message('two'));
    const next = finishTurn(record, record.turn?.id ?? '', { now: 2, promptId: 'msg_2' });
    expect(next.record?.turn).toMatchObject({ message: { text: 'two' }, promptId: 'msg_2' });
    expect(next.record?.queue).toEqual([]);
    expect(next.actions.map(({ kind }) => kind)).toEqual(['unqueued', 'run']);
  });

  it('IN-6: finishing a turn that is over changes nothing', () => {
    const { record } = play(message('one'));
    expect(finishTurn(record, 'another', moment).record).toBe(record);
  });

  it('IN-6: Remove takes a message out; twice is told', () => {
    const two = message('two');
    const remove: Incoming = {
      kind: 'action',
      ref,
      author: 'U_ANNA',
      action: 'queue.remove',
      value: two.messageId,
      clickId: '1',
    };
    expect(play(message('one'), two, remove).record.queue).toEqual([]);
    expect(play(message('one'), two, remove, remove).kinds).toEqual(['whisper']);
  });

  it('IN-6: Send now puts the message first and interrupts', () => {
    const three = message('three');
    const now: Incoming = {
      kind: 'action',
      ref,
      author: 'U_ANNA',
      action: 'queue.now',
      value: three.messageId,
      clickId: '1',
    };
    const { record, kinds } = play(message('one'), message('two'), three, now);
    expect(record.queue.map(({ text }) => text)).toEqual(['three', 'two']);
    expect(record.turn?.stop).toMatchObject({ why: 'interrupt', by: 'U_ANNA' });
    expect(kinds).toEqual(['abort']);
  });

  it.each(['stop', 'Stop!', 'STOP.', '🛑', ':octagonal_sign:'])('IN-7: %s alone stops the turn', (word) => {
    const { record, kinds } = play(message('one'), message(word, { addressing: 'open' }));
    expect(record.turn?.stop).toMatchObject({ why: 'stop', by: 'U_ANNA' });
    expect(record.queue).toEqual([]);
    expect(kinds).toEqual(['abort']);
  });

  it.each(['stop the server', 'do not stop', 'unstoppable'])('IN-7: “%s” is an ordinary message', (text) => {
    expect(play(message('one'), message(text)).record.queue).toHaveLength(1);
  });

  it('IN-7: reaction and native stop work like the word; with nothing running it is said', () => {
    const stop: Incoming = { kind: 'stop', ref, author: 'U_BEN', via: 'reaction' };
    expect(play(message('one'), stop).record.turn?.stop).toMatchObject({ by: 'U_BEN' });
    const { record } = play(message('one'));
    const idle = finishTurn(record, record.turn?.id ?? '', moment).record;
    expect(decide(idle, stop, moment).actions).toMatchObject([{ kind: 'whisper' }]);
  });

  it('IN-7, IN-8: with no turn to end, `@bot stop` is the verb for what is plugged in; unmentioned it is said how', () => {
    const plugged = { ...moment, isCommand: (text: string) => text === 'stop', isPlugged: true };
    const { record } = play(message('one'));
    const idle = finishTurn(record, record.turn?.id ?? '', plugged).record;
    expect(decide(idle, message('stop'), plugged).actions).toMatchObject([{ kind: 'command', text: 'stop' }]);
    expect(decide(idle, message('stop'), { ...plugged, isPlugged: false }).actions).toMatchObject([
      { kind: 'whisper', text: 'Nothing is running here.' },
    ]);
    expect(decide(idle, message('stop', { addressing: 'open' }), plugged).actions).toMatchObject([
      { kind: 'whisper', text: expect.stringContaining('mention me with `stop`') },
    ]);
    expect(decide(record, message('stop'), plugged).actions).toMatchObject([{ kind: 'abort' }]);
  });

  it('IN-7: the Stop button of a turn that is over does not hit the next one', () => {
    const stale: Incoming = {
      kind: 'action',
      ref,
      author: 'U_ANNA',
      action: 'turn.stop',
      value: 'T1:C1:1.0/0.9',
      clickId: '1',
    };
    expect(play(message('one'), stale).record.turn?.stop).toBeNull();
  });

  it('IN-7: the first stop counts', () => {
    const { record } = play(message('one'), message('stop'));
    expect(stopTurn(record, { by: 'U_BEN', why: 'limit', note: 'x' }).record).toBe(record);
  });

  it('IN-3: an edit of a queued message edits the queue, of a delivered one it is a correction', () => {
    const [one, two] = [message('one'), message('two')];
    const edit = (of: Incoming & { kind: 'message' }, text: string): Incoming => ({
      kind: 'edited',
      ref,
      messageId: of.messageId,
      eventId: `EvEdit${text}`,
      author: 'U_ANNA',
      text,
    });
    expect(play(one, two, edit(two, 'zwei')).record.queue).toMatchObject([{ text: 'zwei' }]);
    const { record } = play(one);
    const done = finishTurn(record, record.turn?.id ?? '', moment).record;
    const corrected = decide(done, edit(one, 'uno'), moment).record;
    expect(corrected?.turn).toMatchObject({ message: { text: 'uno', corrects: 'one' } });
    expect(corrected?.turn?.id).not.toBe(record.turn?.id);
    // While the agent works on it, it has been delivered.
    expect(play(one, edit(one, 'uno')).record.queue).toMatchObject([{ text: 'uno', corrects: 'one' }]);
  });

  it('IN-6: a message that comes late goes before those written after it', () => {
    const [one, two, three] = [message('one'), message('two'), message('three')];
    const { record, actions } = play(one, three, two);
    expect(record.queue.map(({ text }) => text)).toEqual(['two', 'three']);
    expect(actions).toContainEqual({ kind: 'queued', messageId: two.messageId, position: 1 });
  });

  it('IN-6: what follows from a removal is owed until it is done', () => {
    const two = message('two');
    const remove: Incoming = {
      kind: 'action',
      ref,
      author: 'U_ANNA',
      action: 'queue.remove',
      value: two.messageId,
      clickId: '1',
    };
    const { record, actions } = noteOwed(decide(play(message('one'), two).record, remove, moment));
    expect(record?.owed).toEqual(actions);
    expect(actions.filter(isOwed).reduce<typeof record>(settleOwed, record)?.owed).toEqual([]);
  });

  it('IN-3: nobody edits or takes over another person’s queued message by an edit', () => {
    const two = message('two');
    const edit: Incoming = {
      kind: 'edited',
      ref,
      messageId: two.messageId,
      eventId: 'EvX',
      author: 'U_BEN',
      text: 'x',
    };
    expect(play(message('one'), two, edit).record.queue).toMatchObject([{ text: 'two' }]);
  });

  it('IN-3: a deleted message leaves the queue', () => {
    const two = message('two');
    const deleted: Incoming = { kind: 'deleted', ref, messageId: two.messageId, author: 'U_ANNA' };
    expect(play(message('one'), two, deleted).record.queue).toEqual([]);
    expect(play(message('one'), two, deleted, deleted).kinds).toEqual([]);
  });

  it('what is remembered stays bounded', () => {
    const { record } = play(...Array.from({ length: 600 }, (_, index) => message(`m${index}`)));
    expect(record.seen.length).toBeLessThanOrEqual(400);
    expect(record.queue).toHaveLength(599);
  });
});
