import { str, type Json } from '../store/model.ts';
import { displayName, type World } from '../store/world.ts';

function inline(world: World, element: Json): string {
  switch (element['type']) {
    case 'text':
      return str(element['text']);
    case 'link':
      return element['text'] === undefined
        ? str(element['url'])
        : `${str(element['text'])} (${str(element['url'])})`;
    case 'user':
      return `@${displayName(world, str(element['user_id']))}`;
    case 'channel':
      return `#${world.channels.get(str(element['channel_id']))?.name ?? str(element['channel_id'])}`;
    case 'emoji':
      return `:${str(element['name'])}:`;
    case 'broadcast':
      return `@${str(element['range'])}`;
    default:
      return str(element['text'] ?? element['fallback']);
  }
}

function children(element: Json): Json[] {
  return Array.isArray(element['elements']) ? (element['elements'] as Json[]) : [];
}

/** @returns a rich_text block as lines: lists with marks, quotes with `>`, code in fences. */
export function richText(world: World, block: Json): string[] {
  return children(block).flatMap((part) => {
    const lines = () =>
      children(part)
        .map((element) => inline(world, element))
        .join('')
        .split('\n');
    switch (part['type']) {
      case 'rich_text_list': {
        const pad = '  '.repeat(Number(part['indent'] ?? 0));
        const items = children(part).map((item) =>
          children(item)
            .map((element) => inline(world, element))
            .join(''),
        );
        return items.map((text, at) => `${pad}${part['style'] === 'ordered' ? `${at + 1}.` : '•'} ${text}`);
      }
      case 'rich_text_quote':
        return lines().map((line) => `> ${line}`);
      case 'rich_text_preformatted':
        return ['```', ...lines(), '```'];
      default:
        return lines();
    }
  });
}
