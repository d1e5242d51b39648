import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { findLeftovers } from './leftovers.ts';
import { readableLogLine } from './log-lines.ts';
import { createService } from './service.ts';

const ready = `console.log(JSON.stringify({level:'info',msg:'frontdesk.ready'}));`;
const stay = `setInterval(() => {}, 1000);`;
const stubborn = `process.on('SIGTERM', () => {});`;
/** A grandchild as OpenCode is one: it outlives its parent unless somebody ends it. */
const grandchild = `require('node:child_process').spawn(process.execPath, ['-e', '${stay}'], { stdio: 'ignore' });`;

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'try-service-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

function serviceOf(script: string, rest: { readyWithinMs?: number; endWithinMs?: number } = {}) {
  const stateDir = temporaryFolder();
  const logFile = join(stateDir, 'log');
  const exits: string[] = [];
  const service = createService({
    command: [process.execPath, '-e', script],
    env: { FRONTDESK_STATE_DIR: stateDir },
    logFile,
    onExit: (how, lines) => exits.push([how, ...lines].join('|')),
    ...rest,
  });
  return { service, exits, stateDir, log: () => readFileSync(logFile, 'utf8') };
}

describe('try: the service as a child process', () => {
  it('OP-4: starts, logs to the file and ends on SIGTERM with nothing left', async () => {
    const { service, exits, stateDir, log } = serviceOf(`${ready}${grandchild}${stay}`);
    await service.start();
    await expect.poll(() => findLeftovers(stateDir).length).toBe(2);
    expect(await service.stop()).toBe('ended');
    await expect.poll(() => findLeftovers(stateDir)).toEqual([]);
    await service[Symbol.asyncDispose]();
    expect(log()).toContain('frontdesk.ready');
    expect(exits).toEqual([]);
    expect(await service.stop()).toBe('was not running');
  });

  it('OP-4: kills what does not end in time', async () => {
    const { service, stateDir } = serviceOf(`${stubborn}${ready}${stay}`, { endWithinMs: 50 });
    await service.start();
    expect(await service.stop()).toBe('killed');
    await expect.poll(() => findLeftovers(stateDir)).toEqual([]);
    await service[Symbol.asyncDispose]();
  });

  it('can be killed and started again; both generations end', async () => {
    const { service, exits, stateDir } = serviceOf(`${grandchild}${ready}${stay}`);
    await service.start();
    const first = service.pid;
    await service.kill();
    expect(service.pid).toBeUndefined();
    await service.start();
    expect(service.pid).not.toBe(first);
    expect(exits).toEqual([]);
    await service[Symbol.asyncDispose]();
    await expect.poll(() => findLeftovers(stateDir)).toEqual([]);
  });

  it('shows the last log lines when it does not start', async () => {
    const { service } = serviceOf(`console.error('SLACK_BOT_TOKEN is missing'); process.exit(3)`);
    await expect(service.start()).rejects.toThrow(/ended with code 3[\s\S]*SLACK_BOT_TOKEN is missing/);
    await service[Symbol.asyncDispose]();
  });

  it('gives up on one that never gets ready, or is not there', async () => {
    const { service } = serviceOf(stay, { readyWithinMs: 20 });
    await expect(service.start()).rejects.toThrow('was not ready within 0.02 s');
    await service[Symbol.asyncDispose]();
    const logFile = join(temporaryFolder(), 'log');
    const missing = createService({ command: ['/nowhere/node'], env: {}, logFile });
    await expect(missing.start()).rejects.toThrow('could not be started');
    await missing[Symbol.asyncDispose]();
  });

  it('asks the service itself whether it is idle', async () => {
    const metrics = `
      let depth = 2;
      const server = require('node:http').createServer((_, res) => res.end('turns_running 0\\noutbox_depth ' + depth--));
      server.listen(0, '127.0.0.1', () => {
        const url = 'http://127.0.0.1:' + server.address().port;
        console.log(JSON.stringify({ url, msg: 'frontdesk.ready' }));
      });`;
    const { service } = serviceOf(metrics);
    await service.start();
    expect([await service.isIdle(), await service.isIdle(), await service.isIdle()]).toEqual([
      false,
      false,
      true,
    ]);
    await service.stop();
    expect(await service.isIdle()).toBe(false);
    await service[Symbol.asyncDispose]();
    const { service: silent } = serviceOf(`${ready}${stay}`);
    await silent.start();
    expect(await silent.isIdle()).toBe(true);
    await silent[Symbol.asyncDispose]();
  });

  it('tells when it ends by itself', async () => {
    const { service, exits } = serviceOf(`${ready} setTimeout(() => { throw new Error('boom') }, 30);`);
    await service.start();
    await expect.poll(() => exits.join()).toMatch(/^ended with code 1\|.*frontdesk\.ready\|[\s\S]*boom/);
    await service[Symbol.asyncDispose]();
  });
});

describe('try: log lines', () => {
  it('are shortened for people and left alone when they are not JSON', () => {
    const entry = {
      level: 'error',
      time: '2026-01-02T03:04:05.678Z',
      code: 7,
      err: { message: 'no' },
      msg: 'a.b.failed',
    };
    expect(readableLogLine(JSON.stringify(entry))).toBe('03:04:05.678 error a.b.failed code=7 err=no');
    expect(readableLogLine('{broken')).toBe('{broken');
    expect(readableLogLine('plain')).toBe('plain');
  });
});
