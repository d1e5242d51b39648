import { mkdir, mkdtemp, readdir, readFile, rm, rmdir, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLog } from '../mcp-servers/kit/log.ts';
import { openAudit } from './audit.ts';

/** All lines, oldest first: `audit.jsonl` is the newest file. */
async function readAll(folder: string): Promise<string> {
  const names = (await readdir(folder)).toSorted((a, b) => b.length - a.length || (a < b ? -1 : 1));
  return (await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')))).join('');
}

const entry = (target: string) => ({ person: 'U1', action: 'message', target, outcome: 'turn begun' });

describe('the audit log', () => {
  let folder: string;
  let said: string;
  const log = createLog({
    level: 'info',
    redact: (line) => line,
    destination: { write: (line) => void (said += line) },
  });
  beforeEach(async () => {
    said = '';
    folder = await mkdtemp(join(tmpdir(), 'frontdesk-audit-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('IN-11: lines in the order they were written, without secrets, for its owner alone', async () => {
    const file = join(folder, 'audit.jsonl');
    {
      await using audit = openAudit(file, { redact: (line) => line.replaceAll('hunter2', '…'), log });
      for (let at = 0; at < 200; at += 1) audit.write(entry(`hunter2 ${at}`));
    }
    const lines = (await readFile(file, 'utf8')).trim().split('\n');
    expect(lines.map((line) => (JSON.parse(line) as { target: string }).target)).toEqual(
      Array.from({ length: 200 }, (_, at) => `… ${at}`),
    );
    expect((await stat(file)).mode & 0o777).toBe(0o600);
  });

  it('IN-11: a full file is put aside under the next number, over restarts, and no line is lost', async () => {
    const file = join(folder, 'audit.jsonl');
    // Not ours: passed over.
    await writeFile(join(folder, 'audit.old.jsonl'), '');
    for (let life = 0; life < 3; life += 1) {
      await using audit = openAudit(file, { redact: (line) => line, log, fullBytes: 300 });
      for (let at = 0; at < 6; at += 1) {
        const target = `${life}/${at}`;
        audit.write(entry(target));
        await expect.poll(() => readAll(folder)).toContain(`"${target}"`);
      }
    }
    const names = (await readdir(folder)).toSorted();
    expect(names.slice(0, 4)).toEqual([
      'audit.0001.jsonl',
      'audit.0002.jsonl',
      'audit.0003.jsonl',
      'audit.0004.jsonl',
    ]);
    const lines = (await readAll(folder)).trim().split('\n');
    expect(lines.map((line) => (JSON.parse(line) as { target: string }).target)).toEqual(
      [0, 1, 2].flatMap((life) => Array.from({ length: 6 }, (_, at) => `${life}/${at}`)),
    );
    for (const name of names) expect((await stat(join(folder, name))).size).toBeLessThan(500);
  });

  it('OP-4: a disk that takes nothing does not end the service, and what waited is written once it can be', async () => {
    // A folder in its place refuses every write, whoever runs this.
    const file = join(folder, 'audit.jsonl');
    await mkdir(file);
    await using audit = openAudit(file, { redact: (line) => line, log, retryMs: 20 });
    audit.write(entry('one'));
    await expect.poll(() => said).toContain('audit.write.failed');
    audit.write(entry('two'));
    await rmdir(file);
    await expect.poll(async () => await readFile(file, 'utf8').catch(() => '')).toContain('"two"');
    const lines = (await readFile(file, 'utf8')).trim().split('\n');
    expect(lines.map((line) => (JSON.parse(line) as { target: string }).target)).toEqual(['one', 'two']);
  });
});
