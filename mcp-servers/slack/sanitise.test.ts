import { randomBytes } from 'node:crypto';
import { deflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { createRedactor } from '../kit/redact/redactor.ts';
import { createSanitiser } from './sanitise.ts';

/** Not real; built here so that no scanner finds one. */
const [ours, known] = [
  ['xo', 'xb-1234567890-1234567890123-abcdefghijklmnop'].join(''),
  ['gh', 'p_', 'a1B2'.repeat(9)].join(''),
];

describe('files on their way to Slack', () => {
  const sanitiser = createSanitiser(createRedactor({ secrets: [{ name: 'SLACK_BOT_TOKEN', value: ours }] }));
  const send = async (content: Uint8Array) =>
    Buffer.from((await sanitiser.file({ name: 'app.log', content })).content);
  const log = `started\nSLACK=${ours}\npush with ${known}\nähnlich\n`.repeat(5);

  it.each<[string, Uint8Array]>([
    ['UTF-8', Buffer.from(log)],
    ['UTF-8 and a NUL', Buffer.concat([Buffer.from(log), Buffer.from([0])])],
    ['UTF-8 and a broken byte', Buffer.concat([Buffer.from([0xc3]), Buffer.from(log)])],
    ['Latin-1', Buffer.from(log, 'latin1')],
    ['UTF-16', Buffer.from(`\ufeff${log}`, 'utf16le')],
  ])('OUT-3: a log in %s loses its secrets, and nothing else', async (name, content) => {
    const sent = await send(content);
    const read = sent.toString(name === 'UTF-16' ? 'utf16le' : 'latin1');
    expect(read).not.toContain(ours.slice(5));
    expect(read).not.toContain(known.slice(5));
    expect(read.match(/\[redacted:SLACK_BOT_TOKEN\]/g)).toHaveLength(5);
    const encoding = name === 'UTF-16' ? 'utf16le' : 'latin1';
    const unmasked = read
      .replaceAll('[redacted:SLACK_BOT_TOKEN]', ours)
      .replaceAll(/\[redacted:[\w-]+\]/g, known);
    expect(Buffer.from(unmasked, encoding).equals(content)).toBe(true);
  });

  it('OUT-3: an archive arrives as it is; one with a secret of ours in it does not bring that', async () => {
    const archive = deflateSync(randomBytes(100_000));
    expect((await send(archive)).equals(archive)).toBe(true);
    const dump = Buffer.concat([randomBytes(2000), Buffer.from(ours), randomBytes(2000)]);
    expect((await send(dump)).includes(ours.slice(5))).toBe(false);
  });
});
