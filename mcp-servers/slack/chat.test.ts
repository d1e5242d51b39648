import { describe, expect, it } from 'vitest';
import type { ChatMessage } from '../kit/chat.ts';
import { createHastyClock, startDesk } from '../../test/support/desk.ts';

const text = (markdown: string): ChatMessage => ({ kind: 'text', markdown });
const card = (title: string): ChatMessage => ({
  kind: 'card',
  card: { title, facts: ['a'], buttons: [{ action: 'turn.stop', label: 'Stop', value: 't1' }] },
});

describe('the way out', () => {
  it('OUT-4: a card is posted once and changed in place; of several changes the last is sent', async () => {
    await using desk = await startDesk({ clock: createHastyClock() });
    const { chat } = await desk.live();
    const ref = await desk.openThread();
    await chat.say(ref, 'card', card('🤔 Agent is thinking…'));
    await Promise.all(['1', '2', '3'].map((n) => chat.change(ref, 'card', card(`step ${n}`))));
    await chat.drain(120_000);
    expect(desk.said(ref)).toEqual(['step 3 ⋅ a']);
    expect(desk.calls('chat.postMessage')).toHaveLength(1);
    expect(desk.calls('chat.update').length).toBeLessThan(3);
    const [, message] = desk.slack.thread(ref.channel, ref.thread);
    expect(message?.blocks.map(({ type }) => type)).toEqual(['section', 'context', 'actions']);
  });

  it('OUT-4: a refresh of a card that is not out yet, or is being replaced, never shows afterwards', async () => {
    await using desk = await startDesk();
    const { chat } = await desk.live();
    const ref = await desk.openThread();
    await chat.say(ref, 'card', card('thinking'));
    chat.refresh(ref, 'card', card('step 1'));
    await desk.slack.until(() => desk.said(ref)[0] === 'step 1 ⋅ a', 'the refresh');
    chat.refresh(ref, 'card', card('step 2'));
    chat.refresh(ref, 'card', card('step 3'));
    await chat.change(ref, 'card', text('the answer'));
    await chat.drain(120_000);
    expect(desk.said(ref)).toEqual(['the answer']);
  });

  it('OUT-4: a change of a message that somebody deleted is said anew', async () => {
    await using desk = await startDesk();
    const { chat } = await desk.live();
    const ref = await desk.openThread();
    await chat.say(ref, 'card', card('thinking'));
    await desk.slack.until(() => desk.said(ref).length === 1, 'the card');
    const ts = desk.slack.thread(ref.channel, ref.thread)[1]?.ts ?? '';
    await chat.withdraw(ref, 'card');
    await desk.slack.until(() => desk.slack.message(ref.channel, ts) === undefined, 'its removal');
    await chat.change(ref, 'card', text('the answer'));
    await chat.drain(120_000);
    expect(desk.said(ref)).toEqual(['the answer']);
  });

  it('OUT-2: a long answer becomes numbered messages, and shrinks again when it is changed', async () => {
    await using desk = await startDesk({ clock: createHastyClock() });
    const { chat } = await desk.live();
    const ref = await desk.openThread();
    const paragraph = `${'word '.repeat(100)}\n\n`;
    const numbers = () =>
      desk.slack
        .thread(ref.channel, ref.thread)
        .flatMap(({ blocks }) => blocks.map((block) => String(block['text']).slice(0, 5)));
    await chat.say(ref, 'long', text(paragraph.repeat(50)));
    await desk.quiet(chat);
    expect(numbers()).toEqual(['(1/3)', '(2/3)', '(3/3)']);
    await chat.change(ref, 'long', text(paragraph.repeat(40)));
    await desk.quiet(chat);
    expect(numbers()).toEqual(['(1/2)', '(2/2)']);
    await chat.change(ref, 'long', text('short'));
    await desk.quiet(chat);
    expect(numbers()).toEqual(['short']);
    await chat.withdraw(ref, 'long');
    await chat.drain(120_000);
    expect(numbers()).toEqual([]);
  });

  it('OUT-2: what is far too long arrives as its beginning and a file', async () => {
    await using desk = await startDesk({ clock: createHastyClock() });
    const { chat } = await desk.live();
    const ref = await desk.openThread();
    const whole = `${'word '.repeat(20)}\n\n`.repeat(1000);
    await chat.say(ref, 'huge', text(whole));
    await chat.drain(120_000);
    const ours = desk.slack.thread(ref.channel, ref.thread).filter(({ bot }) => bot);
    expect(ours).toHaveLength(2);
    expect(ours[1]?.files[0]).toMatchObject({ name: 'answer.md' });
    expect(ours[1]?.files[0]?.content.toString()).toBe(whole);
    const codes = new Set(desk.slack.journal.map(({ outcome }) => outcome));
    expect([...codes].filter((code) => /too_long|invalid/.test(code ?? ''))).toEqual([]);
  });

  it('OUT-2, OUT-3: no ping and no secret in text, cards, blocks, files or whispers', async () => {
    const secret = 'correct-horse-battery';
    await using desk = await startDesk({
      clock: createHastyClock(),
      secrets: [{ name: 'LAB_PASSWORD', value: secret }],
    });
    const { chat } = await desk.live();
    const ref = await desk.openThread();
    const bad = `<!channel> @here <@U0ANNA> ${secret}`;
    await chat.say(ref, '1', { kind: 'text', markdown: bad, footer: bad });
    await chat.say(ref, '2', {
      kind: 'card',
      card: { title: bad, facts: [bad], buttons: [{ action: 'a', label: bad, value: 'v', confirm: bad }] },
    });
    await chat.say(ref, '3', {
      kind: 'blocks',
      text: bad,
      blocks: [{ type: 'section', text: { type: 'mrkdwn', text: bad } }],
    });
    await chat.attach(ref, '4', {
      name: `${secret}.log`,
      title: bad,
      comment: bad,
      content: Buffer.from(`line\n${secret}\n`),
    });
    await chat.whisper(ref, 'U0ANNA', bad);
    await chat.drain(120_000);
    await desk.slack.until(() => desk.calls('chat.postEphemeral').length === 1, 'the whisper');
    expect(desk.slack.pinged()).toEqual([]);
    const shown = desk.slack.thread(ref.channel, ref.thread).filter(({ bot }) => bot);
    expect(shown).toHaveLength(5);
    const files = shown.flatMap(({ files }) => files);
    expect(JSON.stringify(shown)).not.toContain(secret);
    expect(files.map(({ content }) => content.toString())).toEqual(['line\n[redacted:LAB_PASSWORD]\n']);
  });

  it('IN-4: a mark and a status appear at once and are gone at the end, never the other way round', async () => {
    await using desk = await startDesk();
    const { chat } = await desk.live();
    const ref = await desk.openThread();
    const reactions = () => desk.slack.message(ref.channel, ref.thread)?.reactions.map(({ name }) => name);
    void chat.mark(ref, ref.thread, 'eyes', true);
    void chat.status(ref, 'working');
    await desk.slack.until(() => reactions()?.includes('eyes'), 'the mark');
    await desk.slack.until(() => desk.slack.status(ref.channel, ref.thread)?.status === 'processing', 'busy');
    void chat.mark(ref, ref.thread, 'tada', true);
    await Promise.all([
      chat.mark(ref, ref.thread, 'eyes', false),
      chat.mark(ref, ref.thread, 'tada', false),
      chat.status(ref, 'idle'),
    ]);
    await chat.drain(120_000);
    expect(reactions()).toEqual([]);
    expect(desk.slack.status(ref.channel, ref.thread)?.status ?? 'active').toBe('active');
  });

  it('IN-4: where Slack has no session status, it is asked once and nobody is told', async () => {
    await using desk = await startDesk({ operatorChannel: 'C0OPS' });
    const { chat } = await desk.live();
    const ref = await desk.openThread();
    const method = 'agents.sessions.setStatus';
    desk.slack.faults.add({ method, kind: 'error', error: 'unknown_method', times: 10 });
    await chat.status(ref, 'working');
    await desk.slack.until(() => desk.calls(method).length === 1, 'the refusal');
    await chat.say(ref, 'a', text('works'));
    await chat.drain(120_000);
    await chat.status(ref, 'idle');
    expect(desk.calls(method)).toHaveLength(1);
    expect(desk.counted).toEqual([]);
  });

  it('reads the thread back: authors, own messages, after a message', async () => {
    await using desk = await startDesk();
    const { chat } = await desk.live();
    const ref = await desk.openThread();
    await chat.say(ref, 'a', text('answer'));
    await chat.drain(120_000);
    const follow = await desk.slack.as('U0ANNA').post('C0DEV', 'thanks', { threadTs: ref.thread });
    const history = await chat.history(ref, ref.thread);
    expect(history.map(({ author, own, text }) => [author, own, text])).toEqual([
      [desk.slack.botUserId, true, 'answer'],
      ['U0ANNA', false, 'thanks'],
    ]);
    expect(history[1]?.id).toBe(follow);
    desk.slack.faults.add({ method: 'conversations.replies', kind: 'status', status: 500 });
    await expect(chat.history(ref, ref.thread)).rejects.toThrow(/Slack could not be reached/);
    desk.slack.faults.add({ method: 'conversations.replies', kind: 'error', error: 'missing_scope' });
    await expect(chat.history(ref, ref.thread)).rejects.toThrow(/Slack refused.*missing_scope/);
  });

  it('asks for a name once, and makes do with the id', async () => {
    await using desk = await startDesk();
    const { chat } = await desk.live();
    expect(await chat.nameOf('U0ANNA')).toBe(await chat.nameOf('U0ANNA'));
    expect(desk.calls('users.info')).toHaveLength(1);
    expect(await chat.nameOf('U0NOBODY')).toBe('U0NOBODY');
  });
});
