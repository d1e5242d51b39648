import type { App } from '@slack/bolt';
import { describe, expect, it } from 'vitest';

import { startSlackServer } from './server.ts';
import { clientOf, refusal, startBoltApp } from './testing/bolt.ts';
import type { SlackServer } from './types.ts';

const plain = (text: string) => ({ type: 'plain_text' as const, text });
const modal = (id: string) => ({
  type: 'modal' as const,
  callback_id: id,
  title: plain('Start'),
  submit: plain('Go'),
  notify_on_close: true,
  blocks: [
    {
      type: 'input' as const,
      block_id: 'title',
      label: plain('Title'),
      element: { type: 'plain_text_input' as const, action_id: 'v' },
    },
    {
      type: 'input' as const,
      block_id: 'repos',
      label: plain('Repositories'),
      optional: true,
      element: {
        type: 'multi_static_select' as const,
        action_id: 'v',
        options: [
          { text: plain('api'), value: 'api' },
          { text: plain('web'), value: 'web' },
        ],
      },
    },
  ],
});

const card = [
  { type: 'markdown' as const, text: 'Working' },
  {
    type: 'actions' as const,
    elements: [
      {
        type: 'button' as const,
        text: plain('Stop'),
        action_id: 'turn.stop',
        value: 'turn-1',
        style: 'danger' as const,
      },
    ],
  },
];

describe('commands and clicks', () => {
  it('answers a command inline, and later through response_url five times', async () => {
    await using slack = await startSlackServer();
    let url = '';
    await using _app = await startBoltApp(slack, (app) => {
      app.command('/opencode', async ({ command, ack }) => {
        url = command.response_url;
        await ack({ response_type: 'ephemeral', text: `got ${command.text}` });
      });
    });
    const result = await slack.as('U_ANNA').slash('/opencode', 'list', 'C_DEV');
    expect(result).toMatchObject({ acked: true, payload: { text: 'got list' } });
    const say = (body: object) => fetch(url, { method: 'POST', body: JSON.stringify(body) });
    for (let at = 1; at <= 5; at++) {
      expect(
        (await say({ text: `later ${at}`, response_type: at === 1 ? 'in_channel' : 'ephemeral' })).status,
      ).toBe(200);
    }
    const sixth = await say({ text: 'too much' });
    expect([sixth.status, await sixth.json()]).toEqual([404, { ok: false, error: 'used_url' }]);
    expect(slack.transcript('C_DEV')).toMatch(
      /^#dev\nfrontdesk \(only Anna\): got list\nfrontdesk: later 1\nfrontdesk \(only/,
    );
    await expect(slack.as('U_ANNA').slash('/unknown', '', 'C_DEV')).rejects.toThrow('not a valid command');
  });

  it('ends a response_url after 30 minutes on the scaled clock', async () => {
    let now = Date.now();
    await using slack = await startSlackServer({ clock: { now: () => now, scale: 60 } });
    let url = '';
    await using _app = await startBoltApp(slack, (app) => {
      app.command('/opencode', async ({ command, ack }) => {
        url = command.response_url;
        await ack();
      });
    });
    await slack.as('U_ANNA').slash('/opencode', '', 'C_DEV');
    now += 30_001;
    const late = await fetch(url, { method: 'POST', body: '{"text":"late"}' });
    expect(await late.json()).toEqual({ ok: false, error: 'expired_url' });
  });

  it('presses a button by its label, replaces the original, and says what is there otherwise', async () => {
    await using slack = await startSlackServer();
    const clicks: unknown[] = [];
    await using _app = await startBoltApp(slack, (app) => {
      app.action('turn.stop', async ({ ack, action, body, respond }) => {
        await ack();
        clicks.push([
          (action as { value?: string }).value,
          body.user.id,
          (body as { container?: unknown }).container,
        ]);
        await respond({ replace_original: true, text: 'Stopped' });
      });
    });
    const { ts = '' } = await clientOf(slack).chat.postMessage({ channel: 'C_DEV', text: 'x', blocks: card });
    expect(slack.transcript('C_DEV')).toBe('#dev\nfrontdesk: Working\n  [Stop]\n');
    await expect(slack.as('U_BEN').click('C_DEV', ts, 'Go')).rejects.toThrow('there is: [Stop]');
    expect((await slack.as('U_BEN').click('C_DEV', ts, 'Stop')).acked).toBe(true);
    await slack.until(() => slack.message('C_DEV', ts)?.text === 'Stopped', 'the replacement');
    expect(clicks).toEqual([
      ['turn-1', 'U_BEN', { type: 'message', message_ts: ts, channel_id: 'C_DEV', is_ephemeral: false }],
    ]);
    // A client that still shows the old card.
    const stale = await slack.as('U_BEN').click('C_DEV', ts, { actionId: 'turn.stop', value: 'turn-1' });
    expect(stale.acked).toBe(true);
    const used = () => slack.journal.filter(({ kind }) => kind === 'response_url').length;
    await slack.until(() => used() === 2, 'the answer to the second click');
  });

  it('shows an error when nobody acknowledges or no connection is open, and does not repeat it', async () => {
    await using slack = await startSlackServer({ ackMs: 80 });
    const { ts = '' } = await clientOf(slack).chat.postMessage({ channel: 'C_DEV', text: 'x', blocks: card });
    const alone = await slack.as('U_BEN').click('C_DEV', ts, 'Stop');
    expect(alone).toMatchObject({ acked: false, error: 'connection_failed' });
    await using _app = await startBoltApp(slack);
    expect(await slack.as('U_BEN').click('C_DEV', ts, 'Stop')).toMatchObject({
      acked: false,
      error: 'timeout',
    });
    expect(
      slack.journal.filter(({ kind, name }) => kind === 'envelope' && name === 'block_actions'),
    ).toHaveLength(2);
  });

  it('offers message shortcuts of the manifest', async () => {
    await using slack = await startSlackServer();
    const seen: unknown[] = [];
    await using _app = await startBoltApp(slack, (app) => {
      app.shortcut('opencode_thread', async ({ ack, shortcut }) => {
        await ack();
        seen.push([shortcut.type, (shortcut as { message_ts?: string }).message_ts]);
      });
    });
    const ts = await slack.as('U_ANNA').post('C_DEV', 'this one');
    await slack.as('U_ANNA').shortcut('opencode_thread', 'C_DEV', ts);
    expect(seen).toEqual([['message_action', ts]]);
    await expect(slack.as('U_ANNA').shortcut('other', 'C_DEV', ts)).rejects.toThrow('no message shortcut');
  });
});

