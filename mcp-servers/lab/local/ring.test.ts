import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openRing, readRing } from './ring.ts';

async function tempFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'ring-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
}

describe('the log of a lab', () => {
  it('LAB-9: keeps the latest, in two files of bounded size', async () => {
    const folder = await tempFolder();
    const ring = openRing(folder, 1000);
    for (let i = 0; i < 500; i += 1) ring.write(`line ${i}\n`);
    ring.write(Buffer.alloc(5000, 'x'));
    ring.write('\nlast\n');
    const names = await readdir(folder);
    const sizes = await Promise.all(names.map(async (name) => (await stat(path.join(folder, name))).size));
    expect(names.sort()).toEqual(['app.log', 'app.log.1']);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(1000);
    expect(readRing(folder, 1)).toEqual(['last']);
  });

  it('LAB-9: the last lines over both files, without empty ones, long ones cut; also by a later writer', async () => {
    const folder = await tempFolder();
    expect(readRing(folder, 10)).toEqual([]);
    openRing(folder, 30).write('one\r\n\ntwo\n');
    const later = openRing(folder, 30);
    later.write('a line of 22 letters\n');
    later.write('four');
    expect(readRing(folder, 10)).toEqual(['one', 'two', 'a line of 22 letters', 'four']);
    expect(readRing(folder, 2)).toEqual(['a line of 22 letters', 'four']);
  });

  it('OUT-3: a line is cut between words: half a secret would not be masked', async () => {
    const folder = await tempFolder();
    const ring = openRing(folder, 100_000);
    ring.write(`${'word '.repeat(398)}a-secret-of-some-length and more\n`);
    expect(readRing(folder, 1)).toEqual([`${'word '.repeat(398)}…`]);
    ring.write(`${'x'.repeat(90_000)}secret\nlast\n`);
    expect(readRing(folder, 2)).toEqual(['last']);
  });
});
