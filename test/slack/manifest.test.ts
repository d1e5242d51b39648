import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { describe, expect, it, onTestFinished } from 'vitest';

import { startSlackServer } from './server.ts';
import { clientOf, refusal, startBoltApp } from './testing/bolt.ts';
import type { SlackServer } from './types.ts';

async function startWith(manifest: object): Promise<SlackServer> {
  const folder = await mkdtemp(join(tmpdir(), 'slack-manifest-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const manifestPath = join(folder, 'manifest.json');
  await writeFile(manifestPath, JSON.stringify(manifest));
  return startSlackServer({ manifestPath });
}

const manifestOf = (scopes: string[], events: string[] = [], features: object = {}) => ({
  display_information: { name: 'Other' },
  features: { bot_user: { display_name: 'otherbot' }, ...features },
  oauth_config: { scopes: { bot: scopes } },
  settings: { event_subscriptions: { bot_events: events }, socket_mode_enabled: true },
});

describe('another app’s manifest', () => {
  it('opens the methods whose scopes it has', async () => {
    await using slack = await startWith(
      manifestOf([
        'channels:join',
        'users:read',
        'users:read.email',
        'mpim:write',
        'chat:write',
        'chat:write.customize',
      ]),
    );
    slack.addChannel({ id: 'C_FAR', name: 'far', bot: false });
    const client = clientOf(slack);
    expect((await client.conversations.join({ channel: 'C_FAR' })).channel).toMatchObject({
      is_member: true,
    });
    expect((await client.users.lookupByEmail({ email: 'ben@example.com' })).user?.id).toBe('U_BEN');
    expect((await client.conversations.open({ users: 'U_ANNA,U_BEN' })).channel?.id).toMatch(/^G/);
    await client.chat.postMessage({ channel: 'C_FAR', text: 'hi', username: 'Deploys' });
    expect(slack.transcript('C_FAR')).toBe('#far\nDeploys: hi\n');
    expect((await refusal(client.conversations.history({ channel: 'C_FAR' }))).error).toBe('missing_scope');
  });

  it('brings only the events it subscribes to and may see', async () => {
    const events = ['app_mention', 'message.channels', 'reaction_removed', 'app_home_opened'];
    await using slack = await startWith(manifestOf(['app_mentions:read', 'reactions:read'], events));
    const anna = slack.as('U_ANNA');
    const ts = await anna.post('C_DEV', '@otherbot hi');
    await anna.react('C_DEV', ts, 'eyes');
    await anna.unreact('C_DEV', ts, 'eyes');
    await anna.openHome('messages');
    await expect(anna.openHome('home')).rejects.toThrow('no Home tab');
    const sent = slack.journal.filter(({ kind }) => kind === 'event').map(({ name }) => name);
    expect(sent).toEqual(['app_mention', 'reaction_removed', 'app_home_opened']);
  });

  it('without agent_view there are no sessions, without the subscription no Stop', async () => {
    await using plain = await startWith(manifestOf(['chat:write']));
    const status = {
      channel_id: 'C_DEV',
      thread_ts: await plain.as('U_ANNA').post('C_DEV', 'x'),
      status: 'processing',
    };
    const answer = await refusal(clientOf(plain).agents.sessions.setStatus(status));
    expect(answer.error).toBe('feature_not_enabled');
    await using agent = await startWith(manifestOf(['chat:write'], [], { agent_view: {} }));
    const ts = await agent.as('U_ANNA').post('C_DEV', 'x');
    const warned = await clientOf(agent).agents.sessions.setStatus({ ...status, thread_ts: ts });
    expect(warned['warning']).toBe('missing_agent_session_stopped_event_subscription');
    await expect(agent.as('U_ANNA').stopSession('C_DEV', ts)).rejects.toThrow('no Stop button');
  });

  it('offers its global shortcuts', async () => {
    const shortcuts = [{ name: 'New', type: 'global', callback_id: 'new_task', description: 'x' }];
    await using slack = await startWith(manifestOf(['commands'], [], { shortcuts }));
    const seen: string[] = [];
    await using _app = await startBoltApp(slack, (app) => {
      app.shortcut('new_task', async ({ ack, shortcut }) => {
        await ack();
        seen.push(shortcut.type);
      });
    });
    expect((await slack.as('U_ANNA').shortcut('new_task')).acked).toBe(true);
    expect(seen).toEqual(['shortcut']);
  });
});
