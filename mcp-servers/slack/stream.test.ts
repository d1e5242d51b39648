import { describe, expect, it } from 'vitest';
import { createHastyClock, type DeskOptions, startDesk } from '../../test/support/desk.ts';

async function startStreaming(options: DeskOptions = {}) {
  const desk = await startDesk({ clock: createHastyClock(), ...options });
  const { chat, crash } = await desk.live();
  const ref = await desk.openDm();
  const stream = chat.stream(ref, 'answer', 'U0ANNA');
  if (stream === null) throw new Error('no stream in a DM');
  const ours = () => desk.slack.thread(ref.channel, ref.thread).filter(({ bot }) => bot);
  const shown = () => ours().map(({ blocks }) => blocks.map((block) => block['text']).join(''));
  return {
    desk,
    chat,
    crash,
    ref,
    stream,
    ours,
    shown,
    /** Waits until Slack shows so much. */
    until: (text: string) => desk.slack.until(() => shown().join('|').includes(text), text),
    [Symbol.asyncDispose]: () => desk[Symbol.asyncDispose](),
  };
}

describe('a stream in a DM', () => {
  it('OUT-4: shows text while it grows and ends as exactly the final text with its footer', async () => {
    await using it = await startStreaming();
    it.stream.append('Hello ');
    await it.until('Hello');
    it.stream.append('dear ');
    await it.until('dear');
    it.stream.append('world, this is ');
    await it.stream.finish('Hello dear world, this is **it**.', 'ws ⋅ main');
    await it.chat.drain(120_000);
    expect(it.ours()).toHaveLength(1);
    expect(it.ours()[0]?.stream?.state).toBe('stopped');
    expect(it.desk.calls('chat.update')).toEqual([]);
    const [message] = it.ours();
    expect(message?.blocks[0]?.['text']).toBe('Hello dear world, this is **it**.');
    expect(JSON.stringify(message?.blocks.slice(1))).toContain('ws ⋅ main');
  });

  it('OUT-4: a final text that is not what was streamed replaces it', async () => {
    await using it = await startStreaming();
    it.stream.append('First thought ');
    await it.until('First');
    await it.stream.finish('Second thought.', 'footer');
    await it.chat.drain(120_000);
    expect(it.ours()).toHaveLength(1);
    expect(it.ours()[0]?.blocks[0]).toMatchObject({ type: 'markdown', text: 'Second thought.' });
  });

  it('OUT-4: nothing streamed before the end is an ordinary message', async () => {
    await using it = await startStreaming();
    it.stream.append('short');
    await it.stream.finish('short answer');
    await it.chat.drain(120_000);
    expect(it.shown()).toEqual(['short answer']);
    expect(await it.chat.said(it.ref, 'ans')).toEqual(['answer']);
  });

  it('OUT-4: an end told twice shows once', async () => {
    await using it = await startStreaming();
    it.stream.append('Hello ');
    await it.stream.finish('Hello.');
    await it.stream.finish('Hello.');
    await it.desk.quiet(it.chat);
    await it.stream.finish('Hello.');
    await it.chat.say(it.ref, 'answer', { kind: 'text', markdown: 'Hello.' });
    await it.chat.drain(120_000);
    expect(it.shown()).toEqual(['Hello.']);
  });

  it('OUT-4: when Slack closes the stream, the text goes on in another, and the end is exact', async () => {
    await using it = await startStreaming();
    it.stream.append('part one ');
    await it.until('part one');
    const error = 'message_not_in_streaming_state';
    it.desk.slack.faults.add({ method: 'chat.appendStream', kind: 'error', error });
    it.stream.append('part two ');
    await it.until('|part two');
    await it.stream.finish('part one part two done');
    await it.chat.drain(120_000);
    expect(it.shown()).toEqual(['part one part two done']);
  });

  it.each([
    { kind: 'ratelimited', retryAfter: 3 },
    { kind: 'status', status: 503 },
    { kind: 'reset' },
    { kind: 'reset-after' },
  ] as const)('OUT-4: goes on from the last position after $kind, nothing twice', async (fault) => {
    await using it = await startStreaming();
    it.stream.append('one ');
    await it.until('one');
    it.desk.slack.faults.add({ method: 'chat.appendStream', ...fault });
    it.stream.append('two ');
    it.stream.append('three ');
    await it.until('three');
    expect(it.shown().join('').trim()).toBe('one two three');
    await it.stream.finish('one two three four');
    await it.chat.drain(120_000);
    expect(it.shown()).toEqual(['one two three four']);
  });

  it.each(['reset', 'reset-after', 'status'] as const)(
    'OUT-4: a start whose answer is lost (%s) leaves one message',
    async (kind) => {
      await using it = await startStreaming();
      it.desk.slack.faults.add({ method: 'chat.startStream', kind });
      it.stream.append('one ');
      await it.until('one');
      it.stream.append('two ');
      await it.until('two');
      await it.stream.finish('one two three');
      await it.chat.drain(120_000);
      expect(it.shown()).toEqual(['one two three']);
    },
  );

  it('OUT-4: an end whose answer is lost is not appended twice', async () => {
    await using it = await startStreaming();
    it.stream.append('one ');
    await it.until('one');
    it.desk.slack.faults.add({ method: 'chat.stopStream', kind: 'reset-after' });
    await it.stream.finish('one two');
    await it.chat.drain(120_000);
    expect(it.shown()).toEqual(['one two']);
  });

  it.each(['stream', 'say'] as const)(
    'OUT-4: a crash in mid-stream leaves one message, completed by the next life (%s)',
    async (way) => {
      await using it = await startStreaming();
      it.stream.append('half of ');
      await it.until('half');
      await it.crash();
      const next = await it.desk.live();
      if (way === 'say') await next.chat.say(it.ref, 'answer', { kind: 'text', markdown: 'half of it.' });
      else {
        const stream = next.chat.stream(it.ref, 'answer', 'U0ANNA');
        stream?.append('half of it');
        await stream?.finish('half of it.');
      }
      await next.chat.drain(120_000);
      expect(it.shown()).toEqual(['half of it.']);
      expect(it.ours()[0]?.stream?.state).toBe('stopped');
    },
  );

  it('OUT-2: a very long stream goes over several messages and ends numbered', async () => {
    await using it = await startStreaming();
    const text = `${'word '.repeat(20)}\n\n`.repeat(200);
    for (let at = 0; at < text.length; at += 5000) it.stream.append(text.slice(at, at + 5000));
    await it.desk.slack.until(() => it.shown().join('').length > 18_000, 'the second message');
    await it.stream.finish(text);
    await it.chat.drain(120_000);
    expect(it.shown().map((part) => part.slice(0, 5))).toEqual(['(1/2)', '(2/2)']);
  });

  it('OUT-3: a secret cut in two by chunks never shows, nor does a ping', async () => {
    const value = 'correct-horse-battery';
    await using it = await startStreaming({ secrets: [{ name: 'PW', value }] });
    const seen: string[] = [];
    it.desk.slack.watchChanges(() => seen.push(...it.shown()));
    for (const piece of ['pw correct-ho', 'rse-battery and <!chan', 'nel> @he', 're ', 'end ']) {
      it.stream.append(piece);
    }
    await it.until('end');
    await it.stream.finish(`pw ${value} and <!channel> @here end`);
    await it.chat.drain(120_000);
    expect(it.shown()).toHaveLength(1);
    expect(it.shown()[0]).toContain('[redacted:PW]');
    expect(seen.some((text) => text.includes('correct-horse'))).toBe(false);
    expect(it.desk.slack.pinged()).toEqual([]);
  });

  it('paces its appends', async () => {
    const clock = createHastyClock();
    await using it = await startStreaming({ clock });
    for (const word of ['a ', 'b ', 'c ', 'd ']) {
      it.stream.append(word);
      await it.until(word.trim());
    }
    expect(clock.waits.filter((ms) => ms > 500)).toHaveLength(3);
    await it.stream.abandon();
    await it.desk.slack.until(() => it.ours()[0]?.stream?.state === 'stopped', 'its end');
    expect(it.shown().join('').trim()).toBe('a b c d');
  });

  it('stays silent where Slack refuses to stream, and the end is posted', async () => {
    await using it = await startStreaming();
    it.desk.slack.faults.add({ method: 'chat.startStream', kind: 'error', error: 'missing_scope' });
    it.stream.append('one ');
    await it.desk.slack.until(() => it.desk.calls('chat.startStream').length === 1, 'the refusal');
    it.stream.append('two ');
    await it.stream.finish('one two');
    await it.chat.drain(120_000);
    expect(it.shown()).toEqual(['one two']);
    expect(it.desk.calls('chat.startStream')).toHaveLength(1);
  });

  it('is not there in channels', async () => {
    await using desk = await startDesk();
    const { chat } = await desk.live();
    expect(chat.stream(await desk.openThread(), 'x', 'U0ANNA')).toBeNull();
  });
});

