import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js';
import { fastify } from 'fastify';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { FrontdeskError } from './errors.ts';
import { createSilentLog } from './log.ts';
import { registerMcpHttp } from './mcp-http.ts';
import { createMcpService } from './mcp-server.ts';
import { createStamps } from './stamps.ts';
import { defineTool, type ServerDefinition } from './tool.ts';

interface Deps {
  readonly notes: string[];
}

const write = defineTool({
  name: 'write',
  title: 'Write a note',
  description: 'Writes a note into the thread.',
  input: z.object({ text: z.string().min(1).max(20).describe('What to write.') }),
  output: z.object({ written: z.boolean() }),
  hints: { readOnly: false, destructive: false, idempotent: true },
  text: () => 'Written.',
  async run(deps: Deps, { text }, { caller, progress }) {
    if (text === 'leak') throw new Error('password=hunter2');
    if (text === 'refuse') throw new FrontdeskError('slack_unreachable');
    progress('writing');
    deps.notes.push(`${caller.thread.thread}/${caller.callId}: ${text}`);
    return { written: true };
  },
});

const wait = defineTool({
  name: 'wait',
  title: 'Wait',
  description: 'Waits until cancelled.',
  input: z.object({}),
  output: z.object({}),
  hints: { readOnly: true, destructive: false, idempotent: true },
  async run(deps: Deps, _, { signal }) {
    deps.notes.push('waiting');
    await new Promise((resolve) => signal.addEventListener('abort', resolve));
    deps.notes.push('cancelled');
    return {};
  },
});

const definition: ServerDefinition<Deps> = { name: 'notes', tools: [write, wait] };
const threads: Record<string, string> = { ses_a: '1.0', ses_b: '2.0' };

