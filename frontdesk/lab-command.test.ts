import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { type ListedLab, renderLabs, runLabCommand } from './lab-command.ts';

const lab: ListedLab = {
  workspace: 'ai-dev-shop-search',
  repository: 'api',
  target: 'local',
  runtime: 'node',
  status: 'ready',
  url: 'http://127.0.0.1:4000',
  cause: null,
  startedAt: '2026-11-20T08:00:00.000Z',
};
const token = 'a-token-of-sixteen';

/** A service that knows one lab. */
async function startService() {
  const asked: string[] = [];
  const server = createServer(({ method, url, headers }, response) => {
    asked.push(`${method} ${url}`);
    const answer = (status: number, body: unknown) => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    };
    if (headers.authorization !== `Bearer ${token}`) answer(401, { error: 'unauthorized' });
    else if (method === 'GET') answer(200, { deployments: [lab] });
    else if (url === '/api/deployments/ai-dev-shop-search') answer(200, { workspace: '', removed: 'd1' });
    else answer(404, { error: 'Nothing is deployed there. Deploy it first.' });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    asked,
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

describe('frontdesk lab', () => {
  it('LAB-6: lists the labs of the running service, and cleans one up', async () => {
    await using service = await startService();
    const { port } = service;
    expect(await runLabCommand({ words: ['list'], port, token })).toBe(
      'ai-dev-shop-search  ready  http://127.0.0.1:4000  api · node · local  since 2026-11-20 08:00\n',
    );
    expect(await runLabCommand({ words: ['clean', 'ai-dev-shop-search'], port, token })).toBe(
      'The lab of ai-dev-shop-search is cleaned up.\n',
    );
    const refused = runLabCommand({ words: ['clean', '../x y'], port, token });
    await expect(refused).rejects.toMatchObject({
      code: 'service_refused',
      message: expect.stringContaining('Nothing is deployed there.'),
    });
    expect(service.asked).toEqual([
      'GET /api/deployments',
      'DELETE /api/deployments/ai-dev-shop-search',
      'DELETE /api/deployments/..%2Fx%20y',
    ]);
  });

  it('LAB-6: says so when no service answers, and when the token is wrong', async () => {
    const service = await startService();
    const { port } = service;
    await expect(runLabCommand({ words: ['list'], port })).rejects.toMatchObject({
      code: 'service_refused',
      advice: expect.stringContaining('FRONTDESK_API_TOKEN'),
    });
    await service[Symbol.asyncDispose]();
    for (const nowhere of [port, 0])
      await expect(runLabCommand({ words: ['list'], port: nowhere })).rejects.toMatchObject({
        code: 'service_absent',
        advice: expect.stringContaining('frontdesk start'),
      });
  });

  it('takes no other words', async () => {
    for (const words of [[], ['clean'], ['clean', ''], ['clean', 'a', 'b'], ['list', 'a'], ['lost']])
      expect(await runLabCommand({ words, port: 0 })).toBeUndefined();
  });

  it('renders columns, a cause for what is not ready, and nothing in words', () => {
    const down: ListedLab = {
      ...lab,
      workspace: 'shop',
      status: 'down',
      cause: { text: 'it crashed again and again\nmore' },
    };
    expect(renderLabs([lab, down])).toBe(
      [
        'ai-dev-shop-search  ready  http://127.0.0.1:4000       api · node · local  since 2026-11-20 08:00\n',
        'shop                down   it crashed again and again  api · node · local  since 2026-11-20 08:00\n',
      ].join(''),
    );
    expect(renderLabs([])).toBe('There are no labs.\n');
  });
});
