import { describe, expect, it } from 'vitest';

import { startSlackServer } from './server.ts';
import { clientOf, startBoltApp } from './testing/bolt.ts';

describe('a real Bolt app in a conversation', () => {
  it('gets a mention twice, answers, and the thread reads as people see it', async () => {
    await using slack = await startSlackServer();
    const seen: { type: string; ts: string; eventId: string }[] = [];
    await using _app = await startBoltApp(slack, (app) => {
      app.event('app_mention', async ({ event, say, client, body }) => {
        seen.push({ type: 'app_mention', ts: event.ts, eventId: body.event_id });
        await client.reactions.add({ channel: event.channel, timestamp: event.ts, name: 'eyes' });
        const posted = await say({ text: 'One moment', thread_ts: event.ts });
        await client.chat.update({ channel: event.channel, ts: String(posted.ts), text: 'Hi <@U_ANNA>.' });
      });
      app.message(async ({ message, body }) => {
        seen.push({ type: 'message', ts: message.ts, eventId: body.event_id });
      });
    });
    const ts = await slack.as('U_ANNA').post('C_DEV', '@frontdesk hello');
    await slack.until(() => slack.thread('C_DEV', ts)[1]?.edited, 'the answer');
    await slack.until(() => seen.filter((one) => one.ts === ts).length === 2, 'both events');
    const twins = seen.filter((one) => one.ts === ts);
    expect(twins.map(({ type }) => type).sort()).toEqual(['app_mention', 'message']);
    expect(new Set(twins.map(({ eventId }) => eventId)).size).toBe(2);
    expect(slack.transcript('C_DEV', ts)).toBe(
      '#dev\nAnna: @frontdesk hello  [eyes]\n  frontdesk: Hi @Anna.  (edited)\n',
    );
    expect(slack.pinged().map(({ pings }) => pings)).toEqual([['<@U_ANNA>']]);
  });

  it('hears of edits, deletions, reactions, files and direct messages, also of its own', async () => {
    await using slack = await startSlackServer();
    const heard: string[] = [];
    await using _app = await startBoltApp(
      slack,
      (app) => {
        app.use(async ({ body, next }) => {
          const event = (body as { event?: Record<string, unknown> }).event;
          if (event) {
            const kind = [event['type'], event['subtype'], event['channel_type']].filter(Boolean).join('.');
            heard.push(`${kind} ${event['bot_id'] === undefined ? 'person' : 'bot'}`);
          }
          await next();
        });
      },
      { ignoreSelf: false },
    );
    const anna = slack.as('U_ANNA');
    const ts = await anna.dm('hi');
    await anna.edit('D_ANNA', ts, 'hi there');
    await anna.react('D_ANNA', ts, 'wave');
    await anna.delete('D_ANNA', ts);
    await anna.post('C_DEV', 'look', { files: [{ name: 'a.txt', content: 'abc' }] });
    await clientOf(slack).chat.postMessage({ channel: 'C_DEV', text: 'own' });
    await slack.until(() => slack.pendingEvents === 0 && heard.length >= 6, 'all events');
    expect(heard.toSorted()).toEqual([
      'message.channel bot',
      'message.file_share.channel person',
      'message.im person',
      'message.message_changed.im person',
      'message.message_deleted.im person',
      'reaction_added person',
    ]);
  });

  it.each([
    ['@frontdesk hi, @nobody', '<@U0FRONTDESK> hi, @nobody'],
    ['<@U_BEN> & <b> a > b &amp;', '<@U_BEN> &amp; &lt;b&gt; a &gt; b &amp;'],
    ['see https://x.test/a?b=1&c=2.', 'see <https://x.test/a?b=1&amp;c=2>.'],
    [
      '(https://x.test/@anna) <https://y.test|y> mail@anna',
      '(<https://x.test/@anna>) <https://y.test|y> mail@anna',
    ],
  ])('takes %j as a client does', async (typed, wire) => {
    await using slack = await startSlackServer();
    const ts = await slack.as('U_ANNA').post('C_DEV', typed);
    expect(slack.message('C_DEV', ts)?.text).toBe(wire);
  });

  it('serves the content of a file to the bot token only', async () => {
    await using slack = await startSlackServer();
    const anna = slack.as('U_ANNA');
    const ts = await anna.post('C_DEV', '', { files: [{ name: 'a.txt', content: 'abc' }] });
    const replies = await clientOf(slack).conversations.replies({ channel: 'C_DEV', ts });
    const url = String(replies.messages?.[0]?.files?.[0]?.url_private);
    const headers = { authorization: `Bearer ${slack.botToken}` };
    expect(await (await fetch(url, { headers })).text()).toBe('abc');
    expect(await (await fetch(url)).text()).toContain('Sign in');
    expect(slack.transcript('C_DEV')).toBe('#dev\nAnna (file): a.txt (3 bytes)\n');
  });

  it('tells nothing of channels the app is not in, and nothing the manifest does not ask for', async () => {
    await using slack = await startSlackServer();
    slack.addChannel({ id: 'C_FAR', name: 'far', bot: false });
    await slack.as('U_ANNA').post('C_FAR', '@frontdesk psst');
    const ts = await slack.as('U_ANNA').post('C_DEV', 'hi');
    await slack.as('U_ANNA').react('C_DEV', ts, 'eyes');
    await slack.as('U_ANNA').unreact('C_DEV', ts, 'eyes');
    const events = slack.journal.filter(({ kind }) => kind === 'event');
    expect(events.map(({ name }) => name)).toEqual(['message', 'reaction_added']);
  });

  it('uploads a file with filesUploadV2 into the thread', async () => {
    await using slack = await startSlackServer();
    const ts = await slack.as('U_ANNA').post('C_DEV', 'send it');
    await clientOf(slack).filesUploadV2({
      channel_id: 'C_DEV',
      thread_ts: ts,
      filename: 'log.txt',
      title: 'The log',
      file: Buffer.from('twelve bytes'),
      initial_comment: 'Here',
    });
    expect(slack.transcript('C_DEV')).toBe(
      '#dev\nAnna: send it\n  frontdesk: Here\n    (file) log.txt "The log" (12 bytes)\n',
    );
    expect(slack.thread('C_DEV', ts)[1]?.files[0]?.content.toString()).toBe('twelve bytes');
  });
});
