/** Slack's own markup as a tree. Pure; the names of people and channels are put in when it is drawn. */
export type Inline =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'bold' | 'italic' | 'strike'; readonly inner: readonly Inline[] }
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: 'link'; readonly url: string; readonly label: string }
  | { readonly kind: 'user' | 'channel'; readonly id: string }
  | { readonly kind: 'broadcast'; readonly text: string }
  | { readonly kind: 'emoji'; readonly name: string };

export type Part =
  | { readonly kind: 'pre'; readonly text: string }
  | { readonly kind: 'quote' | 'paragraph'; readonly lines: readonly (readonly Inline[])[] };

/** @returns Slack's three escapes undone */
export function unescape(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}

/** @param text mrkdwn as the API has it: `<@U1>`, `&lt;`, `*bold*` */
export function parseMrkdwn(text: string): Part[] {
  const pieces = text.split(/```\n?([\s\S]*?)\n?```/);
  return pieces.flatMap((piece, at): Part[] => {
    if (at % 2 === 1)
      return [{ kind: 'pre', text: unescape(piece.replaceAll(/<([^>|]+)(?:\|[^>]*)?>/g, '$1')) }];
    const trimmed = at === 0 ? piece : piece.replace(/^\n/, '');
    return trimmed === '' ? [] : parseLines(trimmed.replace(/\n$/, ''));
  });
}

function parseLines(text: string): Part[] {
  const parts: { kind: 'quote' | 'paragraph'; lines: Inline[][] }[] = [];
  for (const line of text.split('\n')) {
    const quoted = /^&gt;\s?/.exec(line);
    const kind = quoted ? 'quote' : 'paragraph';
    const inner = parseInline(quoted ? line.slice(quoted[0].length) : line);
    const last = parts.at(-1);
    if (last?.kind === kind) last.lines.push(inner);
    else parts.push({ kind, lines: [inner] });
  }
  return parts;
}

const token = new RegExp(
  [
    /`(?<code>[^`\n]+)`/.source,
    /<(?<angle>[^<>\n]+)>/.source,
    /(?<![\w*])\*(?<bold>\S(?:[^*\n]*[^\s*])?)\*(?![\w*])/.source,
    /(?<![\w_])_(?<italic>\S(?:[^_\n]*[^\s_])?)_(?![\w_])/.source,
    /(?<![\w~])~(?<strike>\S(?:[^~\n]*[^\s~])?)~(?![\w~])/.source,
    /:(?<emoji>[a-z0-9_+-]+(?:::[a-z0-9-]+)?):/.source,
  ].join('|'),
  'g',
);

function parseInline(text: string): Inline[] {
  const result: Inline[] = [];
  let end = 0;
  for (const match of text.matchAll(token)) {
    if (match.index > end) result.push({ kind: 'text', text: unescape(text.slice(end, match.index)) });
    result.push(inlineOf(match));
    end = match.index + match[0].length;
  }
  if (end < text.length) result.push({ kind: 'text', text: unescape(text.slice(end)) });
  return result;
}

function inlineOf(match: RegExpMatchArray): Inline {
  const { code, angle, bold, italic, strike, emoji } = match.groups ?? {};
  if (code !== undefined) return { kind: 'code', text: unescape(code) };
  if (angle !== undefined) return parseAngle(angle);
  if (bold !== undefined) return { kind: 'bold', inner: parseInline(bold) };
  if (italic !== undefined) return { kind: 'italic', inner: parseInline(italic) };
  if (strike !== undefined) return { kind: 'strike', inner: parseInline(strike) };
  return { kind: 'emoji', name: emoji ?? '' };
}

function parseAngle(content: string): Inline {
  const [target = '', label] = content.split('|', 2);
  if (target.startsWith('@')) return { kind: 'user', id: target.slice(1) };
  if (target.startsWith('#')) return { kind: 'channel', id: target.slice(1) };
  if (target.startsWith('!date^')) return { kind: 'text', text: unescape(label ?? '') };
  if (target.startsWith('!')) {
    const name = target.slice(1).split('^')[0] ?? '';
    return { kind: 'broadcast', text: label ?? `@${name}` };
  }
  if (!/^(?:https?:|mailto:)/i.test(target)) return { kind: 'text', text: unescape(`<${content}>`) };
  return { kind: 'link', url: unescape(target), label: unescape(label ?? target.replace(/^mailto:/, '')) };
}