async function start() {
  const stamps = createStamps({ now: Date.now });
  const notes: string[] = [];
  const service = createMcpService({
    definition,
    deps: { notes },
    log: createSilentLog(),
    resolveCaller({ tool, stamp }) {
      const { sessionId, callId } = stamps.consume(String(stamp), tool);
      const thread = threads[sessionId];
      if (thread === undefined) throw new FrontdeskError('thread_unknown');
      return { thread: { team: 'T', channel: 'C', thread, dm: false }, sessionId, callId };
    },
  });
  const app = fastify({ forceCloseConnections: true });
  let time = 0;
  const sessions = registerMcpHttp(app, {
    services: [service],
    token: 'secret',
    log: createSilentLog(),
    now: () => time,
    idleAfterMs: 1000,
  });
  const url = `${await app.listen({ port: 0, host: '127.0.0.1' })}/mcp/notes`;
  const resources = new AsyncDisposableStack();
  resources.defer(() => app.close());
  resources.use(sessions);

  const connect = async () => {
    const client = new Client({ name: 'test', version: '1' });
    const transport = new StreamableHTTPClientTransport(new URL(url), {
      requestInit: { headers: { authorization: 'Bearer secret' } },
    });
    await client.connect(transport);
    resources.defer(() => client.close());
    return { client, transport };
  };
  return {
    url,
    notes,
    connect,
    stamp: (tool: string, sessionId = 'ses_a') => stamps.issue({ sessionId, callId: 'call_1', tool }),
    pass: (ms: number) => (time += ms),
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}

const textOf = (result: unknown) => {
  const [first] = (result as CallToolResult).content;
  return first?.type === 'text' ? first.text : '';
};

async function until(condition: () => boolean) {
  for (let left = 500; left > 0 && !condition(); left -= 1) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  expect(condition()).toBe(true);
}

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

describe('an MCP server over HTTP', () => {
  it('MCP-3: lists strict schemas and hints, and not the stamp', async () => {
    await using server = await start();
    const { client } = await server.connect();
    const { tools } = await client.listTools();
    expect(tools[0]).toMatchInlineSnapshot(`
      {
        "annotations": {
          "destructiveHint": false,
          "idempotentHint": true,
          "openWorldHint": false,
          "readOnlyHint": false,
          "title": "Write a note",
        },
        "description": "Writes a note into the thread.",
        "inputSchema": {
          "additionalProperties": false,
          "properties": {
            "text": {
              "description": "What to write.",
              "maxLength": 20,
              "minLength": 1,
              "type": "string",
            },
          },
          "required": [
            "text",
          ],
          "type": "object",
        },
        "name": "write",
        "outputSchema": {
          "additionalProperties": false,
          "properties": {
            "written": {
              "type": "boolean",
            },
          },
          "required": [
            "written",
          ],
          "type": "object",
        },
        "title": "Write a note",
      }
    `);
  });

  it('MCP-2: a stamped call acts in the thread of its session, and gives text and structure', async () => {
    await using server = await start();
    const { client } = await server.connect();
    const result = await client.callTool({
      name: 'write',
      arguments: { text: 'hi', _stamp: server.stamp('notes_write', 'ses_b') },
    });
    expect(result).toMatchObject({ structuredContent: { written: true }, content: [{ text: 'Written.' }] });
    expect(server.notes).toEqual(['2.0/call_1: hi']);
  });

  it.each([
    ['no stamp', () => ({})],
    ['a forged stamp', () => ({ _stamp: 'forged' })],
    ['a stamp that is no text', () => ({ _stamp: { toString: 'x' } })],
    ['a stamp of another tool', (stamp: (tool: string) => string) => ({ _stamp: stamp('notes_wait') })],
  ])('MCP-2: %s is refused and nothing is done', async (_, stamped) => {
    await using server = await start();
    const { client } = await server.connect();
    const result = await client.callTool({
      name: 'write',
      arguments: { text: 'hi', ...stamped(server.stamp) },
    });
    expect(result.isError).toBe(true);
    expect(server.notes).toEqual([]);
  });

  it('MCP-2: a replayed stamp is refused', async () => {
    await using server = await start();
    const { client } = await server.connect();
    const args = { text: 'hi', _stamp: server.stamp('notes_write') };
    await client.callTool({ name: 'write', arguments: args });
    expect(textOf(await client.callTool({ name: 'write', arguments: args }))).toMatch(/valid stamp/);
    expect(server.notes).toHaveLength(1);
  });

  it('MCP-2: a session without a thread is refused', async () => {
    await using server = await start();
    const { client } = await server.connect();
    const args = { text: 'hi', _stamp: server.stamp('notes_write', 'ses_other') };
    expect(textOf(await client.callTool({ name: 'write', arguments: args }))).toMatch(
      /does not belong to a thread/,
    );
    expect(server.notes).toEqual([]);
  });

  it('MCP-2: ids of another thread among the arguments are refused by name', async () => {
    await using server = await start();
    const { client } = await server.connect();
    const args = { text: 'hi', sessionId: 'ses_b', _stamp: server.stamp('notes_write') };
    expect(textOf(await client.callTool({ name: 'write', arguments: args }))).toMatch(/sessionId/);
    expect(server.notes).toEqual([]);
  });

  it('MCP-3: wrong arguments are answered with which and why', async () => {
    await using server = await start();
    const { client } = await server.connect();
    const result = await client.callTool({
      name: 'write',
      arguments: { text: '', _stamp: server.stamp('notes_write') },
    });
    expect(textOf(result)).toMatchInlineSnapshot(
      `"The tool was called with arguments it does not take. text: Too small: expected string to have >=1 characters. Correct the arguments named and call it again."`,
    );
  });

  it('MCP-3: a known error says what to do, an unknown one only its reference', async () => {
    await using server = await start();
    const { client } = await server.connect();
    const call = async (text: string) =>
      textOf(
        await client.callTool({ name: 'write', arguments: { text, _stamp: server.stamp('notes_write') } }),
      );
    expect(await call('refuse')).toMatch(/Slack could not be reached\. It is retried/);
    expect(await call('leak')).toMatch(
      /^Something went wrong inside Frontdesk \(ref \w{8}\)\. Try once more; if it fails again, tell the person\.$/,
    );
  });

  it('MCP-3: progress reaches a client that asks for it', async () => {
    await using server = await start();
    const { client } = await server.connect();
    const heard: unknown[] = [];
    await client.callTool(
      { name: 'write', arguments: { text: 'hi', _stamp: server.stamp('notes_write') } },
      undefined,
      { onprogress: (progress) => heard.push(progress.message) },
    );
    expect(heard).toEqual(['writing']);
  });

  it('MCP-3: a cancelled call hears it', async () => {
    await using server = await start();
    const { client } = await server.connect();
    const abort = new AbortController();
    const calling = client.callTool(
      { name: 'wait', arguments: { _stamp: server.stamp('notes_wait') } },
      undefined,
      { signal: abort.signal },
    );
    calling.catch(() => {});
    await until(() => server.notes.includes('waiting'));
    abort.abort();
    await expect(calling).rejects.toThrow(/abort/i);
    await until(() => server.notes.includes('cancelled'));
  });

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
