import { tmpdir } from 'node:os';
import { describe, expect, it } from 'vitest';
import { createRun, failed, lastWords, maskAddress } from './run.ts';

const cwd = tmpdir();
const run = createRun({ PATH: process.env.PATH, HOME: '/h', SLACK_BOT_TOKEN: 'xoxb', GITHUB_TOKEN: 'ghp' });

describe('running programs', () => {
  it('OP-5: they know nothing of our tokens', async () => {
    const { stdout } = await run('env', [], { cwd });
    expect(stdout).toContain('HOME=/h');
    expect(stdout).not.toMatch(/xoxb|ghp/);
  });

  it('WS-2: one that takes too long is ended with all that it started, and says so', async () => {
    const script = '(trap "" TERM; while :; do sleep 0.05; done) & echo begun; wait';
    const result = await run('sh', ['-c', script], { cwd, timeoutMs: 200 });
    expect(result).toMatchObject({ ok: false, timedOut: true, stdout: 'begun\n' });
    expect(lastWords(result)).toMatch(/^It took too long and was ended\./);
  });

  it('WS-2: output beyond the limit ends it', async () => {
    const result = await run('yes', [], { cwd, maxOutput: 1000 });
    expect(result).toMatchObject({ ok: false, cut: true });
    expect(result.stdout).toHaveLength(1000);
  });

  it('WS-2: causes are told in words', async () => {
    const missing = await run('no-such-program', [], { cwd });
    expect(failed('Doing it', missing).detail).toBe('Doing it: the program is not installed.');
    const full = await run('sh', ['-c', 'echo "fatal: write error: No space left on device" >&2; exit 1'], {
      cwd,
    });
    expect(failed('Doing it', full).detail).toContain('the disk is full');
    const silent = await run('sh', ['-c', 'exit 3'], { cwd });
    expect(failed('Doing it', silent).detail).toBe('Doing it: exit code 3');
    expect(maskAddress("to 'https://u:p@host/x'")).toBe("to 'https://host/x'");
  });
});
