import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { chooseModel, createModelHealth, defaultWorkModels, suggestModel, type WorkModel } from './models.ts';

const model = (baseUrl: string): WorkModel => ({
  id: 'local/qwen2.5-coder-32b',
  agents: [],
  reason: 'local',
  baseUrl,
});
const answering = (body: unknown, status = 200) =>
  (async () => Response.json(body, { status })) as typeof fetch;
const healthOf = (fetch: typeof globalThis.fetch) => createModelHealth({ fetch, now: () => 0 });

describe('models', () => {
  it.each([
    ['architect', 'anthropic/'],
    ['pm', 'anthropic/'],
    ['party-mode', 'anthropic/'],
    ['builder', 'local/qwen2.5-coder-32b'],
  ] as const)('SE-2: %s → %s', (agent, id) => {
    expect(suggestModel(agent, defaultWorkModels).id).toContain(id);
  });

  it('SE-2: an agent no model names gets the first', () => {
    expect(suggestModel('pm', [model('http://x/v1')]).id).toBe('local/qwen2.5-coder-32b');
  });

  it.each([
    ['one that lists it', { data: [{ id: 'a' }, { id: 'Qwen/Qwen2.5-Coder-32B-Instruct' }] }, 200, ''],
    ['one that lists only its file', { data: [{ id: '/models/q.gguf' }] }, 200, ''],
    ['one without a list', {}, 200, ''],
    ['one with other models', { data: [{ id: 'llama' }, { id: 'phi' }] }, 200, 'does not offer it'],
    ['one that refuses', {}, 401, 'answers 401'],
  ])('SE-2: a server is asked: %s', async (_, body, status, problem) => {
    const choice = await chooseModel(model('http://x/v1'), healthOf(answering(body, status)));
    expect(choice.problem).toContain(problem);
    expect(choice.available).toBe(problem === '');
  });

  it('SE-2: a server that is not there, or says nothing, is unavailable with its cause', async () => {
    const silent = createServer(() => {}).listen(0, '127.0.0.1');
    await new Promise((resolve) => silent.once('listening', resolve));
    const url = `http://127.0.0.1:${(silent.address() as AddressInfo).port}/v1`;
    const health = createModelHealth({ fetch, now: () => 0, timeoutMs: 100 });
    expect(await health.check(model(url))).toBe('its server does not answer within 0.1 s');
    silent.closeAllConnections();
    await new Promise((resolve) => silent.close(resolve));
    expect(await createModelHealth({ fetch, now: () => 0 }).check(model(url))).toContain('ECONNREFUSED');
  });

  it('SE-2: is asked again only after a while', async () => {
    let [asked, time] = [0, 0];
    const health = createModelHealth({
      fetch: async () => ((asked += 1), Response.json({})),
      now: () => time,
    });
    await health.check(model('http://x'));
    await health.check(model('http://x'));
    expect(asked).toBe(1);
    time = 10_000;
    await health.check(model('http://x'));
    expect(asked).toBe(2);
  });
});
