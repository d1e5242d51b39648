/** Zero-width space: shown as nothing, and Slack no longer reads a mention. */
const zwsp = '\u200b';

/** Characters that are not seen, other than ours. */
const unseen =
  '[\\u00ad\\u034f\\u061c\\u180e\\u200c-\\u200f\\u202a-\\u202e\\u2060-\\u2064\\u2066-\\u206f\\ufe00-\\ufe0f\\ufeff]*';
const lessThan = '(?:[<\\uff1c\\ufe64]|&lt;?|&#0{0,5}60;?|&#[xX]0{0,5}3[cC];?)';
const at = '(?:[@\\uff20\\ufe6b]|&commat;|&#0{0,5}64;?|&#[xX]0{0,5}40;?)';
const bang = '(?:[!\\uff01\\ufe57]|&excl;|&#0{0,5}33;?|&#[xX]0{0,5}21;?)';
const hash = '(?:[#\\uff03\\ufe5f]|&num;|&#0{0,5}35;?|&#[xX]0{0,5}23;?)';

/** A word in any case, in full-width letters, or with unseen characters inside. */
function loosely(word: string): string {
  return Array.from(word, (letter) => {
    const wide = (char: string): string => String.fromCodePoint(char.charCodeAt(0) + 0xfee0);
    const capital = letter.toUpperCase();
    return `[${letter}${capital}${wide(letter)}${wide(capital)}]`;
  }).join(unseen);
}

const everybody = ['here', 'channel', 'everyone', 'group'].map(loosely).join('|');
/** `<!DOCTYPE html>` and the like are code, not commands. */
const markup = '(?:doctype|element|attlist|entity|notation)\\s';

const bracketed = new RegExp(
  `(${lessThan})(?=${unseen}\\\\?(?:${bang}${unseen}(?!${markup})[a-z\\uff21-\\uff5a]|${at}${unseen}[uwb\\uff35\\uff37\\uff22]|${hash}${unseen}[cgd\\uff23\\uff27\\uff24]))`,
  'gi',
);
const plain = new RegExp(`(${at})(?=${unseen}(?:${everybody})(?![A-Za-z0-9_]))`, 'g');

/**
 * Puts a zero-width space after each sigil that Slack could turn into a mention: `<!channel>`, `<!subteam^…>`,
 * `<@U…>`, `<#C…>`, `@here`, HTML-escaped and full-width too, inside code as well (whether Slack resolves them
 * there is not documented). Idempotent.
 */
export function neutralise(text: string): string {
  return text.replace(bracketed, `$1${zwsp}`).replace(plain, `$1${zwsp}`);
}

/** Strings that Slack never shows, and which have to arrive as they are. */
const unshown = new Set([
  'type',
  'url',
  'image_url',
  'thumb_url',
  'action_id',
  'block_id',
  'callback_id',
  'value',
  'id',
]);

/**
 * The same for the strings of blocks, attachments or any JSON value. Elements of rich text that mention by id
 * (`user`, `usergroup`, `broadcast`, `channel`) become text.
 */
export function neutraliseDeep<V>(value: V): V {
  return walk(value) as V;
}

function walk(value: unknown): unknown {
  if (typeof value === 'string') return neutralise(value);
  if (Array.isArray(value)) return value.map(walk);
  if (typeof value !== 'object' || value === null) return value;
  const fields = value as Record<string, unknown>;
  const mention = renderMention(fields);
  if (mention !== null) {
    const { style } = fields;
    return { type: 'text', text: neutralise(mention), ...(style === undefined ? {} : { style }) };
  }
  return Object.fromEntries(
    Object.entries(fields).map(([key, inner]) => {
      const asIs = unshown.has(key) && typeof inner === 'string';
      return [key, asIs ? inner : walk(inner)];
    }),
  );
}

/** @returns what a mentioning element says, as text; null for any other element */
function renderMention(element: Record<string, unknown>): string | null {
  const named = (sigil: string, name: unknown): string =>
    sigil + (typeof name === 'string' ? name : 'someone');
  if (element['type'] === 'user') return named('@', element['user_id']);
  if (element['type'] === 'usergroup') return named('@', element['usergroup_id']);
  if (element['type'] === 'broadcast') return named('@', element['range']);
  if (element['type'] === 'channel') return named('#', element['channel_id']);
  return null;
}
