import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { maskBytes } from './mask-bytes.ts';
import { createRedactor } from './redactor.ts';
import { buildSecretShapes, findLeak } from './secret-shapes.ts';

const shapes = buildSecretShapes();
const own = shapes.filter((shape) => shape.own);
const secrets = own.map(({ name, secret }) => ({ name, value: secret }));
const text = shapes.map(({ name, text: shape }) => `${name}: "${shape}", naïve →\n`).join('\n');

describe('files masked aside', () => {
  const aside = createRedactor({ secrets, asideFromBytes: 0 });

  it.each<[string, Uint8Array]>([
    ['UTF-8', Buffer.from(text)],
    ['Latin-1', Buffer.from(text, 'latin1')],
    ['UTF-16', Buffer.from(`\ufeff${text}`, 'utf16le')],
    ['an archive', Buffer.from([...Buffer.from(own[0]?.secret ?? ''), ...Array(500).keys()])],
    ['nothing to mask', Buffer.from('All is well.')],
  ])('OUT-3: %s comes out as it does in place', async (name, content) => {
    const before = Buffer.from(content);
    const masked = Buffer.from(await aside.redactBytes(content));
    expect(masked.equals(maskBytes(content, aside))).toBe(true);
    expect(before.equals(content)).toBe(true);
    const shown = masked.toString(name === 'UTF-16' ? 'utf16le' : 'latin1');
    expect(own.filter((shape) => findLeak(shown, shape) !== null)).toEqual([]);
  });

  it('OUT-3: a secret added later is masked there too', async () => {
    const later = createRedactor({ secrets: [], asideFromBytes: 0 });
    later.add({ name: 'phrase', value: 'correct horse battery' });
    const masked = await later.redactBytes(Buffer.from('a correct horse battery staple'));
    expect(Buffer.from(masked).toString()).toBe('a [redacted:phrase] staple');
  });

  it('OUT-3: others are served while a large one is looked through', async () => {
    const redactor = createRedactor({ secrets });
    let masked: Uint8Array | null = null;
    const work = redactor.redactBytes(Buffer.from(text.repeat(Math.ceil(3_000_000 / text.length))));
    const done = work.then((bytes) => (masked = bytes));
    // In place there would be no turn at all before its end.
    for (let turns = 0; turns < 100; turns += 1) {
      await turn();
      expect(masked).toBeNull();
    }
    expect(Buffer.from(await done).includes(secrets[0]?.value ?? '')).toBe(false);
  });

  it('OUT-3: what takes too long is refused, not sent; the next is served', async () => {
    const hasty = createRedactor({ secrets, asideFromBytes: 100, asideWithinMs: 1 });
    const refused = hasty.redactBytes(Buffer.from(text));
    await expect(refused).rejects.toMatchObject({ code: 'file_unchecked' });
    const next = await aside.redactBytes(Buffer.from('fine'));
    expect(Buffer.from(next).toString()).toBe('fine');
  });
});
