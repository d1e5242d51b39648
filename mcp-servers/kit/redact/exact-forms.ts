/** The text as one of its readings; all readings keep positions, so that a find can be masked in the original. */
type Reading = 'as-is' | 'hex' | 'base64';

/** One way a secret may be written down. */
export interface SecretForm {
  readonly reading: Reading;
  /** What to look for in that reading. */
  readonly needle: string;
  /** Characters before and after the needle that carry the secret's first and last bits as well. */
  readonly before: number;
  readonly after: number;
}

/**
 * All forms of a secret we hold: itself, JSON-escaped (also twice, also Go's `\u003c`), HTML-escaped,
 * URL-encoded, hex, and base64 at each of the three alignments it can have inside a longer encoded text.
 */
export function buildForms(value: string): SecretForm[] {
  const json = escapeJson(value);
  const url = encodeURIComponent(value.toWellFormed());
  const form = new URLSearchParams([['', value.toWellFormed()]]).toString().slice(1);
  const texts = [
    value,
    json,
    escapeJson(json),
    json.replace(/[<>&]/g, (char) => `\\u00${char.charCodeAt(0).toString(16)}`),
    value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;'),
    url,
    lowerPercents(url),
    form,
    lowerPercents(form),
  ];
  const forms: SecretForm[] = texts.map((needle) => ({ reading: 'as-is', needle, before: 0, after: 0 }));
  forms.push({ reading: 'hex', needle: Buffer.from(value).toString('hex'), before: 0, after: 0 });
  for (const alignment of [0, 1, 2]) forms.push(...buildBase64Forms(value, alignment));
  const seen = new Set<string>();
  return forms.filter(({ reading, needle }) => {
    const key = `${reading} ${needle}`;
    return seen.has(key) ? false : seen.add(key);
  });
}

/** @returns the text in which needles of that reading are looked for; same length as `text` */
export function readAs(reading: Reading, text: string): string {
  if (reading === 'hex') {
    const lower = text.toLowerCase();
    // One letter (İ) becomes two, which would move all after it.
    return lower.length === text.length ? lower : text.replace(/[A-F]/g, (char) => char.toLowerCase());
  }
  if (reading === 'base64') return text.replaceAll('-', '+').replaceAll('_', '/');
  return text;
}

/** Only the characters that the secret alone decides; those it shares with its neighbours are `before` and `after`. */
function buildBase64Forms(value: string, alignment: number): SecretForm[] {
  const bytes = Buffer.concat([Buffer.alloc(alignment), Buffer.from(value)]);
  const encoded = bytes.toString('base64');
  const first = Math.ceil((alignment * 8) / 6);
  const last = Math.floor((bytes.length * 8) / 6);
  const needle = encoded.slice(first, last);
  const before = alignment === 0 ? 0 : 1;
  const after = encoded.length > last ? 1 : 0;
  const url = encodeURIComponent(needle);
  return [
    { reading: 'base64', needle, before, after },
    { reading: 'as-is', needle: url, before, after },
    { reading: 'as-is', needle: lowerPercents(url), before, after },
  ];
}

function escapeJson(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

function lowerPercents(text: string): string {
  return text.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase());
}
