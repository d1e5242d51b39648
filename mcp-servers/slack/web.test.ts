import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { createSilentLog } from '../kit/log.ts';
import { createSlackWeb } from './web.ts';

describe('Slack’s own clock', () => {
  it('IN-5: is told by its answers, in whole milliseconds, and is ours before the first', async () => {
    const server = createServer((_, response) => {
      response.writeHead(200, { date: 'Fri, 01 Jan 2038 10:00:00 GMT' }).end('{"ok":true}');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const apiUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/`;
    const web = createSlackWeb({ token: 'xoxb-test', apiUrl, log: createSilentLog() });
    try {
      expect(Math.abs(web.slackNow() - Date.now())).toBeLessThan(1000);
      await web.call('api.test');
      const told = Date.UTC(2038, 0, 1, 10);
      expect(web.slackNow()).toBeGreaterThanOrEqual(told);
      expect(web.slackNow()).toBeLessThan(told + 60_000);
      expect(Number.isInteger(web.slackNow())).toBe(true);
    } finally {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  });
});
