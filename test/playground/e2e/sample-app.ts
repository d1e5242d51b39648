/** A tiny Bolt app with what Frontdesk does not have yet: a modal, App Home, and things to choose. */
import type { App } from '@slack/bolt';
import { startSlackServer } from '../../slack/server.ts';
import { startBoltApp } from '../../slack/testing/bolt.ts';
import type { SlackServer } from '../../slack/types.ts';
import { buildPlayground } from '../build.ts';
import { choices, homeView, startModal } from './sample-views.ts';

export interface Sample extends AsyncDisposable {
  readonly slack: SlackServer;
  /** Where the page is. */
  readonly url: string;
}

/** The page on a Slack of its own, with the sample app in it. */
export async function startSample(): Promise<Sample> {
  await using stack = new AsyncDisposableStack();
  const { dir } = await buildPlayground();
  const slack = stack.use(await startSlackServer({ site: dir, rateLimits: false }));
  stack.use(await startBoltApp(slack, listen));
  const owned = stack.move();
  return { slack, url: `${slack.url}/`, [Symbol.asyncDispose]: () => owned[Symbol.asyncDispose]() };
}

function listen(app: App): void {
  const paused = new Set<string>();
  app.event('app_mention', async ({ event, client }) => {
    const { channel, ts, thread_ts = ts } = event;
    await client.chat.postMessage({ channel, thread_ts, text: 'Which agent should do it?', blocks: choices });
  });
  app.command('/opencode', async ({ ack, command, client }) => {
    await ack();
    await client.views.open({ trigger_id: command.trigger_id, view: startModal });
  });
  app.view('sample_start', async ({ ack, body, view, client }) => {
    const title = view.state.values['title']?.['v']?.value ?? '';
    if (!title.trim().includes(' '))
      return ack({ response_action: 'errors', errors: { title: 'Two words at least, please.' } });
    await ack();
    const text = `Starting session… “${title}”`;
    await client.chat.postMessage({ channel: 'C_DEV', text: `<@${body.user.id}> ${text}` });
  });
  app.event('app_home_opened', async ({ event, client }) => {
    if (event.tab === 'home') await client.views.publish({ user_id: event.user, view: homeView(paused) });
  });
  app.action('sample_pause', async ({ ack, body, action, client }) => {
    await ack();
    if (action.type === 'button') paused.add(action.value ?? '');
    await client.views.publish({ user_id: body.user.id, view: homeView(paused) });
  });
  app.action(/^sample_(agent|more|clean)$/, async ({ ack, body, action, client }) => {
    await ack();
    if (body.type !== 'block_actions') return;
    const chosen =
      action.type === 'static_select' || action.type === 'overflow'
        ? action.selected_option.value
        : action.type === 'button'
          ? `clean ${action.value}`
          : '';
    const channel = body.channel?.id ?? 'C_DEV';
    const thread = body.message?.['thread_ts'] as string | undefined;
    await client.chat.postMessage({
      channel,
      text: `${body.user.name} chose ${chosen}`,
      ...(thread === undefined ? {} : { thread_ts: thread }),
    });
  });
}
