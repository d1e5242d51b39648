import { describe, expect, it } from 'vitest';

import { startSlackServer } from './server.ts';
import { clientOf, refusal } from './testing/bolt.ts';
import type { SlackServer } from './types.ts';

const plain = (text: string) => ({ type: 'plain_text', text });
const section = (text: string) => ({ type: 'section', text: { type: 'mrkdwn', text } });
const button = (rest: object) => ({ type: 'button', text: plain('x'), ...rest });
const times = <T>(count: number, make: (at: number) => T) =>
  Array.from({ length: count }, (_one, at) => make(at));

async function withServer(run: (slack: SlackServer, client: ReturnType<typeof clientOf>) => Promise<void>) {
  await using slack = await startSlackServer({ rateLimits: false });
  await run(slack, clientOf(slack));
}

describe('the limits of messages, with Slack’s codes', () => {
  const blockCases: [string, unknown, string][] = [
    ['no list', { type: 'section' }, 'invalid_blocks_format'],
    ['an unknown type', [{ type: 'nonsense' }], 'invalid_blocks'],
    ['51 blocks', times(51, () => ({ type: 'divider' })), 'invalid_blocks'],
    ['a section over 3,000', [section('x'.repeat(3_001))], 'invalid_blocks'],
    ['a section of nothing', [{ type: 'section' }], 'invalid_blocks'],
    ['an unknown field', [{ ...section('x'), colour: 'red' }], 'invalid_blocks'],
    ['a header over 150', [{ type: 'header', text: plain('x'.repeat(151)) }], 'invalid_blocks'],
    ['mrkdwn in a header', [{ type: 'header', text: { type: 'mrkdwn', text: 'x' } }], 'invalid_blocks'],
    ['markdown over 12,000', [{ type: 'markdown', text: 'x'.repeat(12_001) }], 'invalid_blocks'],
    [
      '26 actions',
      [{ type: 'actions', elements: times(26, (at) => button({ action_id: `a${at}` })) }],
      'invalid_blocks',
    ],
    ['no actions', [{ type: 'actions', elements: [] }], 'invalid_blocks'],
    [
      'two of one action_id',
      [{ type: 'actions', elements: times(2, () => button({ action_id: 'a' })) }],
      'invalid_blocks',
    ],
    ['two of one block_id', times(2, () => ({ type: 'divider', block_id: 'b' })), 'invalid_blocks'],
    [
      'a label over 75',
      [{ type: 'actions', elements: [button({ text: plain('x'.repeat(76)) })] }],
      'invalid_blocks',
    ],
    [
      'a value over 2,000',
      [{ type: 'actions', elements: [button({ value: 'x'.repeat(2_001) })] }],
      'invalid_blocks',
    ],
    ['11 context elements', [{ type: 'context', elements: times(11, () => plain('x')) }], 'invalid_blocks'],
    [
      '101 rows',
      [{ type: 'table', rows: times(101, () => [{ type: 'raw_text', text: 'x' }]) }],
      'invalid_blocks',
    ],
    [
      '21 columns',
      [{ type: 'table', rows: [times(21, () => ({ type: 'raw_text', text: 'x' }))] }],
      'invalid_blocks',
    ],
    [
      'a table over 10,000',
      [{ type: 'table', rows: [[{ type: 'raw_text', text: 'x'.repeat(10_001) }]] }],
      'invalid_blocks',
    ],
    ['blocks over 13,200 together', times(5, () => section('x'.repeat(2_700))), 'msg_blocks_too_long'],
  ];
  it.each(blockCases)('refuses %s', async (_name, blocks, code) => {
    await withServer(async (slack, client) => {
      const answer = await refusal(
        client.apiCall('chat.postMessage', { channel: 'C_DEV', text: 'x', blocks }),
      );
      expect(answer.error).toBe(code);
      expect(slack.messages('C_DEV')).toHaveLength(0);
    });
  });

  it('takes what is just within them', () =>
    withServer(async (slack, client) => {
      const blocks = [
        section('x'.repeat(3_000)),
        { type: 'header', text: plain('x'.repeat(150)) },
        { type: 'actions', elements: times(25, (at) => button({ action_id: `a${at}` })) },
        ...times(47, () => ({ type: 'divider' })),
      ];
      await client.apiCall('chat.postMessage', { channel: 'C_DEV', text: 'x', blocks });
      await client.apiCall('chat.postMessage', { channel: 'C_DEV', markdown_text: 'x'.repeat(12_000) });
      await client.apiCall('chat.postMessage', { channel: 'C_DEV', text: 'x'.repeat(40_001) });
      expect(slack.messages('C_DEV').map(({ text }) => text.length)).toEqual([1, 12_000, 40_000]);
    }));

  it('keeps blocks an update does not mention, and removes them for an empty list', () =>
    withServer(async (slack, client) => {
      const posted = { channel: 'C_DEV', text: 'x', blocks: [section('shown')] };
      const { ts = '' } = (await client.apiCall('chat.postMessage', posted)) as { ts?: string };
      await client.apiCall('chat.update', { channel: 'C_DEV', ts, text: 'fallback' });
      expect(slack.transcript('C_DEV')).toBe('#dev\nfrontdesk: shown\n');
      await client.apiCall('chat.update', { channel: 'C_DEV', ts, text: 'now', blocks: [] });
      expect(slack.transcript('C_DEV')).toBe('#dev\nfrontdesk: now  (edited)\n');
    }));

  it('names path and rule of a bad block', () =>
    withServer(async (_slack, client) => {
      const blocks = [{ type: 'divider' }, section('x'.repeat(3_001))];
      const answer = await refusal(
        client.apiCall('chat.postMessage', { channel: 'C_DEV', text: 'x', blocks }),
      );
      expect(JSON.stringify(answer['errors'])).toContain('/blocks/1/text');
    }));

  it('refuses texts, threads, channels and messages that are not there', () =>
    withServer(async (slack, client) => {
      slack.addChannel({ id: 'C_FAR', name: 'far', bot: false });
      slack.addChannel({ id: 'G_SECRET', name: 'secret', kind: 'group', bot: false });
      const theirs = await slack.as('U_ANNA').post('C_DEV', 'mine');
      const { ts: ours = '' } = await client.chat.postMessage({ channel: 'C_DEV', text: 'x' });
      const call = async (method: string, args: Record<string, unknown>) =>
        (await refusal(client.apiCall(method, { channel: 'C_DEV', ...args }))).error;
      expect({
        noText: await call('chat.postMessage', {}),
        conflict: await call('chat.postMessage', { text: 'x', markdown_text: 'y' }),
        longMarkdown: await call('chat.postMessage', { markdown_text: 'x'.repeat(12_001) }),
        badMetadata: await call('chat.postMessage', { text: 'x', metadata: { event_type: 'a' } }),
        noThread: await call('chat.postMessage', { text: 'x', thread_ts: '1.1' }),
        noChannel: await call('chat.postMessage', { channel: 'C_NONE', text: 'x' }),
        notIn: await call('chat.postMessage', { channel: 'C_FAR', text: 'x' }),
        hidden: await call('chat.postMessage', { channel: 'G_SECRET', text: 'x' }),
        missing: await call('chat.postMessage', { channel: undefined, text: 'x' }),
        customName: await call('chat.postMessage', { text: 'x', username: 'Other' }),
        longUpdate: await call('chat.update', { ts: ours, text: 'x'.repeat(4_001) }),
        theirUpdate: await call('chat.update', { ts: theirs, text: 'x' }),
        noUpdate: await call('chat.update', { ts: '1.1', text: 'x' }),
        theirDelete: await call('chat.delete', { ts: theirs }),
        noReaction: await call('reactions.remove', { timestamp: theirs, name: 'eyes' }),
        badEmoji: await call('reactions.add', { timestamp: theirs, name: ':eyes:' }),
        historyElsewhere: await call('conversations.history', { channel: 'C_FAR' }),
        noRoot: await call('conversations.replies', { ts: '1.1' }),
        noUser: await call('users.info', { user: 'U_NONE' }),
        ephemeralElsewhere: await call('chat.postEphemeral', { user: 'U_NONE', text: 'x' }),
        unknown: await call('chat.nonsense', {}),
      }).toEqual({
        noText: 'no_text',
        conflict: 'markdown_text_conflict',
        longMarkdown: 'msg_too_long',
        badMetadata: 'invalid_metadata_format',
        noThread: 'thread_not_found',
        noChannel: 'channel_not_found',
        notIn: 'not_in_channel',
        hidden: 'channel_not_found',
        missing: 'invalid_arguments',
        customName: 'missing_scope',
        longUpdate: 'msg_too_long',
        theirUpdate: 'cant_update_message',
        noUpdate: 'message_not_found',
        theirDelete: 'cant_delete_message',
        noReaction: 'no_reaction',
        badEmoji: 'invalid_name',
        historyElsewhere: 'not_in_channel',
        noRoot: 'thread_not_found',
        noUser: 'user_not_found',
        ephemeralElsewhere: 'user_not_in_channel',
        unknown: 'unknown_method',
      });
      await client.reactions.add({ channel: 'C_DEV', timestamp: theirs, name: 'eyes' });
      expect(await call('reactions.add', { timestamp: theirs, name: 'eyes' })).toBe('already_reacted');
    }));

  it('names the scope that is missing, and those there are', () =>
    withServer(async (slack, client) => {
      const answer = await refusal(client.conversations.join({ channel: 'C_DEV' }));
      expect(answer).toMatchObject({ error: 'missing_scope', needed: 'channels:join' });
      expect(String(answer['provided'])).toContain('chat:write');
      expect((await refusal(client.users.lookupByEmail({ email: 'anna@example.com' }))).error).toBe(
        'missing_scope',
      );
      expect(slack.manifest.scopes.has('channels:join')).toBe(false);
    }));

  it('checks views: title, submit, blocks, private_metadata', () =>
    withServer(async (_slack, client) => {
      const input = { type: 'input', label: plain('x'), element: { type: 'plain_text_input' } };
      const publish = (view: object) => client.apiCall('views.publish', { user_id: 'U_ANNA', view });
      const home = { type: 'home', blocks: [section('x')] };
      await publish(home);
      expect(
        (await refusal(publish({ ...home, blocks: times(101, () => ({ type: 'divider' })) }))).error,
      ).toBe('invalid_arguments');
      expect((await refusal(publish({ ...home, private_metadata: 'x'.repeat(3_001) }))).error).toBe(
        'invalid_arguments',
      );
      expect((await refusal(publish({ type: 'modal', title: plain('x'), blocks: [input] }))).error).toBe(
        'invalid_arguments',
      );
    }));
});

