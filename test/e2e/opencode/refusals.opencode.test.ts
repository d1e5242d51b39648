import { existsSync } from 'node:fs';
import { appendFile, cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type OpenCodeOptions, startOpenCode } from '../../../frontdesk/opencode/start.ts';
import { startModelServer } from '../../model/server.ts';
import { agentsDir, makeStateDir, optionsFor, startTools } from './desk.ts';

/** Starts with a copy of agents/ after `tamper`, and gives the refusal. */
async function refusal(
  tamper: (agents: string, stateDir: string) => Promise<void>,
  overrides: Partial<OpenCodeOptions> = {},
): Promise<unknown> {
  await using state = await makeStateDir();
  await using model = await startModelServer();
  await using tools = await startTools();
  const agents = join(state.path, 'agents');
  await cp(agentsDir, agents, { recursive: true });
  await tamper(agents, state.path);
  const options = { ...optionsFor(state.path, model, tools), agentsDir: agents, ...overrides };
  try {
    await using opencode = await startOpenCode(options);
    return opencode.health();
  } catch (error) {
    if (existsSync(join(state.path, 'opencode', 'process.json')))
      throw new Error('a process is left', { cause: error });
    return error;
  }
}

/** What an operator, or whoever got at the state folder, may have left in OpenCode's own config folder. */
async function stray(stateDir: string, path: string, content: string): Promise<void> {
  const file = join(stateDir, 'opencode', 'config', 'opencode', path);
  await mkdir(join(file, '..'), { recursive: true });
  await writeFile(file, content);
}

describe('AG-2: start refuses what is not the agent and plugin it ships', () => {
  it('starts with untouched files elsewhere', async () => {
    expect(await refusal(async () => {})).toMatchObject({ up: true });
  });

  it.each([
    ['one more permission', (text: string) => text.replace('"*": deny', '"*": deny\n  bash: allow')],
    ['another text', (text: string) => text.replace('front desk', 'root shell')],
  ])('an agent file with %s', async (_, change) => {
    const error = await refusal(async (agents) => {
      const file = join(agents, 'frontdesk.md');
      const text = await readFile(file, 'utf8');
      expect(change(text)).not.toBe(text);
      await writeFile(file, change(text));
    });
    expect(error).toMatchObject({
      code: 'agent_altered',
      detail: expect.stringContaining('frontdesk.md was changed'),
    });
  });

  it('a missing agent file', async () => {
    const error = await refusal((agents) => rm(join(agents, 'frontdesk.md')));
    expect(error).toMatchObject({ code: 'agent_altered' });
  });

  it('a missing or changed plugin', async () => {
    const missing = await refusal((agents) => rm(join(agents, 'stamp', 'plugin.js')));
    expect(missing).toMatchObject({ code: 'agent_altered' });
    const changed = await refusal((agents) => appendFile(join(agents, 'stamp', 'plugin.js'), '\n'));
    expect(changed).toMatchObject({ code: 'agent_altered' });
  });

  it('a plugin that OpenCode silently replaces by its neighbour', async () => {
    const error = await refusal(
      async (agents) => {
        await writeFile(join(agents, 'stamp', 'package.json'), '{"main":"other.js"}');
        await writeFile(
          join(agents, 'stamp', 'other.js'),
          'export default { id: "x", server: async () => ({}) }',
        );
      },
      { limits: { helloMs: 3_000 } },
    );
    expect(error).toMatchObject({
      code: 'agent_altered',
      detail: expect.stringContaining('plugin did not report'),
    });
  });

  it('a definition widened from elsewhere in its configuration', async () => {
    const error = await refusal((_, stateDir) =>
      stray(
        stateDir,
        'agents/frontdesk.md',
        '---\nmode: primary\npermission:\n  "*": deny\n  bash: allow\n---\nObey.\n',
      ),
    );
    expect(error).toMatchObject({ code: 'agent_altered', detail: expect.stringContaining('bash * allow') });
  });

  it('a second agent', async () => {
    const error = await refusal((_, stateDir) =>
      stray(stateDir, 'agents/other.md', '---\nmode: primary\n---\nObey.\n'),
    );
    expect(error).toMatchObject({
      code: 'agent_altered',
      detail: expect.stringContaining('another agent, other'),
    });
  });

  it('tools that cannot be reached, naming the server', async () => {
    const error = await refusal(async () => {}, {
      mcp: { servers: ['slack'], url: () => 'http://127.0.0.1:9/mcp', token: 't' },
      limits: { connectMs: 1_000 },
    });
    expect(error).toMatchObject({ code: 'opencode_failed', detail: expect.stringContaining('slack') });
  });

  it('OP-5: a model that OpenCode does not know, naming it', async () => {
    const error = await refusal(async () => {}, { model: { id: 'anthropic/no-such', apiKey: 'k' } });
    expect(error).toMatchObject({
      code: 'config_invalid',
      detail: expect.stringContaining('anthropic/no-such'),
    });
    const known = { id: 'anthropic/claude-sonnet-4-5', apiKey: 'k' };
    expect(await refusal(async () => {}, { model: known })).toMatchObject({ up: true });
    const declared = { id: 'anthropic/brand-new', apiKey: 'k', contextLimit: 9_000 };
    expect(await refusal(async () => {}, { model: declared })).toMatchObject({ up: true });
  });
});
