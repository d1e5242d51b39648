/** What the try command needs of the Slack server: everything visible as plain data, and when the bot is at work. */
import { controlsOf } from '../slack/people/controls.ts';
import { type Names, renderMessageText } from './message-text.ts';
import type { JournalEntry } from '../slack/journal.ts';
import type { StoredMessage } from '../slack/store/model.ts';
import type { SlackServer } from '../slack/types.ts';
import type { Shown, ShownButton, ShownMessage, ShownPlace } from './shown.ts';

export const bot = 'Frontdesk';
export const devChannel = { id: 'C_DEV', name: 'dev' };
/** Where the threads of a project go that was started by the form. */
const projectChannels = [
  { id: 'C_APIS', name: 'ai-dev-domain-apis' },
  { id: 'C_WEB', name: 'ai-dev-web' },
];
export const channels = [{ id: 'C_GENERAL', name: 'general' }, devChannel, ...projectChannels];
export const people = [
  { id: 'U_ANNA', name: 'Anna', allowed: true },
  { id: 'U_BEN', name: 'Ben', allowed: true },
  { id: 'U_STRANGER', name: 'Stranger', allowed: false },
] as const;

/** @returns the id of a person's DM with the bot, as the Slack server makes it. */
export function dmOf(person: string): string {
  return `D${person.replace(/^[UW]/, '')}`;
}

export function nameOf(person: string): string {
  return people.find(({ id }) => id === person)?.name ?? person;
}

function user(id: string, name: string, isBot: boolean) {
  return [id, { id, name: name.toLowerCase(), realName: name, isBot }] as const;
}

/** @returns what the renderer needs to write names for ids. */
export function namesFor(botUserId: string): Names {
  const created = { created: 0, archived: false, members: new Set<string>(), kind: 'channel' } as const;
  return {
    users: new Map([...people.map(({ id, name }) => user(id, name, false)), user(botUserId, bot, true)]),
    channels: new Map([[devChannel.id, { ...devChannel, ...created }]]),
  };
}

/** @returns every conversation that has messages: threads of the channels, then DMs. */
export function showSlack(slack: SlackServer): Shown {
  const names = namesFor(slack.botUserId);
  const threads = [devChannel, ...projectChannels].flatMap(({ id, name }) =>
    slack.messages(id).map((root): ShownPlace => {
      const messages = [root, ...slack.thread(id, root.ts).filter(({ ts }) => ts !== root.ts)];
      const title = `#${name} › ${clip(renderMessageText(root, names))}`;
      return place(slack, id, root.ts, title, messages, names);
    }),
  );
  const dms = people.flatMap(({ id, name }) => {
    const channel = dmOf(id);
    const messages = slack
      .messages(channel)
      .flatMap((root) => [root, ...slack.thread(channel, root.ts).filter(({ ts }) => ts !== root.ts)]);
    return messages.length === 0
      ? []
      : [place(slack, channel, '', `DM of ${name} and ${bot}`, messages, names)];
  });
  return [...threads, ...dms];
}

function place(
  slack: SlackServer,
  channel: string,
  thread: string,
  title: string,
  messages: readonly StoredMessage[],
  names: Names,
): ShownPlace {
  const roots = new Set([thread, ...messages.map(({ ts, threadTs }) => threadTs ?? ts)]);
  const statuses = [...roots].flatMap((root) => slack.status(channel, root)?.status ?? []);
  // An idle agent session has a status, too: `active`.
  const status = statuses.filter((text) => text !== 'active' && text !== 'closed').join(', ');
  const dm = thread === '';
  return {
    key: `${channel}:${thread}`,
    title,
    status,
    messages: messages.map((message) => show(message, dm, names)),
  };
}

