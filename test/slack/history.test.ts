import { describe, expect, it } from 'vitest';

import { startSlackServer } from './server.ts';
import { clientOf, refusal } from './testing/bolt.ts';

describe('history, replies and lists', () => {
  it('pages newest first, within bounds that count only when inclusive', async () => {
    await using slack = await startSlackServer({ rateLimits: false });
    const client = clientOf(slack);
    const anna = slack.as('U_ANNA');
    const all: string[] = [];
    for (let at = 0; at < 5; at++) all.push(await anna.post('C_DEV', `${at}`));
    const read = async (args: object) => {
      const answer = await client.conversations.history({ channel: 'C_DEV', ...args });
      return (answer.messages ?? []).map(({ text }) => text).join('');
    };
    expect(await read({})).toBe('43210');
    expect(await read({ oldest: all[1], latest: all[3] })).toBe('2');
    expect(await read({ oldest: all[1], latest: all[3], inclusive: true })).toBe('321');
    expect(await read({ oldest: '0', limit: 2 })).toBe('43');
    const pages: string[] = [];
    for await (const page of client.paginate('conversations.history', { channel: 'C_DEV', limit: 2 })) {
      pages.push(
        ((page as { messages?: { text: string }[] }).messages ?? []).map(({ text }) => text).join(''),
      );
    }
    expect(pages).toEqual(['43', '21', '0']);
    expect((await refusal(client.conversations.history({ channel: 'C_DEV', limit: 1_000 }))).error).toBe(
      'invalid_limit',
    );
    expect((await refusal(client.conversations.history({ channel: 'C_DEV', cursor: 'x' }))).error).toBe(
      'invalid_cursor',
    );
  });

  it('lists the root before its replies whatever `oldest` says, and counts them on the root', async () => {
    await using slack = await startSlackServer();
    const client = clientOf(slack);
    const anna = slack.as('U_ANNA');
    const root = await anna.post('C_DEV', 'root');
    const first = await anna.post('C_DEV', 'one', { threadTs: root });
    await slack.as('U_BEN').post('C_DEV', 'two', { threadTs: first });
    const replies = async (args: object) =>
      ((await client.conversations.replies({ channel: 'C_DEV', ts: root, ...args })).messages ?? []).map(
        ({ text }) => text,
      );
    expect(await replies({})).toEqual(['root', 'one', 'two']);
    expect(await replies({ oldest: first })).toEqual(['root', 'two']);
    const history = await client.conversations.history({ channel: 'C_DEV' });
    expect(history.messages).toHaveLength(1);
    expect(history.messages?.[0]).toMatchObject({
      reply_count: 2,
      reply_users: ['U_ANNA', 'U_BEN'],
      thread_ts: root,
    });
    await client.chat.postMessage({
      channel: 'C_DEV',
      thread_ts: first,
      text: 'three',
      reply_broadcast: true,
    });
    expect((await client.conversations.history({ channel: 'C_DEV' })).messages).toHaveLength(2);
    expect(await replies({})).toEqual(['root', 'one', 'two', 'three']);
  });

  it('leaves a tombstone for a root with replies', async () => {
    await using slack = await startSlackServer();
    const anna = slack.as('U_ANNA');
    const root = await anna.post('C_DEV', 'root');
    await anna.post('C_DEV', 'reply', { threadTs: root });
    await anna.delete('C_DEV', root);
    expect(slack.transcript('C_DEV')).toBe('#dev\nThis message was deleted.\n  Anna: reply\n');
    const answer = await refusal(
      clientOf(slack).reactions.add({ channel: 'C_DEV', timestamp: root, name: 'eyes' }),
    );
    expect(answer.error).toBe('message_not_found');
  });

  it('knows conversations, members, people and links', async () => {
    await using slack = await startSlackServer();
    slack.addChannel({ id: 'G_TEAM', name: 'team', kind: 'group' });
    const client = clientOf(slack);
    const listed = await client.conversations.list({ types: 'public_channel,private_channel' });
    expect(listed.channels?.map(({ name }) => name)).toEqual(['general', 'dev', 'team']);
    expect((await client.conversations.info({ channel: 'G_TEAM' })).channel).toMatchObject({
      is_private: true,
    });
    expect((await client.conversations.members({ channel: 'C_DEV' })).members).toContain('U0FRONTDESK');
    expect((await client.users.info({ user: 'U_ANNA' })).user).toMatchObject({
      real_name: 'Anna',
      is_bot: false,
    });
    expect((await client.users.list({})).members).toHaveLength(4);
    expect((await client.bots.info({})).bot).toMatchObject({ id: 'B0FRONTDESK', user_id: 'U0FRONTDESK' });
    expect((await client.conversations.open({ users: 'U_BEN' })).channel?.id).toBe('D_BEN');
    const { ts = '' } = await client.chat.postMessage({ channel: 'U_BEN', text: 'hi' });
    expect(slack.transcript('D_BEN')).toBe('@Ben (DM)\nfrontdesk: hi\n');
    const { permalink } = await client.chat.getPermalink({ channel: 'D_BEN', message_ts: ts });
    expect(permalink).toContain(`/archives/D_BEN/p${ts.replace('.', '')}`);
    expect((await client.reactions.get({ channel: 'D_BEN', timestamp: ts })).message).toMatchObject({
      text: 'hi',
    });
    await client.chat.delete({ channel: 'D_BEN', ts });
    expect(slack.messages('D_BEN')).toHaveLength(0);
    expect((await refusal(client.conversations.open({ users: 'U_NONE' }))).error).toBe('user_not_found');
    expect(await client.apiCall('api.test', { foo: 'bar' })).toMatchObject({ args: { foo: 'bar' } });
  });

  it('lists, tells of and deletes files', async () => {
    await using slack = await startSlackServer();
    const client = clientOf(slack);
    await client.filesUploadV2({ channel_id: 'C_DEV', filename: 'a.txt', file: Buffer.from('abc') });
    const file = (await client.files.list({ channel: 'C_DEV' })).files?.[0]?.id ?? '';
    const info = await client.files.info({ file });
    expect(info.file).toMatchObject({ name: 'a.txt', size: 3, shares: { public: { C_DEV: [{}] } } });
    await client.files.delete({ file });
    expect((await refusal(client.files.info({ file }))).error).toBe('file_not_found');
    const unknown = client.files.completeUploadExternal({ files: [{ id: 'F1' }], channel_id: 'C_DEV' });
    expect((await refusal(unknown)).error).toBe('file_not_found');
  });

  it('shows an ephemeral message to one person and to no method', async () => {
    await using slack = await startSlackServer();
    const client = clientOf(slack);
    const { message_ts: ts = '' } = await client.chat.postEphemeral({
      channel: 'C_DEV',
      user: 'U_ANNA',
      text: 'psst',
    });
    expect(slack.transcript('C_DEV')).toBe('#dev\nfrontdesk (only Anna): psst\n');
    expect((await client.conversations.history({ channel: 'C_DEV' })).messages).toEqual([]);
    expect((await refusal(client.chat.update({ channel: 'C_DEV', ts, text: 'x' }))).error).toBe(
      'message_not_found',
    );
    await expect(slack.as('U_BEN').react('C_DEV', ts, 'eyes')).rejects.toThrow('sees no message');
  });
});

describe('10,000 messages', () => {
  it('cost a post and a page no more than ten', async () => {
    await using slack = await startSlackServer({ rateLimits: false });
    const client = clientOf(slack);
    const anna = slack.as('U_ANNA');
    // The quickest of many, and processor time: what others do on the machine is in neither.
    const timed = async () => {
      const samples: number[] = [];
      for (let at = 0; at < 30; at++) {
        const startedAt = performance.now();
        const { ts = '' } = await client.chat.postMessage({ channel: 'C_DEV', text: 'x' });
        await client.conversations.replies({ channel: 'C_DEV', ts });
        await client.conversations.history({ channel: 'C_DEV', limit: 10 });
        samples.push(performance.now() - startedAt);
      }
      return Math.min(...samples);
    };
    await timed();
    const few = await timed();
    const before = process.cpuUsage();
    for (let thread = 0; thread < 1_000; thread++) {
      const ts = await anna.post('C_DEV', 'root');
      for (let at = 0; at < 9; at++) await anna.post('C_DEV', 'reply', { threadTs: ts });
    }
    const { user, system } = process.cpuUsage(before);
    expect((user + system) / 1000).toBeLessThan(5_000);
    expect(await timed()).toBeLessThan(few * 5 + 20);
  });
});
