import { describe, expect, it } from 'vitest';
import { connectTools } from '../../test/support/slack-tools.ts';

describe('the slack server', () => {
  it('MCP-4: lists its tools as agents know them', async () => {
    await using tools = await connectTools();
    expect((await tools.client.listTools()).tools).toMatchSnapshot();
  });
});
