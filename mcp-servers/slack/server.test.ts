import { describe, expect, it } from 'vitest';
import { connectTools } from './tools/tools.harness.ts';

describe('the slack server', () => {
  it('MCP-4: lists its tools as agents know them', async () => {
    await using tools = await connectTools();
    expect((await tools.client.listTools()).tools).toMatchSnapshot();
  });
});