describe('a stream at the top level of a DM, where Slack has none of its own', () => {
  async function startTopLevel() {
    const desk = await startDesk({ clock: createHastyClock() });
    const { chat, crash } = await desk.live();
    const ref = { ...(await desk.openDm()), thread: '' };
    const shown = () =>
      desk.slack
        .messages(ref.channel)
        .filter(({ bot }) => bot)
        .map(({ blocks }) => blocks.map((block) => block['text']).join(''));
    const until = (text: string) => desk.slack.until(() => shown().join('|').includes(text), text);
    const open = (of = chat) => {
      const stream = of.stream(ref, 'answer', 'U0ANNA');
      if (stream === null) throw new Error('no stream in a DM');
      return stream;
    };
    return {
      desk,
      chat,
      crash,
      ref,
      shown,
      until,
      open,
      [Symbol.asyncDispose]: () => desk[Symbol.asyncDispose](),
    };
  }

  it('OUT-4: one message grows, and ends as exactly the final text', async () => {
    await using it = await startTopLevel();
    const stream = it.open();
    stream.append('Hello ');
    await it.until('Hello');
    stream.append('dear ');
    await it.until('dear');
    await stream.finish('Hello dear world.');
    await it.chat.drain(120_000);
    expect(it.shown()).toEqual(['Hello dear world.']);
    expect(it.desk.calls('chat.startStream')).toEqual([]);
  });

  it.each([
    ['chat.postMessage', 'reset-after'],
    ['chat.postMessage', 'reset'],
    ['chat.update', 'reset-after'],
  ] as const)(
    'OUT-4: after %s was lost (%s) there is one message, with every word once',
    async (method, kind) => {
      await using it = await startTopLevel();
      const stream = it.open();
      if (method === 'chat.postMessage') it.desk.slack.faults.add({ method, kind });
      stream.append('one ');
      await it.until('one');
      if (method === 'chat.update') it.desk.slack.faults.add({ method, kind });
      stream.append('two ');
      await it.until('two');
      expect(it.shown().join('').trim().split(/\s+/)).toEqual(['one', 'two']);
      await stream.finish('one two three');
      await it.chat.drain(120_000);
      expect(it.shown()).toEqual(['one two three']);
    },
  );

  it('OUT-4: a crash in mid-stream leaves one message, completed by the next life', async () => {
    await using it = await startTopLevel();
    it.open().append('half of ');
    await it.until('half');
    await it.crash();
    const next = await it.desk.live();
    const stream = it.open(next.chat);
    stream.append('half of it');
    await stream.finish('half of it.');
    await next.chat.drain(120_000);
    expect(it.shown()).toEqual(['half of it.']);
  });
});