describe('tokens', () => {
  it('refuses none, wrong ones, and the other kind', () =>
    withServer(async (slack) => {
      const code = async (token: string, method: string) =>
        (await refusal(clientOf(slack, token).apiCall(method))).error;
      expect(await code('', 'auth.test')).toBe('not_authed');
      expect(await code('xoxb-1-2-wrong', 'auth.test')).toBe('invalid_auth');
      expect(await code('xapp-1-A-1-wrong', 'apps.connections.open')).toBe('invalid_auth');
      expect(await code(slack.botToken, 'apps.connections.open')).toBe('not_allowed_token_type');
      expect(await code(slack.appToken, 'conversations.list')).toBe('not_allowed_token_type');
    }));

  it('takes the token from the body, and arguments as JSON or multipart', () =>
    withServer(async (slack) => {
      const post = async (body: string | FormData, headers: Record<string, string>) =>
        (await (
          await fetch(`${slack.apiUrl}chat.postMessage`, { method: 'POST', body, headers })
        ).json()) as { ok: boolean };
      const blocks = [section('x')];
      const bearer = { authorization: `Bearer ${slack.botToken}` };
      const json = { ...bearer, 'content-type': 'application/json; charset=utf-8' };
      expect((await post(JSON.stringify({ channel: 'C_DEV', blocks }), json)).ok).toBe(true);
      const form = new FormData();
      form.set('token', slack.botToken);
      form.set('channel', 'C_DEV');
      form.set('text', '[1] not JSON');
      expect((await post(form, {})).ok).toBe(true);
      expect(slack.messages('C_DEV').map(({ text }) => text)).toEqual(['', '[1] not JSON']);
    }));
});

describe('rate limits', () => {
  it('lets a channel burst, then one post a second, and never holds up another channel', async () => {
    let now = Date.now();
    await using slack = await startSlackServer({ clock: { now: () => now, scale: 1 }, burst: 2 });
    const client = clientOf(slack);
    const post = (channel: string) => client.chat.postMessage({ channel, text: 'x' });
    await post('C_DEV');
    await post('C_DEV');
    await expect(post('C_DEV')).rejects.toMatchObject({
      code: 'slack_webapi_rate_limited_error',
      retryAfter: 1,
    });
    await post('C_GENERAL');
    now += 1_000;
    await post('C_DEV');
    expect(slack.messages('C_DEV')).toHaveLength(3);
  });

  it('counts a tier over a minute', async () => {
    let now = Date.now();
    await using slack = await startSlackServer({ clock: { now: () => now, scale: 1 } });
    const client = clientOf(slack);
    for (let at = 0; at < 20; at++) await client.users.list({});
    await expect(client.users.list({})).rejects.toMatchObject({ retryAfter: 3 });
    now += 3_000;
    await client.users.list({});
  });
});
