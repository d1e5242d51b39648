import { fastify } from 'fastify';
import { describe, expect, it } from 'vitest';
import { startNotesServer as start } from '../../test/support/notes-server.ts';
import { createSilentLog } from './log.ts';
import { registerMcpHttp } from './mcp-http.ts';

const initialize = JSON.stringify({
  jsonrpc: '2.0',
  id: 1,
  method: 'initialize',
  params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'raw', version: '1' } },
});
const rawHeaders = {
  authorization: 'Bearer secret',
  'content-type': 'application/json',
  accept: 'application/json, text/event-stream',
};

describe('MCP over HTTP', () => {
  it.each([
    ['no bearer', { authorization: '' }, 401],
    ['a wrong bearer', { authorization: 'Bearer wrong' }, 401],
    ['a foreign origin', { origin: 'https://evil.example' }, 403],
    ['an opaque origin', { origin: 'null' }, 403],
    ['a loopback origin', { origin: 'http://localhost:3000' }, 200],
  ])('MCP-1: %s', async (_, headers, status) => {
    await using server = await start();
    const response = await fetch(server.url, {
      method: 'POST',
      headers: { ...rawHeaders, ...headers },
      body: initialize,
    });
    expect(response.status).toBe(status);
  });

  it('MCP-1: a foreign Host is refused (DNS rebinding)', async () => {
    const app = fastify();
    registerMcpHttp(app, { services: [], token: 'secret', log: createSilentLog() });
    const request = { method: 'POST' as const, url: '/mcp/notes', payload: {} };
    const status = async (host: string) =>
      (await app.inject({ ...request, headers: { authorization: 'Bearer secret', host } })).statusCode;
    expect(await status('evil.example')).toBe(403);
    expect(await status('127.0.0.1.evil.example')).toBe(403);
    expect(await status('[::1]:8000')).toBe(404);
    await app.close();
  });

  it('MCP-1: a session the service does not know gets 404, so that OpenCode initialises anew', async () => {
    await using server = await start();
    const response = await fetch(server.url, {
      method: 'POST',
      headers: { ...rawHeaders, 'mcp-session-id': 'of-an-earlier-life' },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' }),
    });
    expect(response.status).toBe(404);
  });

  it('MCP-1: a session ended by DELETE is gone', async () => {
    await using server = await start();
    const { client, transport } = await server.connect();
    const id = transport.sessionId ?? '';
    await transport.terminateSession();
    await client.close();
    const response = await fetch(server.url, {
      method: 'POST',
      headers: { ...rawHeaders, 'mcp-session-id': id },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' }),
    });
    expect(response.status).toBe(404);
  });

  it('MCP-1: a session that is idle and has no open stream is forgotten, one with a stream is kept', async () => {
    await using server = await start();
    const raw = await fetch(server.url, { method: 'POST', headers: rawHeaders, body: initialize });
    await raw.text();
    const id = raw.headers.get('mcp-session-id') ?? '';
    const { client } = await server.connect();
    server.pass(1000);
    await server.connect();
    const list = { jsonrpc: '2.0', id: 2, method: 'tools/list' };
    const again = await fetch(server.url, {
      method: 'POST',
      headers: { ...rawHeaders, 'mcp-session-id': id },
      body: JSON.stringify(list),
    });
    expect(again.status).toBe(404);
    expect((await client.listTools()).tools).toHaveLength(2);
  });
});