async function openModal(slack: SlackServer): Promise<string> {
  await slack.as('U_ANNA').slash('/opencode', 'start', 'C_DEV');
  return slack.until(() => slack.as('U_ANNA').modal()?.id, 'the modal');
}

const openOnCommand = (app: App) => {
  app.command('/opencode', async ({ command, ack, client }) => {
    await ack();
    await client.views.open({ trigger_id: command.trigger_id, view: modal('start') });
  });
};

describe('modals', () => {
  it('keeps what was typed over errors, then updates, pushes and clears', async () => {
    await using slack = await startSlackServer();
    const submitted: unknown[] = [];
    await using _app = await startBoltApp(slack, (app) => {
      openOnCommand(app);
      app.view('start', async ({ ack, view }) => {
        submitted.push([
          view.state.values['title']?.['v']?.value,
          view.state.values['repos']?.['v']?.selected_options?.length,
        ]);
        const title = view.state.values['title']?.['v']?.value;
        if (title === 'bad') await ack({ response_action: 'errors', errors: { title: 'Not this one' } });
        else if (title === 'push') await ack({ response_action: 'push', view: modal('second') });
        else await ack({ response_action: 'update', view: { ...modal('start'), title: plain('Again') } });
      });
      app.view('second', async ({ ack }) => ack({ response_action: 'clear' }));
    });
    const anna = slack.as('U_ANNA');
    const id = await openModal(slack);
    expect((await anna.submit(id, {})).errors).toEqual({ title: 'Please complete this required field.' });
    expect((await anna.submit(id, { title: 'bad', repos: ['api', 'web'] })).errors).toEqual({
      title: 'Not this one',
    });
    await anna.submit(id, { title: 'fine' });
    expect(slack.view(id)?.body['title']).toEqual(plain('Again'));
    expect(slack.view(id)?.values['repos']?.['v']?.['selected_options']).toHaveLength(2);
    await anna.submit(id, { title: 'push' });
    const second = anna.modal();
    expect([second?.previousId, second?.rootId]).toEqual([id, id]);
    await anna.submit(second?.id ?? '', { title: 'x' });
    expect(anna.modal()).toBeUndefined();
    expect(submitted).toEqual([
      ['bad', 2],
      ['fine', 2],
      ['push', 2],
    ]);
  });

  it('tells of a close when asked to, and refuses updates afterwards', async () => {
    await using slack = await startSlackServer();
    const closed: string[] = [];
    await using _app = await startBoltApp(slack, (app) => {
      openOnCommand(app);
      app.view({ callback_id: 'start', type: 'view_closed' }, async ({ ack, view }) => {
        closed.push(view.id);
        await ack();
      });
    });
    const id = await openModal(slack);
    const client = clientOf(slack);
    const stale = client.views.update({ view_id: id, hash: 'old', view: modal('start') });
    expect((await refusal(stale)).error).toBe('hash_conflict');
    await client.views.update({ view_id: id, view: { ...modal('start'), title: plain('New') } });
    expect(slack.as('U_ANNA').modal()?.body['title']).toEqual(plain('New'));
    await slack.as('U_ANNA').closeView(id);
    expect(closed).toEqual([id]);
    expect((await refusal(client.views.update({ view_id: id, view: modal('start') }))).error).toBe(
      'not_found',
    );
  });

  it('takes a trigger once and for three seconds, and three views on a stack', async () => {
    let now = Date.now();
    await using slack = await startSlackServer({ clock: { now: () => now, scale: 1 } });
    const triggers: string[] = [];
    await using _app = await startBoltApp(slack, (app) => {
      app.command('/opencode', async ({ command, ack }) => {
        triggers.push(command.trigger_id);
        await ack();
      });
      app.action('more', async ({ ack, body }) => {
        triggers.push((body as { trigger_id: string }).trigger_id);
        await ack();
      });
    });
    const anna = slack.as('U_ANNA');
    const client = clientOf(slack);
    const open = (trigger_id: string) => client.views.open({ trigger_id, view: modal('start') });
    await anna.slash('/opencode', '', 'C_DEV');
    await open(triggers[0] ?? '');
    expect((await refusal(open(triggers[0] ?? ''))).error).toBe('exchanged_trigger_id');
    expect((await refusal(open('1.2.3'))).error).toBe('invalid_trigger_id');
    await anna.slash('/opencode', '', 'C_DEV');
    now += 3_001;
    expect((await refusal(open(triggers[1] ?? ''))).error).toBe('expired_trigger_id');

    const stacked = {
      ...modal('start'),
      blocks: [
        {
          type: 'actions' as const,
          elements: [{ type: 'button' as const, text: plain('More'), action_id: 'more' }],
        },
      ],
    };
    await client.views.update({ view_id: anna.modal()?.id ?? '', view: stacked });
    const push = async () => {
      await anna.clickView(anna.modal()?.id ?? '', 'More');
      return client.views.push({ trigger_id: triggers.at(-1) ?? '', view: stacked });
    };
    await push();
    await push();
    expect((await refusal(push())).error).toBe('push_limit_reached');
  });

  it('publishes App Home and tells of its opening', async () => {
    await using slack = await startSlackServer();
    const opened: unknown[] = [];
    await using _app = await startBoltApp(slack, (app) => {
      app.event('app_home_opened', async ({ event, client }) => {
        opened.push([event.tab, event.channel]);
        const blocks = [{ type: 'section' as const, text: { type: 'mrkdwn' as const, text: '*Home*' } }];
        await client.views.publish({ user_id: event.user, view: { type: 'home', blocks } });
      });
    });
    await slack.as('U_ANNA').openHome();
    await slack.until(() => slack.as('U_ANNA').home(), 'the Home tab');
    expect(opened).toEqual([['home', 'D_ANNA']]);
    expect(slack.as('U_BEN').home()).toBeUndefined();
  });
});
