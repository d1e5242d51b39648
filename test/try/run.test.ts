import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startSlackServer } from '../slack/server.ts';
import { findLeftovers } from './leftovers.ts';
import { pipeTry } from '../support/pipe-try.ts';
import { runTry } from './run.ts';

const sampleService: readonly [string, ...string[]] = [
  process.execPath,
  join(import.meta.dirname, 'sample-service.ts'),
  'start',
];

/** As {@link pipeTry}, with the smallest service, and without what changes from run to run. */
async function pipe(lines: readonly string[], { command = sampleService } = {}) {
  const { code, text, stateDir } = await pipeTry(lines, { command });
  return { code, text: text.replaceAll(stateDir, '<state>'), stateDir };
}

/** Runs it until its input ends or `abort`; @returns what it prints while it runs. */
function beside(buildPage: (() => Promise<string>) | undefined, lines: string[] = [], port = 0) {
  const output = new PassThrough();
  const chunks: string[] = [];
  output.on('data', (chunk: Buffer) => chunks.push(chunk.toString()));
  const ending = new AbortController();
  const input = Readable.from(lines);
  const env = { ...process.env, CI: 'true' };
  const { signal } = ending;
  const ended = runTry({ env, input, output, signal, command: sampleService, buildPage, port });
  return { printed: () => chunks.join(''), ended, abort: () => ending.abort() };
}

async function builtPage(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'try-page-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, 'index.html'), '<!doctype html>');
  return folder;
}

describe('npm run try', () => {
  it('OP-3: a conversation in a pipe, each line after the bot has finished', async () => {
    const { code, text, stateDir } = await pipe([
      'hello',
      'more',
      '1',
      '/as stranger',
      'let me in',
      '/as ben',
      '/edit nothing to edit',
      '/dm',
      'psst',
      '/click 9',
      '/channel',
      '/new',
      '@frontdesk once',
      '/journal 2',
      '/quit',
    ]);
    expect(code).toBe(0);
    // Once as it happened, once in the transcript at the end.
    expect(text.split('── #dev › @Frontdesk hello ──\nAnna: @Frontdesk hello')).toHaveLength(3);
    expect(text).toContain('Frontdesk: You said: hello\n    [1: Again]');
    expect(text).toContain('(Anna presses [Again])');
    expect(text).toContain('~ Frontdesk (edited): Said again.');
    expect(text).toContain('You are Stranger, who is not on the allowlist: expect silence.');
    expect(text).not.toContain('You said: let me in');
    expect(text).toContain('Ben has not said anything here yet.');
    expect(text).toContain('── DM of Ben and Frontdesk ──\nBen: psst\n');
    expect(text).toContain('There is no button 9.');
    expect(text).toContain('Ben: @Frontdesk once');
    expect(findLeftovers(stateDir)).toEqual([]);
    expect(readdirSync(stateDir)).toEqual(['service.log', 'slack.json', 'work']);
    // Another run there goes on in the thread, and an earlier button can be pressed.
    const again = await pipeTry(['/click Again', 'and more', '/quit'], { command: sampleService, stateDir });
    expect(again.text).toMatch(
      /── #dev › @Frontdesk once ──\nBen: @Frontdesk once\n[\s\S]*\nAnna: and more\n/,
    );
    expect(again.text).toContain('(Anna presses [Again])');
    expect(again.text).toContain('You said: and more');
  });

  it('OP-3: survives /restart, and says what to do when the service ends by itself', async () => {
    const { code, text, stateDir } = await pipe(['hello', '/restart', 'again', 'crash', '/log', '/quit']);
    expect(text).toMatch(/\(kill -9 \d+\)\n\(the service runs again, pid \d+\)/);
    expect(text).toContain('You said: again');
    expect(text).toContain('The service ended with code 7.');
    expect(text).toContain('/restart starts it again');
    expect(text).toContain('All of it: <state>/service.log');
    expect(code).toBe(1);
    expect(findLeftovers(stateDir)).toEqual([]);
  });

  it('OP-3: with a page, says first where it is, then in plain words what the service does', async () => {
    const { printed, ended, abort } = beside(async () => await builtPage());
    await expect.poll(printed).toContain('The service serves.');
    const url = /http:\S+(?=\/\n)/.exec(printed())?.[0] ?? '';
    expect(printed().indexOf(url)).toBe('Slack in your browser: '.length);
    expect(await (await fetch(url)).text()).toBe('<!doctype html>');
    const state = (await (await fetch(`${url}/control/service`)).json()) as object;
    expect(state).toMatchObject({ state: 'ready', starts: 1, allowed: ['U_ANNA', 'U_BEN'] });
    const kill = { method: 'POST', body: '{"do":"kill"}' };
    expect((await fetch(`${url}/control/service`, kill)).status).toBe(200);
    await expect.poll(printed).toMatch(/kill -9 \d+[\s\S]*The service serves\./);
    abort();
    expect(await ended).toBe(0);
  });

  it('OP-3: where the page cannot be built, says so and talks in the terminal', async () => {
    const { printed, ended } = beside(async () => {
      throw new Error('no vite here');
    }, ['hello\n']);
    expect(await ended).toBe(0);
    expect(printed()).toContain('The page could not be built (no vite here), so talk here in the terminal.');
    expect(printed()).toContain('Frontdesk: You said: hello');
  });

  it('OP-3: a port that is taken is said in words', async () => {
    await using slack = await startSlackServer();
    const { printed, ended } = beside(undefined, [], Number(new URL(slack.url).port));
    expect(await ended).toBe(1);
    expect(printed()).toMatch(/^Port \d+ is taken; give another one with --port\.\n$/);
  });

  it('OP-3: one that runs in the same state folder is left alone', async () => {
    const stateDir = mkdtempSync(join(tmpdir(), 'try-shared-'));
    const env = { FRONTDESK_STATE_DIR: join(stateDir, 'state') };
    const other = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e6)'], { env });
    onTestFinished(() => void other.kill('SIGKILL'));
    await once(other, 'spawn');
    const command: readonly [string, ...string[]] = [process.execPath, '-e', 'throw new Error("in use")'];
    const { code, text } = await pipeTry([], { command, stateDir });
    expect([code, text]).toEqual([1, expect.stringContaining('in use')]);
    expect(text).not.toContain('Ending what was left running');
    expect([other.exitCode, other.signalCode]).toEqual([null, null]);
  });

  it('OP-3: shows why the service did not start', async () => {
    const { code, text } = await pipe([], {
      command: [process.execPath, '-e', 'throw new Error("no luck")'],
    });
    expect(code).toBe(1);
    expect(text).toContain('Error: no luck');
    expect(text).toContain('The whole log: <state>/service.log');
  });
});
