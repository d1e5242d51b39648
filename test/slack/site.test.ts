import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { describe, expect, it, onTestFinished } from 'vitest';

import { startSlackServer } from './server.ts';

/** A page as a bundler leaves it, beside a file that is none of it. */
function builtPage(): string {
  const folder = mkdtempSync(join(tmpdir(), 'slack-site-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  mkdirSync(join(folder, 'page/assets'), { recursive: true });
  writeFileSync(join(folder, 'page/index.html'), '<!doctype html>');
  writeFileSync(join(folder, 'page/assets/index-DqR4x9_Z.js'), 'let a;');
  writeFileSync(join(folder, 'secret.txt'), 'secret');
  return join(folder, 'page');
}

interface Answer {
  readonly status: number | undefined;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly text: string;
}

/** Sends the path as it is; fetch would tidy it up. */
const get = (url: string, path: string, headers: Record<string, string> = {}, method = 'GET') =>
  new Promise<Answer>((resolve, reject) => {
    const { hostname, port } = new URL(url);
    request({ hostname, port, path, headers, method }, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => (text += chunk.toString()));
      response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, text }));
    })
      .on('error', reject)
      .end();
  });

describe('a page served beside the API', () => {
  it('comes with a strict policy, its type, and what a browser may keep', async () => {
    await using slack = await startSlackServer({ site: builtPage() });
    const page = await get(slack.url, '/');
    expect(page).toMatchObject({
      status: 200,
      text: '<!doctype html>',
      headers: { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-cache' },
    });
    expect(page.headers['content-security-policy']).toContain("default-src 'none'; script-src 'self';");
    expect(page.headers['content-security-policy']).not.toContain('unsafe');
    const again = await get(slack.url, '/', { 'if-none-match': String(page.headers['etag']) });
    expect([again.status, again.text]).toEqual([304, '']);
    const script = await get(slack.url, '/assets/index-DqR4x9_Z.js');
    expect(script.headers['cache-control']).toContain('immutable');
    expect(script.headers['content-type']).toContain('text/javascript');
  });

  it('is closed to other origins and hosts, but a link from anywhere may open it', async () => {
    await using slack = await startSlackServer({ site: builtPage() });
    expect((await get(slack.url, '/', { host: 'evil.test' })).status).toBe(403);
    expect((await get(slack.url, '/', { origin: 'https://evil.test' })).status).toBe(403);
    const elsewhere = { 'sec-fetch-site': 'cross-site' };
    expect((await get(slack.url, '/', { ...elsewhere, 'sec-fetch-dest': 'iframe' })).status).toBe(403);
    expect((await get(slack.url, '/', { ...elsewhere, 'sec-fetch-dest': 'document' })).status).toBe(200);
    const rebound = { host: 'evil.test', 'sec-fetch-dest': 'document' };
    expect((await get(slack.url, '/', rebound)).status).toBe(403);
  });

  it('gives nothing from beside its folder, and nothing that is not there', async () => {
    await using slack = await startSlackServer({ site: builtPage() });
    for (const path of ['/../secret.txt', '/%2e%2e/secret.txt', '/..%2fsecret.txt', '/%00', '/%', '/no'])
      expect([path, (await get(slack.url, path)).status]).toEqual([path, 404]);
    expect((await get(slack.url, '/', {}, 'POST')).status).toBe(405);
    await using bare = await startSlackServer();
    expect((await get(bare.url, '/')).status).toBe(404);
  });

  it('can be given control requests of its own, guarded as the others', async () => {
    const asked: unknown[] = [];
    await using slack = await startSlackServer({
      controls: {
        'GET service': () => ({ up: true }),
        'POST service': (body) => {
          asked.push(body);
          if (asked.length > 1) throw new Error('not twice');
        },
      },
    });
    expect(JSON.parse((await get(slack.url, '/control/service')).text)).toEqual({ up: true });
    const post = () => fetch(`${slack.url}/control/service`, { method: 'POST', body: '{"do":"kill"}' });
    expect((await post()).status).toBe(200);
    const refused = await post();
    expect([refused.status, await refused.json()]).toEqual([400, { ok: false, error: 'not twice' }]);
    expect(asked[0]).toEqual({ do: 'kill' });
    expect((await get(slack.url, '/control/service', { host: 'evil.test' })).status).toBe(403);
  });
});
