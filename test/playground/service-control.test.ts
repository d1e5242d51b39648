import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createService } from '../try/service.ts';
import { createServiceControl } from './service-control.ts';
import type { ServiceState } from './service-state.ts';

/** A service that says it is ready, with a child that stands for OpenCode. */
const script = `
  const { spawn } = require('node:child_process');
  const say = (msg, fields) => console.log(JSON.stringify({ level: 'info', ...fields, msg }));
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
  child.once('exit', (code, signal) => say('opencode.process.ended', { reason: signal }));
  say('opencode.process.ready', { pid: child.pid });
  setInterval(() => {}, 1000);
  say('frontdesk.ready', { resumed: 0 });`;

function controlled() {
  const stateDir = mkdtempSync(join(tmpdir(), 'playground-service-'));
  onTestFinished(() => rmSync(stateDir, { recursive: true, force: true }));
  const control = createServiceControl({ allowed: ['U_ANNA'] });
  const service = createService({
    command: [process.execPath, '-e', script],
    env: {},
    logFile: join(stateDir, 'log'),
    onLine: control.log,
  });
  control.attach(service);
  onTestFinished(() => service[Symbol.asyncDispose]());
  const post = (what: string) => control.routes['POST service']?.({ do: what }) as ServiceState;
  return { control, service, post };
}

describe('the service in the hands of the page', () => {
  it('OP-3: tells how it is, and is killed, stopped and started', async () => {
    const { control, post } = controlled();
    expect(control.state()).toMatchObject({ state: 'off', pid: undefined, allowed: ['U_ANNA'] });
    await control.start();
    const first = control.state();
    expect(first).toMatchObject({ state: 'ready', starts: 1 });
    expect(first.openCodePid).toBeGreaterThan(0);

    expect(post('kill').state).toBe('stopping');
    expect(() => post('restart')).toThrow('the service is stopping');
    await expect.poll(() => control.state().starts).toBe(2);
    expect(control.state().pid).not.toBe(first.pid);

    post('stop');
    await expect.poll(() => control.state().state).toBe('off');
    expect(() => post('kill')).toThrow('the service is not running');
    post('start');
    await expect.poll(() => control.state().state).toBe('ready');
    expect(control.state().lines.map(({ text }) => text)).toContain('The service is stopped (SIGTERM).');
  });

  it('OP-3: kills OpenCode alone', async () => {
    const { control, post } = controlled();
    await control.start();
    const { pid } = control.state();
    post('kill-opencode');
    await expect.poll(() => control.state().lines.at(-1)?.text).toContain('OpenCode is gone (SIGKILL)');
    expect(control.state()).toMatchObject({ state: 'ready', pid, openCodePid: undefined });
    expect(() => post('kill-opencode')).toThrow('OpenCode does not run');
  });

  it('refuses what it does not know, and works before there is a service', () => {
    const control = createServiceControl({ allowed: [] });
    const post = control.routes['POST service'];
    expect(control.routes['GET service']?.({})).toMatchObject({ state: 'off' });
    expect(() => post?.({ do: 'start' })).not.toThrow();
    expect(() => post?.({ do: 'format-disk' })).toThrow('Invalid option');
  });
});
