import { isReply, rootOf, type StoredMessage } from '../store/model.ts';
import { displayName, type World } from '../store/world.ts';
import { renderBlock } from './blocks.ts';
import { readable } from './text.ts';

export interface TranscriptOptions {
  /** Replaces what differs from run to run, such as a footer's seconds. */
  readonly normalise?: (line: string) => string;
}

function marks(message: StoredMessage): string {
  const notes = [
    ...(message.edited ? ['(edited)'] : []),
    ...(message.stream?.state === 'open' ? ['(streaming)'] : []),
  ];
  if (message.reactions.length > 0) {
    const names = message.reactions.map(({ name, users }) =>
      users.length > 1 ? `${name} ${users.length}` : name,
    );
    notes.push(`[${names.join(', ')}]`);
  }
  return notes.length > 0 ? `  ${notes.join(' ')}` : '';
}

function fileLine(file: StoredMessage['files'][number]): string {
  const title = file.title === file.name || file.title === '' ? '' : ` "${file.title}"`;
  return `${file.name}${title} (${file.content.length} bytes)`;
}

/** @returns the lines of one message, the first one with its author. */
function renderMessage(world: World, message: StoredMessage): string[] {
  const author = message.username ?? displayName(world, message.user);
  const only = message.ephemeralTo === undefined ? '' : ` (only ${displayName(world, message.ephemeralTo)})`;
  const body =
    message.blocks.length > 0
      ? message.blocks.flatMap((block) => renderBlock(world, block))
      : message.text === ''
        ? []
        : readable(world, message.text).split('\n');
  const files = message.files.map(fileLine);
  if (message.subtype === 'tombstone') return [message.text];
  if (body.length === 0 && files.length > 0) {
    const [first = '', ...rest] = files;
    return [`${author} (file)${only}: ${first}${marks(message)}`, ...rest.map((line) => `  (file) ${line}`)];
  }
  const inline = /^(?:⌊ |\[)/.test(body[0] ?? '') ? [] : body.slice(0, 1);
  const rest = [...body.slice(inline.length), ...files.map((line) => `(file) ${line}`)];
  const head = `${author}${only}:${inline.map((line) => ` ${line}`).join('')}`;
  return [`${head}${marks(message)}`, ...rest.map((line) => (line === '' ? '' : `  ${line}`))];
}

function statusLines(world: World, channel: string, root: string): string[] {
  const status = world.statuses.get(`${channel}:${root}`);
  if (!status || (status.kind === 'session' && ['active', 'idle', 'closed'].includes(status.status)))
    return [];
  return [`status: ${status.status}`];
}

function threadLines(world: World, channel: string, root: string): string[] {
  const message = world.messages.get(channel, root);
  const replies = world.messages.replies(channel, root);
  const indent = (line: string) => (line === '' ? '' : `  ${line}`);
  return [
    ...(message ? renderMessage(world, message) : []),
    ...replies.flatMap((reply) => renderMessage(world, reply).map(indent)),
    ...statusLines(world, channel, root).map(indent),
  ];
}

/**
 * A channel or thread as a person sees it: no ts, no ids; the same in every run.
 * @param threadTs one thread only (a reply's ts stands for its root)
 */
export function renderTranscript(
  world: World,
  channelId: string,
  threadTs?: string,
  options: TranscriptOptions = {},
): string {
  const channel = world.channels.get(channelId);
  const person = [...(channel?.members ?? [])].find((member) => member !== world.id.botUserId) ?? '';
  const heading =
    channel?.kind === 'im' ? `@${displayName(world, person)} (DM)` : `#${channel?.name ?? channelId}`;
  const asked = threadTs === undefined ? undefined : world.messages.get(channelId, threadTs);
  const roots =
    threadTs === undefined
      ? world.messages.roots(channelId).map(({ ts }) => ts)
      : [asked && isReply(asked) ? rootOf(asked) : threadTs];
  const lines = [
    heading,
    ...roots.flatMap((root) => threadLines(world, channelId, root)),
    ...(threadTs === undefined ? statusLines(world, channelId, '') : []),
  ];
  return lines.map(options.normalise ?? ((line) => line)).join('\n') + '\n';
}
