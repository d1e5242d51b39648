import type { Block, Json } from '../store/model.ts';

const pingPattern =
  /<!(?:channel|here|everyone)(?:\|[^>]*)?>|<!subteam\^[^>]+>|<@[UW][A-Z0-9_]*(?:\|[^>]*)?>|(?<![\w.])@(?:here|channel|everyone)\b/gi;

/** @returns every part of a text that Slack would turn into a notification, escaped text excluded. */
function pingsInText(text: string): string[] {
  return text.match(pingPattern) ?? [];
}

/**
 * Walks blocks and returns what would notify somebody. `plain_text` and rich text's `text` elements are not
 * parsed by Slack and so cannot; rich text's user, usergroup and broadcast elements do. Whether the
 * `markdown` block resolves `<!channel>` is not documented, so it counts.
 */
function pingsInBlocks(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(pingsInBlocks);
  if (typeof value !== 'object' || value === null) return [];
  const node = value as Json;
  switch (node['type']) {
    case 'plain_text':
    case 'raw_text':
    case 'text':
    case 'link':
      return [];
    case 'mrkdwn':
    case 'markdown':
      return typeof node['text'] === 'string' ? pingsInText(node['text']) : [];
    case 'user':
      return [`<@${String(node['user_id'])}>`];
    case 'usergroup':
      return [`<!subteam^${String(node['usergroup_id'])}>`];
    case 'broadcast':
      return [`<!${String(node['range'])}>`];
    default:
      return Object.values(node).flatMap(pingsInBlocks);
  }
}

/** @returns the distinct pings of a whole message, file names and titles included. */
export function pingsIn(content: {
  text: string;
  blocks: readonly Block[];
  attachments?: readonly Json[];
  files?: readonly { name: string; title: string }[];
}): string[] {
  const { text, blocks, attachments = [], files = [] } = content;
  const attached = attachments.flatMap((attachment) =>
    Object.values(attachment).flatMap((value) =>
      typeof value === 'string' ? pingsInText(value) : pingsInBlocks(value),
    ),
  );
  const named = files.flatMap(({ name, title }) => [...pingsInText(name), ...pingsInText(title)]);
  return [...new Set([...pingsInText(text), ...pingsInBlocks(blocks), ...attached, ...named])];
}
