import { describe, expect, it } from 'vitest';

import { startSlackServer } from './server.ts';
import { clientOf, refusal, startBoltApp } from './testing/bolt.ts';

describe('streams and agent sessions', () => {
  it('grows a message with text, tasks and a plan, and ends with blocks', async () => {
    await using slack = await startSlackServer();
    const ts = await slack.as('U_ANNA').dm('go');
    const client = clientOf(slack);
    const stream = client.chatStream({ channel: 'D_ANNA', thread_ts: ts, buffer_size: 1 });
    await stream.append({ markdown_text: '**he' });
    await stream.append({ markdown_text: 'llo**' });
    expect(slack.transcript('D_ANNA')).toBe('@Anna (DM)\nAnna: go\n  frontdesk: **hello**  (streaming)\n');
    await stream.append({
      chunks: [{ type: 'task_update', id: '1', title: 'Clone', status: 'in_progress' }],
    });
    await stream.append({
      chunks: [{ type: 'task_update', id: '1', title: 'Clone', status: 'complete', output: 'ok' }],
    });
    const text = { type: 'mrkdwn' as const, text: '3 s' };
    await stream.stop({ blocks: [{ type: 'context', elements: [text] }], session_status: 'active' });
    expect(slack.transcript('D_ANNA')).toBe(
      '@Anna (DM)\nAnna: go\n  frontdesk: **hello**\n    ● Clone\n      ok\n    ⌊ 3 s\n',
    );
  });

  it('gathers tasks in a plan when asked to', async () => {
    await using slack = await startSlackServer();
    const ts = await slack.as('U_ANNA').dm('go');
    const started = await clientOf(slack).chat.startStream({
      channel: 'D_ANNA',
      thread_ts: ts,
      task_display_mode: 'plan',
      chunks: [
        { type: 'plan_update', title: 'Plan' },
        { type: 'task_update', id: '1', title: 'Clone', status: 'pending' },
      ],
    });
    expect(slack.transcript('D_ANNA', started.ts)).toBe(
      '@Anna (DM)\nAnna: go\n  frontdesk: ▤ Plan  (streaming)\n      ○ Clone\n',
    );
  });

  it('asks for the recipient outside DMs, and closes after five scaled minutes', async () => {
    await using slack = await startSlackServer({ clock: { now: () => Date.now(), scale: 1_000 } });
    const channel = 'C_DEV';
    const ts = await slack.as('U_ANNA').post(channel, 'go');
    const client = clientOf(slack);
    const start = { channel, thread_ts: ts, markdown_text: 'a' };
    expect((await refusal(client.chat.startStream(start))).error).toBe('missing_recipient_team_id');
    const team = { ...start, recipient_team_id: slack.teamId };
    expect((await refusal(client.chat.startStream(team))).error).toBe('missing_recipient_user_id');
    const { ts: stream = '' } = await client.chat.startStream({ ...team, recipient_user_id: 'U_ANNA' });
    await slack.until(() => slack.message(channel, stream)?.stream?.state === 'closed', 'Slack to close it');
    const late = { channel, ts: stream, markdown_text: 'b' };
    expect((await refusal(client.chat.appendStream(late))).error).toBe('message_not_in_streaming_state');
    expect((await refusal(client.chat.stopStream(late))).error).toBe('message_not_in_streaming_state');
  });

  it('refuses chunks and lengths Slack refuses', async () => {
    await using slack = await startSlackServer({ rateLimits: false });
    const thread_ts = await slack.as('U_ANNA').dm('go');
    const client = clientOf(slack);
    const { ts = '' } = await client.chat.startStream({ channel: 'D_ANNA', thread_ts });
    const append = (rest: object) => refusal(client.chat.appendStream({ channel: 'D_ANNA', ts, ...rest }));
    expect((await append({ markdown_text: 'x'.repeat(12_001) })).error).toBe('msg_too_long');
    expect((await append({ chunks: [{ type: 'nonsense' }] })).error).toBe('invalid_chunks');
    expect((await append({})).error).toBe('no_text');
    await client.chat.appendStream({ channel: 'D_ANNA', ts, markdown_text: 'x'.repeat(12_000) });
    expect((await append({ markdown_text: 'x'.repeat(1_300) })).error).toBe('msg_blocks_too_long');
    expect((await refusal(client.chat.update({ channel: 'D_ANNA', ts, text: 'y' }))).error).toBe(
      'streaming_state_conflict',
    );
  });

  it('shows a processing session with a Stop button that reaches the app', async () => {
    await using slack = await startSlackServer();
    const stopped: unknown[] = [];
    await using app = await startBoltApp(slack, (app) => {
      app.event('agent_session_stopped', async ({ event, client }) => {
        stopped.push([event.user, event.thread_ts, event.streaming_message_ts]);
        const where = { channel_id: event.channel, thread_ts: event.thread_ts };
        await client.agents.sessions.setStatus({ ...where, status: 'active' });
      });
    });
    const ts = await slack.as('U_ANNA').post('C_DEV', 'go');
    const where = { channel_id: 'C_DEV', thread_ts: ts };
    await expect(slack.as('U_ANNA').stopSession('C_DEV', ts)).rejects.toThrow('no Stop button');
    await app.app.client.agents.sessions.setStatus({ ...where, status: 'processing', title: 'Work' });
    expect(slack.transcript('C_DEV')).toBe('#dev\nAnna: go\n  status: processing\n');
    await app.app.client.agents.sessions.rename({ ...where, title: 'Better' });
    await slack.as('U_ANNA').stopSession('C_DEV', ts);
    await slack.until(() => slack.status('C_DEV', ts)?.status === 'active', 'the app to say so');
    expect(stopped).toEqual([['U_ANNA', ts, []]]);
    expect(slack.transcript('C_DEV')).toBe('#dev\nAnna: go\n');
  });

  it('shows an assistant status until the app writes, or for two scaled minutes', async () => {
    await using slack = await startSlackServer({ clock: { now: () => Date.now(), scale: 1_000 } });
    const ts = await slack.as('U_ANNA').post('C_DEV', 'go');
    const client = clientOf(slack);
    const where = { channel_id: 'C_DEV', thread_ts: ts };
    await client.assistant.threads.setStatus({
      ...where,
      status: 'is thinking…',
      loading_messages: ['a', 'b'],
    });
    expect(slack.transcript('C_DEV')).toBe('#dev\nAnna: go\n  status: is thinking…\n');
    await client.chat.postMessage({ channel: 'C_DEV', thread_ts: ts, text: 'done' });
    expect(slack.status('C_DEV', ts)).toBeUndefined();
    await client.assistant.threads.setStatus({ ...where, status: 'again' });
    await slack.until(() => slack.status('C_DEV', ts) === undefined, 'the status to go by itself');
    await client.assistant.threads.setTitle({ ...where, title: 'Title' });
    const prompts = [{ title: 'Start', message: 'start it' }];
    await client.assistant.threads.setSuggestedPrompts({ channel_id: 'C_DEV', prompts });
    const many = {
      channel_id: 'C_DEV',
      prompts: Array.from({ length: 5 }, () => prompts[0] ?? { title: '', message: '' }),
    };
    expect((await refusal(client.assistant.threads.setSuggestedPrompts(many))).error).toBe(
      'invalid_arguments',
    );
  });
});
