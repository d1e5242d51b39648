type CoverageLevel = 'full' | 'partial' | 'absent';

export interface CoverageEntry {
  readonly name: string;
  readonly level: CoverageLevel;
  /** What is not covered, or what is assumed where Slack's documents are silent. */
  readonly note: string;
}

const full = (name: string, note = ''): CoverageEntry => ({ name, level: 'full', note });
const partial = (name: string, note: string): CoverageEntry => ({ name, level: 'partial', note });
const absent = (name: string, note = ''): CoverageEntry => ({ name, level: 'absent', note });

/**
 * What of Slack is here. `full` means: as far as the documents tell, for an app with one bot token in one
 * workspace. Checked against the router by coverage.test.ts; the README's table is made of it.
 */
export const coverage: {
  readonly methods: readonly CoverageEntry[];
  readonly features: readonly CoverageEntry[];
} = {
  methods: [
    partial('agents.sessions.rename', 'the code for an unknown session is a guess'),
    partial(
      'agents.sessions.setStatus',
      'icon and username are checked, not shown; session channels absent; thread_ts is required, in DMs too',
    ),
    full('api.test'),
    full('apps.connections.open'),
    partial('assistant.threads.setStatus', 'icon and username are checked, not shown'),
    full('assistant.threads.setSuggestedPrompts'),
    full('assistant.threads.setTitle'),
    full('auth.test'),
    full('bots.info'),
    full('chat.appendStream'),
    full('chat.delete'),
    full('chat.getPermalink'),
    full('chat.postEphemeral'),
    partial(
      'chat.postMessage',
      'no unfurls, parse or link_names; icons not shown; attachments stored, not judged; thread_not_found for an unknown thread_ts is assumed',
    ),
    partial(
      'chat.startStream',
      'every member sees every append; at Slack only the recipient does, live; text stays Markdown where Slack gives back mrkdwn',
    ),
    full('chat.stopStream'),
    partial('chat.update', 'attachments stored, not judged; marked as edited only when no blocks are shown'),
    partial('conversations.history', 'no limits for commercially distributed apps'),
    full('conversations.info'),
    full('conversations.join'),
    full('conversations.list'),
    full('users.conversations'),
    full('conversations.members'),
    partial('conversations.open', 'group DMs only with mpim:write'),
    full('conversations.replies'),
    full('files.completeUploadExternal', 'shares are there at once; Slack fills them in later'),
    full('files.delete'),
    full('files.getUploadURLExternal'),
    partial('files.info', 'no comments, no thumbnails'),
    partial('files.list', 'by channel only; cursor instead of pages'),
    partial('reactions.add', 'any well-formed name is an emoji; messages only'),
    partial('reactions.get', 'messages only'),
    partial('reactions.remove', 'messages only'),
    full('users.info'),
    full('users.list'),
    full('users.lookupByEmail'),
    full('views.open'),
    full('views.publish'),
    full('views.push'),
    full('views.update'),
    absent('agents.conversations.*', 'Slack Code channels'),
    absent('auth.revoke'),
    absent('blocks.validate'),
    absent('bookmarks.*'),
    absent('canvases.*'),
    absent('chat.meMessage'),
    absent('chat.scheduleMessage', 'and its list and delete'),
    absent('chat.unfurl'),
    absent('conversations.create', 'see addChannel; likewise archive, invite, kick, leave, rename, mark'),
    absent('emoji.list'),
    absent('files.upload', 'retired by Slack'),
    absent('oauth.*', 'one workspace, tokens given at start'),
    absent('pins.*'),
    absent('reactions.list'),
    absent('reminders.*'),
    absent('search.*'),
    absent('team.info'),
    absent('usergroups.*'),
    absent('users.profile.*', 'likewise presence'),
    absent('workflows.*'),
    absent('admin.*'),
  ],
  features: [
    full('Tokens by class (xoxb, xapp)', 'not_authed, invalid_auth, not_allowed_token_type'),
    partial(
      'Scopes from the manifest',
      'missing_scope with needed and provided; metadata.message:read not asked for',
    ),
    full('Event subscriptions from the manifest', 'filtered by scope and by membership'),
    partial(
      'Events',
      'message (changed, deleted, file_share), app_mention, reaction_added/removed, file_shared, app_home_opened, agent_session_stopped, agent_session_title_changed; people’s messages carry no rich_text blocks; a stream is announced at start and stop only',
    ),
    full(
      'Socket Mode',
      'tickets, hello, pings, round robin over up to 10 connections, disconnect, app_rate_limited',
    ),
    full('Delivery retries', 'at once, +1 min, +5 min on the scaled clock, also with no connection open'),
    full('HTTP mode', 'signed requests, url_verification, retry headers, x-slack-no-retry'),
    full('Slash commands', 'with inline answer; not in threads, as at Slack'),
    full('Message and global shortcuts'),
    partial(
      'Clicks (block_actions)',
      'confirm dialogs are taken as confirmed; state.values of messages is empty',
    ),
    partial(
      'Modals',
      'errors, update, push, clear, close, stack of 3, hash, external_id; no external selects',
    ),
    full('App Home'),
    full('response_url', '5 uses, 30 min, replace_original, delete_original'),
    full(
      'Streams',
      'text or chunks, never both; closed after 5 minutes of life; refuse update and delete while open',
    ),
    full(
      'Agent sessions and native Stop',
      'Stop shows while processing, if subscribed, and ends open streams; processing lasts an hour',
    ),
    full('Message metadata', 'given back with include_all_metadata only'),
    full('Files', 'content behind url_private for the bot token; the sign-in page for others'),
    partial(
      'Block Kit',
      'all types of @slack/types 3.2, strict for the common ones; 13,200 characters a message',
    ),
    partial(
      'Rate limits',
      'per method, chat.postMessage per channel; no workspace cap, no 30,000 events an hour',
    ),
    full('Faults', 'not Slack: 429, 5xx, errors, pages, hangs, resets before and after the effect'),
    absent('Several workspaces, Enterprise Grid, Slack Connect'),
    absent('User tokens and OAuth'),
    absent('Presence, typing, unread marks'),
  ],
};

/** @returns the two tables of the README, in Markdown. */
export function renderCoverage(): string {
  const table = (title: string, entries: readonly CoverageEntry[]) => [
    `| ${title} | covered | note |`,
    '| --- | --- | --- |',
    ...entries.map(({ name, level, note }) => `| ${name} | ${level} | ${note} |`),
  ];
  return [...table('feature', coverage.features), '', ...table('method', coverage.methods)].join('\n');
}
