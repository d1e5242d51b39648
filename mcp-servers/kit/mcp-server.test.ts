import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js';
import { describe, expect, it } from 'vitest';
import { startNotesServer as start } from '../../test/support/notes-server.ts';

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

describe('an MCP server', () => {
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
});
