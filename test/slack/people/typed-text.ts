import type { World } from '../store/world.ts';

/** What is Slack's markup already, so that tests can write `<@U_ANNA>` as well as `@anna`. */
const markup = /(<(?:[@#!]|https?:|mailto:)[^<>\n]*>)/;
const link = /https?:\/\/(?:[^\s&]|&amp;)+/;
const trailing = /(?<!&amp);$|[.,:!?)'"\]]+$/;

/**
 * What a client makes of typed text: `@name` of a known user becomes a mention, an address a link, and
 * stray `&`, `<` and `>` are escaped.
 */
export function typedText(world: World, text: string): string {
  return text
    .split(markup)
    .map((part, at) => (at % 2 === 1 ? part : typedPart(world, part)))
    .join('');
}

function typedPart(world: World, text: string): string {
  const escaped = text
    .replaceAll(/&(?!amp;|lt;|gt;)/g, '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
  return escaped
    .split(new RegExp(`(${link.source})`))
    .map((part, at) => (at % 2 === 1 ? linked(part) : mentioned(world, part)))
    .join('');
}

function linked(address: string): string {
  const tail = trailing.exec(address)?.[0] ?? '';
  const url = address.slice(0, address.length - tail.length);
  return `<${url}>${tail}`;
}

function mentioned(world: World, text: string): string {
  return text.replaceAll(/(?<!\w)@([\w-]+)/g, (all, name: string) => {
    const user = [...world.users.values()].find((one) => one.name.toLowerCase() === name.toLowerCase());
    return user ? `<@${user.id}>` : all;
  });
}
