import { describe, expect, it } from 'vitest';
import { toReadable } from './readable-files.ts';

const read = (name: string, mime: string, content: Uint8Array) => {
  const file = toReadable({ ok: true, name, mime, content });
  return file.ok ? [file.mime, Buffer.from(file.content).toString()] : file.reason;
};
const binary = Buffer.from([0x50, 0x4b, 3, 4, 0xff, 0xfe, 0, 1]);

describe('files a model can be given', () => {
  it.each([
    ['LICENSE', 'application/octet-stream'],
    ['notes.md', 'text/markdown'],
    ['data.json', 'application/json'],
    ['logo.svg', 'image/svg+xml'],
  ])('IN-3: %s (%s) is text, by what is in it', (name, mime) => {
    expect(read(name, mime, Buffer.from('déjà {}'))).toEqual(['text/plain', 'déjà {}']);
  });

  it('IN-3: text of another encoding stays text', () => {
    expect(read('out.log', 'application/octet-stream', Buffer.from('\uFEFFfailed', 'utf16le'))).toEqual([
      'text/plain',
      'failed',
    ]);
    expect(read('old.log', 'text/plain', Buffer.from([0x66, 0xe9]))).toEqual(['text/plain', 'f\uFFFD']);
  });

  it('IN-3: pictures, sound and PDF go as they are; for others OpenCode has no words, so they are named', () => {
    for (const mime of ['image/png', 'application/pdf', 'audio/mpeg', 'video/mp4'])
      expect(read('a', mime, binary)).toEqual([mime, binary.toString()]);
    expect(read('all.zip', 'application/zip', binary)).toMatch(/^it is neither text nor .*application\/zip/);
    const gone = { ok: false, name: 'b', reason: 'Slack answered 404' } as const;
    expect(toReadable(gone)).toBe(gone);
    expect(read('empty.txt', 'text/plain', Buffer.alloc(0))).toBe('it is empty');
  });

  it('IN-3: of a text that no context takes both ends are given, and what is missing is said', () => {
    const [, text = ''] = read('big.log', 'text/plain', Buffer.from(`first${'x'.repeat(300_000)}last`));
    expect(text).toMatch(/^first/);
    expect(text).toMatch(/last$/);
    expect(text).toContain('… 200009 characters left out here …');
    expect(text.length).toBeLessThan(100_100);
  });
});
