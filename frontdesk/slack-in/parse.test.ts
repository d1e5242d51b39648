import { describe, expect, it } from 'vitest';
import { parseClick, parseEvent } from './parse.ts';

const bot = 'U0BOT';
const event = (fields: object) => ({ team_id: 'T1', event_id: 'Ev1', event: fields });
const base = { type: 'message', user: 'U_ANNA', channel: 'C1', ts: '5.1', text: 'hi' };

describe('what comes in from Slack', () => {
  it('IN-3: a mention roots a thread at itself, and its mention of us is taken out', () => {
    const parsed = parseEvent(
      event({ ...base, type: 'app_mention', text: `<@${bot}> start &lt;b&gt; &amp; go` }),
      bot,
    );
    expect(parsed).toMatchObject({
      kind: 'message',
      ref: { team: 'T1', channel: 'C1', thread: '5.1', dm: false },
      text: 'start <b> & go',
      addressing: 'direct',
    });
  });

  it('IN-3: a reply belongs to its root; a DM is one thread of its own', () => {
    expect(parseEvent(event({ ...base, thread_ts: '4.0' }), bot)).toMatchObject({
      ref: { thread: '4.0' },
      addressing: 'open',
    });
    expect(parseEvent(event({ ...base, channel: 'D1', channel_type: 'im' }), bot)).toMatchObject({
      ref: { thread: '', dm: true },
      addressing: 'direct',
    });
  });

  it('IN-5: read back with replies below it, a message is where it was when it was written', () => {
    const root = { ...base, thread_ts: base.ts };
    expect(parseEvent(event({ ...root, channel: 'D1' }), bot)).toMatchObject({ ref: { thread: '' } });
    expect(parseEvent(event(root), bot)).toMatchObject({ ref: { thread: base.ts } });
  });

  it('IN-3: a mention of somebody else is not for us, unless we are mentioned, too', () => {
    expect(parseEvent(event({ ...base, text: '<@U9> look' }), bot)).toMatchObject({ addressing: 'other' });
    expect(parseEvent(event({ ...base, text: `<@${bot}> ask <@U9>` }), bot)).toMatchObject({
      addressing: 'direct',
      text: 'ask <@U9>',
    });
  });

  it('IN-3: links are read as their address', () => {
    const parsed = parseEvent(event({ ...base, text: 'see <https://a.b/c|here> and <http://x.y>' }), bot);
    expect(parsed).toMatchObject({ text: 'see https://a.b/c and http://x.y' });
  });

  it.each([
    ['channel_join', { subtype: 'channel_join' }],
    ['another bot', { bot_id: 'B9' }],
    ['no author', { user: undefined }],
  ])('IN-3: %s is nothing for us', (_, fields) => {
    expect(parseEvent(event({ ...base, ...fields }), bot)).toBeNull();
  });

  it('IN-3: files come as references', () => {
    const file = {
      id: 'F1',
      name: 'a.png',
      mimetype: 'image/png',
      size: 7,
      url_private_download: 'http://f/1',
    };
    const parsed = parseEvent(event({ ...base, subtype: 'file_share', files: [file] }), bot);
    expect(parsed).toMatchObject({
      files: [{ name: 'a.png', mime: 'image/png', size: 7, source: 'http://f/1' }],
    });
  });

  it('IN-3: an edit is one when the text changed; unfurls are not', () => {
    const change = (text: string) =>
      event({
        type: 'message',
        subtype: 'message_changed',
        channel: 'C1',
        message: { ...base, text },
        previous_message: { text: 'hi' },
      });
    expect(parseEvent(change('hello'), bot)).toMatchObject({
      kind: 'edited',
      messageId: '5.1',
      text: 'hello',
    });
    expect(parseEvent(change('hi'), bot)).toBeNull();
  });

  it('IN-7: 🛑 in any skin and the native stop', () => {
    const reaction = (name: string) =>
      event({
        type: 'reaction_added',
        user: 'U1',
        reaction: name,
        item: { type: 'message', channel: 'C1', ts: '5.1' },
      });
    expect(parseEvent(reaction('octagonal_sign'), bot)).toMatchObject({ kind: 'stop', via: 'reaction' });
    expect(parseEvent(reaction('tada'), bot)).toBeNull();
    const native = event({ type: 'agent_session_stopped', channel: 'C1', user: 'U1', thread_ts: '5.1' });
    expect(parseEvent(native, bot)).toMatchObject({ kind: 'stop', via: 'native', ref: { thread: '5.1' } });
  });

  it('IN-2: a shape that Slack does not document is an error at the edge', () => {
    expect(() => parseEvent(event({ type: 'message', ts: 5 }), bot)).toThrow('expected string');
    expect(() => parseClick({ actions: 'x' })).toThrow('expected object');
  });

  it('IN-7: a click names its thread, action and value', () => {
    const click = {
      user: { id: 'U1' },
      team: { id: 'T1' },
      channel: { id: 'C1' },
      message: { ts: '6.0', thread_ts: '5.1' },
      actions: [{ action_id: 'turn.stop', value: 'v', action_ts: '7.0' }],
    };
    expect(parseClick(click)).toEqual({
      kind: 'action',
      ref: { team: 'T1', channel: 'C1', thread: '5.1', dm: false },
      author: 'U1',
      action: 'turn.stop',
      value: 'v',
      clickId: '6.0/7.0',
      trigger: '',
    });
    const { channel: _c, message: _m, ...home } = click;
    expect(parseClick({ ...home, trigger_id: 't' })).toMatchObject({
      ref: { team: 'T1', channel: 'U1', thread: '' },
      clickId: 'home/7.0',
      trigger: 't',
    });
    expect(parseClick({ ...click, actions: [{ action_id: 'link' }] })).toBeNull();
  });
});
