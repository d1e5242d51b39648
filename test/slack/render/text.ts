import { displayName, type World } from '../store/world.ts';

/** Characters a person does not see: zero-width space, joiners, byte order mark. */
const invisible = /[\u200B\u2060\uFEFF]/g;

/** @returns Slack's text as a person reads it: names for ids, links with their label, no escapes. */
export function readable(world: World, text: string): string {
  return text
    .replaceAll(/<@([UW][A-Z0-9_]*)(?:\|[^>]*)?>/g, (_all, id: string) => `@${displayName(world, id)}`)
    .replaceAll(
      /<#([CG][A-Z0-9_]*)(?:\|[^>]*)?>/g,
      (_all, id: string) => `#${world.channels.get(id)?.name ?? id}`,
    )
    .replaceAll(/<!(channel|here|everyone)(?:\|[^>]*)?>/g, '@$1')
    .replaceAll(
      /<!subteam\^([^>|]+)(?:\|([^>]*))?>/g,
      (_all, id: string, label?: string) => label ?? `@${id}`,
    )
    .replaceAll(/<!date\^[^>|]*\|([^>]*)>/g, '$1')
    .replaceAll(/<((?:https?|mailto):[^>|]+)\|([^>]*)>/g, '$2 ($1)')
    .replaceAll(/<((?:https?|mailto):[^>|]+)>/g, '$1')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
    .replaceAll(invisible, '');
}
