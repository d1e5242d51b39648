import { renderBlock } from '../slack/render/blocks.ts';
import { readable } from '../slack/render/text.ts';
import type { StoredMessage } from '../slack/store/model.ts';
import type { World } from '../slack/store/world.ts';

/** The renderer needs names only; the rest of the Slack server's world is not handed out. */
export type Names = Pick<World, 'users' | 'channels'>;

/** @returns what a message says, blocks and files included, without its author and marks. */
export function renderMessageText(message: StoredMessage, names: Names): string {
  const world = names as World;
  const body =
    message.blocks.length > 0
      ? message.blocks.flatMap((block) => (isButtonRow(block) ? [] : renderBlock(world, block)))
      : readable(world, message.text).split('\n');
  const files = message.files.map(({ name, title, content }) => {
    const shown = title === '' || title === name ? name : `${name} “${title}”`;
    return `📎 ${shown} (${content.length} bytes)`;
  });
  const pings = message.pings.length > 0 ? [`🔔 This notifies ${message.pings.join(', ')}`] : [];
  return [...body, ...files, ...pings].join('\n').trim();
}

/** Buttons are listed below the message, with their numbers. */
function isButtonRow({ type, elements }: StoredMessage['blocks'][number]): boolean {
  if (type !== 'actions' && type !== 'context_actions') return false;
  return Array.isArray(elements) && elements.every((element: { type?: string }) => element.type === 'button');
}
