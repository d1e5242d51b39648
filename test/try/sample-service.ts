/**
 * The smallest service the try command can run: a Bolt app that behaves outwardly like Frontdesk (👀, a reply, a
 * button, silence for strangers). It lets the try command be tested in a second and without OpenCode.
 */
import bolt from '@slack/bolt';

const {
  SLACK_BOT_TOKEN = '',
  SLACK_APP_TOKEN = '',
  SLACK_API_URL = '',
  SLACK_ALLOWED_USERS = '',
} = process.env;
const app = new bolt.App({
  token: SLACK_BOT_TOKEN,
  appToken: SLACK_APP_TOKEN,
  socketMode: true,
  logLevel: bolt.LogLevel.ERROR,
  clientOptions: { slackApiUrl: SLACK_API_URL },
});

app.message(async ({ message, client }) => {
  if (message.subtype !== undefined && message.subtype !== 'file_share') return;
  const { channel, ts, thread_ts: thread = ts, user, text = '', channel_type: type } = message;
  if (!SLACK_ALLOWED_USERS.split(',').includes(user)) return;
  const words = text.replace(/^<@\w+> /, '');
  if (words === 'crash') process.exit(7);
  await client.reactions.add({ channel, timestamp: ts, name: 'eyes' });
  const said = `You said: ${words}`;
  const button = {
    type: 'button',
    text: { type: 'plain_text', text: 'Again' },
    action_id: 'again',
    value: words,
  };
  const blocks = [
    { type: 'markdown', text: said },
    { type: 'actions', elements: [button] },
  ];
  const place = type === 'im' ? { channel } : { channel, thread_ts: thread };
  await client.apiCall('chat.postMessage', { ...place, text: said, blocks });
  await client.reactions.remove({ channel, timestamp: ts, name: 'eyes' });
});

app.action('again', async ({ ack, body, client }) => {
  await ack();
  if (body.type !== 'block_actions' || !body.message || !body.channel) return;
  await client.chat.update({
    channel: body.channel.id,
    ts: body.message['ts'],
    text: 'Said again.',
    blocks: [],
  });
});

process.once('SIGTERM', () => void app.stop().then(() => process.exit(0)));
await app.start();
process.stdout.write(`${JSON.stringify({ level: 'info', msg: 'frontdesk.ready' })}\n`);
