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
      chunks: [
        { type: 'task_update', id: '1', title: 'Clone', status: 'in_progress', output: 'o' },
        { type: 'task_update', id: '1', title: 'Clone', status: 'complete', output: 'k' },
      ],
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

  it('speaks text or chunks, never both, and refuses what is too long', async () => {
    await using slack = await startSlackServer({ rateLimits: false });
    const thread_ts = await slack.as('U_ANNA').dm('go');
    const client = clientOf(slack);
    const begin = async (rest: object) =>
      (await client.chat.startStream({ channel: 'D_ANNA', thread_ts, ...rest })).ts ?? '';
    const code = async (ts: string, rest: object) =>
      (await refusal(client.chat.appendStream({ channel: 'D_ANNA', ts, ...rest }))).error;
    const text = await begin({ markdown_text: 'a' });
    const chunk = [{ type: 'markdown_text', text: 'b' }];
    expect(await code(text, { chunks: chunk })).toBe('streaming_mode_mismatch');
    expect(await code(text, { markdown_text: 'b', chunks: chunk })).toBe(
      'cannot_provide_both_markdown_text_and_chunks',
    );
    const chunks = await begin({ chunks: chunk });
    expect(await code(chunks, { markdown_text: 'b' })).toBe('streaming_mode_mismatch');
    expect(await code(chunks, { chunks: [{ type: 'nonsense' }] })).toBe('invalid_chunks');
    expect(await code(chunks, { chunks: [{ type: 'plan_update', title: 'x'.repeat(257) }] })).toBe(
      'invalid_chunks',
    );
    const empty = await begin({});
    expect(await code(empty, {})).toBe('no_text');
    expect(await code(empty, { markdown_text: 'x'.repeat(12_001) })).toBe('msg_too_long');
    await client.chat.appendStream({ channel: 'D_ANNA', ts: empty, markdown_text: 'x'.repeat(12_000) });
    expect(await code(empty, { markdown_text: 'x'.repeat(1_300) })).toBe('msg_blocks_too_long');
    const where = { channel: 'D_ANNA', ts: empty };
    expect((await refusal(client.chat.update({ ...where, text: 'y' }))).error).toBe(
      'streaming_state_conflict',
    );
    expect((await refusal(client.chat.delete(where))).error).toBe('cant_delete_message');
    await client.chat.stopStream(where);
    await client.chat.update({ ...where, text: 'y', blocks: [] });
    expect(slack.message('D_ANNA', empty)?.text).toBe('y');
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
    const { ts: stream = '' } = await app.app.client.chat.startStream({
      channel: 'C_DEV',
      thread_ts: ts,
      recipient_team_id: slack.teamId,
      recipient_user_id: 'U_ANNA',
      markdown_text: 'On it',
    });
    await slack.as('U_ANNA').stopSession('C_DEV', ts);
    expect(slack.message('C_DEV', stream)?.stream?.state).toBe('closed');
    await slack.until(() => slack.status('C_DEV', ts)?.status === 'active', 'the app to say so');
    expect(stopped).toEqual([['U_ANNA', ts, [stream]]]);
    expect(slack.transcript('C_DEV')).toBe('#dev\nAnna: go\n  frontdesk: On it\n');
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