function show(message: StoredMessage, dm: boolean, names: Names): ShownMessage {
  const author = message.bot ? bot : nameOf(message.user);
  const { ephemeralTo, threadTs, ts } = message;
  return {
    id: `${message.channel}:${ts}`,
    author: ephemeralTo === undefined ? author : `${author} (only ${nameOf(ephemeralTo)} sees it)`,
    own: message.bot,
    text: renderMessageText(message, names),
    buttons: buttonsOf(message).map(({ key, label }) => ({ key, label })),
    reactions: message.reactions.flatMap(({ name, users }) =>
      users.map((user) => `${emojiOf(name)} ${people.some(({ id }) => id === user) ? nameOf(user) : bot}`),
    ),
    growing: message.stream?.state === 'open',
    reply: dm && threadTs !== undefined && threadTs !== ts,
  };
}

interface Pressable extends ShownButton {
  readonly channel: string;
  readonly ts: string;
  readonly target: { readonly actionId: string; readonly value?: string };
}

/** @returns the buttons of a message with what a click on them needs. */
function buttonsOf({ channel, ts, blocks }: StoredMessage): Pressable[] {
  return controlsOf(blocks).flatMap(({ element }) => {
    const { action_id, value, text } = element as {
      action_id?: string;
      value?: string;
      text?: { text?: string };
    };
    if (element['type'] !== 'button' || action_id === undefined) return [];
    const key = [channel, ts, action_id, value ?? ''].join(' ');
    const target = value === undefined ? { actionId: action_id } : { actionId: action_id, value };
    return [{ key, label: text?.text ?? action_id, channel, ts, target }];
  });
}

/** @returns the button with that key, if it is still shown. */
export function findButton(slack: SlackServer, key: string): Pressable | undefined {
  const [channel = '', ts = ''] = key.split(' ');
  const message = slack.message(channel, ts);
  return message && buttonsOf(message).find((button) => button.key === key);
}

/** @returns whether the bot shows to be at work somewhere: 👀, a status, a growing text. */
export function isBusy(slack: SlackServer): boolean {
  return showSlack(slack).some(({ status, messages }) => {
    const marked = messages.some(({ reactions, growing }) => growing || reactions.includes(`👀 ${bot}`));
    return marked || (status !== '' && status !== 'suspended');
  });
}

/** @returns whether every event made since a journal entry was acknowledged; older ones may wait for a retry. */
export function isAcknowledged(slack: SlackServer, sinceSeq: number): boolean {
  const since = slack.journal.filter(({ seq }) => seq > sinceSeq);
  const acked = new Set(since.filter(({ kind }) => kind === 'ack').map(({ id }) => id));
  return since.every(({ kind, id }) => kind !== 'event' || acked.has(id));
}

/** @returns whether the app did something visible in a channel since a journal entry. */
export function hasActed(slack: SlackServer, channel: string, sinceSeq: number): boolean {
  return slack.journal.some(
    (entry) =>
      entry.seq > sinceSeq &&
      entry.kind === 'call' &&
      entry.channel === channel &&
      /^(chat|reactions\.(add|remove)|agents|assistant|files)\b/.test(entry.name),
  );
}

/** @returns the journal's end as lines. */
export function renderJournal(entries: readonly JournalEntry[], count: number): string[] {
  return entries.slice(-count).map(({ at, kind, name, channel, ts, ms, outcome, attempt }) => {
    const seconds = `${(at / 1_000).toFixed(3)}s`.padStart(9);
    const facts = [
      channel,
      ts,
      attempt && attempt > 1 ? `attempt ${attempt}` : '',
      ms === undefined ? '' : `${ms} ms`,
      outcome,
    ];
    return [seconds, kind.padEnd(9), name, ...facts.filter((fact) => fact !== undefined && fact !== '')].join(
      ' ',
    );
  });
}

const emojis: Readonly<Record<string, string>> = {
  eyes: '👀',
  tada: '🎉',
  turtle: '🐢',
  octagonal_sign: '🛑',
  white_check_mark: '✅',
  warning: '⚠️',
  thumbsup: '👍',
  '+1': '👍',
};

function emojiOf(name: string): string {
  return emojis[name] ?? `:${name}:`;
}

function clip(text: string): string {
  const [first = ''] = text.split('\n');
  return first.length > 40 ? `${first.slice(0, 40)}…` : first;
}
