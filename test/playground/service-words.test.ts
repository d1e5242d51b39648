import { describe, expect, it } from 'vitest';
import { sayLogLine } from './service-words.ts';

const line = (msg: string, fields: object = {}, level = 'info') =>
  JSON.stringify({ level, time: '2026-01-02T03:04:05.678Z', ...fields, msg });

describe('the service in plain words', () => {
  it.each([
    [line('frontdesk.ready', { resumed: 0 }), 'The service serves.'],
    [line('frontdesk.ready', { resumed: 2 }), 'The service serves; 2 thread(s) go on.'],
    [line('opencode.process.ready', { pid: 12 }), 'OpenCode is up (pid 12).'],
    [
      line('opencode.process.ended', { reason: 'OpenCode ended (SIGKILL). opencode listening on …' }),
      'OpenCode is gone (OpenCode ended (SIGKILL)); it is started again.',
    ],
    [line('turn.ended', { outcome: 'done' }), 'A turn is done.'],
    [line('turn.ended', { outcome: 'stopped' }), 'A turn ended: stopped.'],
    [line('turn.interrupted.continuing', {}, 'warn'), 'A turn that was cut off goes on.'],
    ['Error: plain text', 'Error: plain text'],
  ])('%s', (logged, said) => {
    expect(sayLogLine(logged)).toBe(said);
  });

  it('what has no words is shown as it is when it warns, and not at all otherwise', () => {
    expect(sayLogLine(line('thread.new.thing', { code: 7 }, 'warn'))).toBe(
      '03:04:05.678 warn thread.new.thing code=7',
    );
    expect(sayLogLine(line('thread.new.thing'))).toBeUndefined();
    expect(sayLogLine('')).toBeUndefined();
    const connected = (connections: number) => sayLogLine(line('slack.socket.connected', { connections }));
    expect([connected(1), connected(2)]).toEqual(['Connected to Slack.', undefined]);
  });
});
