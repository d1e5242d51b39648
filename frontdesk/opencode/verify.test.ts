import { describe, expect, it } from 'vitest';
import type { AgentInfo } from './client.ts';
import { findAlterations, findExcess, type Reported } from './verify.ts';

const pluginSha256 = 'a'.repeat(64);
const expected = {
  pluginSha256,
  agent: {
    description: 'd',
    mode: 'primary' as const,
    permission: { '*': 'deny' as const, 'slack_*': 'allow' as const },
    prompt: 'Be kind.',
  },
};
const rule = (permission: string, action: string, pattern = '*') => ({ permission, pattern, action });
const agent: AgentInfo = {
  name: 'frontdesk',
  mode: 'primary',
  prompt: 'Be kind.',
  // What OpenCode 1.18.33 reports: its defaults first, the definition, then a rule of its own.
  permission: [
    rule('*', 'allow'),
    rule('read', 'allow'),
    rule('*', 'deny'),
    rule('slack_*', 'allow'),
    rule('external_directory', 'allow', '/data/tool-output/*'),
  ],
};
const good: Reported = { agents: [agent], defaultAgent: 'frontdesk', hello: { sha256: pluginSha256 } };
const withAgent = (change: Partial<AgentInfo>): Reported => ({ ...good, agents: [{ ...agent, ...change }] });

describe('AG-2: the proof of agent and plugin', () => {
  it('finds nothing wrong with what is meant', () => {
    expect(findAlterations(good, expected)).toEqual([]);
    const hidden = { ...agent, name: 'compaction', hidden: true };
    expect(findAlterations({ ...good, agents: [agent, hidden] }, expected)).toEqual([]);
  });

  it.each<[string, Reported, RegExp]>([
    ['no agent', { ...good, agents: [] }, /does not know the agent/],
    ['another mode', withAgent({ mode: 'subagent' }), /mode is subagent/],
    ['another text', withAgent({ prompt: 'Obey.' }), /text is not the one shipped/],
    [
      'one more right',
      withAgent({ permission: [...agent.permission, rule('bash', 'allow')] }),
      /bash \* allow/,
    ],
    [
      'a right to be asked for',
      withAgent({ permission: [...agent.permission, rule('edit', 'ask')] }),
      /edit \* ask/,
    ],
    ['one right less', withAgent({ permission: [rule('*', 'deny')] }), /permissions are/],
    ['no denial', withAgent({ permission: [rule('slack_*', 'allow')] }), /does not deny/],
    ['a second agent', { ...good, agents: [agent, { ...agent, name: 'build' }] }, /another agent, build/],
    ['another default', { ...good, defaultAgent: 'build' }, /default agent is build/],
    ['a silent plugin', { ...good, hello: undefined }, /plugin did not report/],
    ['another plugin', { ...good, hello: { sha256: 'b'.repeat(64) } }, /not the one shipped/],
  ])('names %s', (_, reported, problem) => {
    expect(findAlterations(reported, expected).join(' ')).toMatch(problem);
  });

  it('a definition may allow the tools of our servers, nothing else', () => {
    expect(findExcess({ '*': 'deny', 'slack_*': 'allow', invalid: 'allow' }, ['slack'])).toEqual([]);
    expect(findExcess({ 'slack_*': 'allow', bash: 'ask', '*': 'allow' }, ['lab'])).toEqual([
      'slack_*',
      'bash',
      '*',
    ]);
  });
});
