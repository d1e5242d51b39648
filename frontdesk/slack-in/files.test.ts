import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadFile } from './files.ts';

const megabyte = 1024 * 1024;

describe('files of people', () => {
  let url: string;
  let sent = 0;
  const seen: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    seen.push(request.headers.authorization);
    if (request.url === '/small') return void response.end('hello');
    const more = Buffer.alloc(megabyte);
    sent = 0;
    const pump = () => {
      while (!response.destroyed && sent < 500) {
        sent += 1;
        if (!response.write(more)) return void response.once('drain', pump);
      }
      response.end();
    };
    pump();
  });
  beforeEach(async () => {
    seen.length = 0;
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterEach(async () => {
    server.close();
    server.closeAllConnections();
    await once(server, 'close');
  });
  const load = (source: string, api = `${url}/api/`) =>
    loadFile({ name: 'a.bin', mime: 'application/octet-stream', size: 0, source }, 'xoxb-token', api);

  it('IN-3: one that is larger than it says is given up at 20 MB, not read to its end', async () => {
    expect(await load(`${url}/endless`)).toMatchObject({ ok: false, reason: 'it is larger than 20 MB' });
    expect(sent).toBeLessThan(100);
    expect(await load(`${url}/small`)).toMatchObject({ ok: true, content: Buffer.from('hello') });
  });

  it.each([
    ['another host', 'https://evil.example/x'],
    ['a host that ends alike', 'https://notslack.com/x'],
    ['Slack without encryption', 'http://slack.com/x'],
    ['Slack as a user name', 'https://slack.com@evil.example/x'],
    ['a file of this machine', 'file:///etc/passwd'],
    ['data', 'data:text/plain,hello'],
    ['nothing', ''],
  ])('IN-3: the token does not go to %s', async (_, source) => {
    const refusal = { ok: false, reason: 'it is not stored at Slack' };
    expect(await load(source, 'https://slack.com/api/')).toMatchObject(refusal);
    expect(await load(source)).toMatchObject(refusal);
  });

  it('IN-3: the token does not follow to another port of this machine', async () => {
    expect(await load(`${url}/small`, 'http://127.0.0.1:1/api/')).toMatchObject({ ok: false });
    expect(seen).toEqual([]);
  });
});
