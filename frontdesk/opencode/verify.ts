import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { describeError, FrontdeskError } from '../../mcp-servers/kit/errors.ts';
import type { AgentFile } from './agent-file.ts';
import type { AgentInfo, Client, PermissionRule } from './client.ts';
import { agentName } from './config.ts';
import type { PluginHello } from './plugin-hellos.ts';

export interface Expected {
  readonly agent: AgentFile;
  /** Hash of the plugin file this version ships, hex. */
  readonly pluginSha256: string;
}

export interface Reported {
  readonly agents: readonly AgentInfo[];
  readonly defaultAgent: string | undefined;
  readonly hello: PluginHello | undefined;
}

export function sha256Of(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}

/** What a definition may allow besides our servers' tools: OpenCode's answer to a call of an unknown tool. */
const harmless = new Set(['invalid']);

/** What a definition allows beyond our tools; [] when nothing. */
export function findExcess(
  permission: Readonly<Record<string, string>>,
  servers: readonly string[],
): string[] {
  const ours = new Set(servers.map((server) => `${server}_*`));
  return Object.entries(permission)
    .filter(
      ([name, action]) =>
        action !== 'deny' && !(action === 'allow' && (ours.has(name) || harmless.has(name))),
    )
    .map(([name]) => name);
}

/** OpenCode adds this one rule itself, for its own cut-off tool outputs; no tool we allow can use it. */
function isOwnRule(rule: PermissionRule): boolean {
  return rule.permission === 'external_directory' && rule.pattern.endsWith('/tool-output/*');
}

/** The rules in force: the last match wins, so all before the last "deny everything" are without effect. */
function effectiveRules(rules: readonly PermissionRule[]): string[] | undefined {
  const base = rules.findLastIndex((r) => r.permission === '*' && r.pattern === '*' && r.action === 'deny');
  if (base < 0) return undefined;
  return rules
    .slice(base + 1)
    .filter((rule) => !isOwnRule(rule))
    .map((rule) => `${rule.permission} ${rule.pattern} ${rule.action}`)
    .sort();
}

function findAgentProblems(agent: AgentInfo, { agent: file }: Expected): string[] {
  const meant = Object.entries(file.permission)
    .filter(([name]) => name !== '*')
    .map(([name, action]) => `${name} * ${action}`)
    .sort();
  const found = effectiveRules(agent.permission);
  return [
    agent.mode === file.mode ? '' : `its mode is ${agent.mode}`,
    agent.prompt?.trim() === file.prompt ? '' : 'its text is not the one shipped',
    found === undefined ? 'it does not deny everything else' : '',
    found && found.join('\n') !== meant.join('\n') ? `its permissions are ${found.join(', ')}` : '',
  ].filter((problem) => problem !== '');
}

/** Everything in which what OpenCode runs differs from what is meant; [] when nothing. Pure. */
export function findAlterations(reported: Reported, expected: Expected): string[] {
  const problems: string[] = [];
  const agent = reported.agents.find(({ name }) => name === agentName);
  if (!agent) problems.push(`OpenCode does not know the agent ${agentName}.`);
  else problems.push(...findAgentProblems(agent, expected).map((p) => `The agent ${agentName}: ${p}.`));
  for (const other of reported.agents) {
    if (!other.hidden && other.name !== agentName) problems.push(`There is another agent, ${other.name}.`);
  }
  if (reported.defaultAgent !== agentName) problems.push(`The default agent is ${reported.defaultAgent}.`);
  if (!reported.hello) problems.push('The stamp plugin did not report.');
  else if (reported.hello.sha256 !== expected.pluginSha256) {
    problems.push('The stamp plugin that runs is not the one shipped.');
  }
  return problems;
}

export interface VerifyOptions {
  readonly client: Client;
  /** Asked for before OpenCode made its instance. */
  readonly hello: Promise<PluginHello | undefined>;
  readonly expected: Expected;
}

/**
 * Proves that OpenCode runs the agent and the plugin that are meant, and nothing beside (AG-2).
 * @throws FrontdeskError `agent_altered` naming every difference
 */
export async function verifyAgent({ client, hello, expected }: VerifyOptions): Promise<void> {
  const [agents, defaultAgent] = await Promise.all([client.agents(), client.defaultAgent()]);
  const problems = findAlterations({ agents, defaultAgent, hello: await hello }, expected);
  if (problems.length > 0) throw new FrontdeskError('agent_altered', problems.join(' '));
}

/**
 * Connects the MCP servers. OpenCode never retries one that was down when its instance was made (notes §3).
 * @throws FrontdeskError `opencode_failed` naming those that stay away
 */
export async function connectServers(
  client: Client,
  servers: readonly string[],
  timeoutMs: number,
): Promise<void> {
  const end = performance.now() + timeoutMs;
  for (;;) {
    const status = await client.mcpStatus();
    const missing = servers.filter((server) => status[server]?.status !== 'connected');
    if (missing.length === 0) return;
    if (performance.now() > end) {
      const why = missing.map(
        (server) => `${server} (${status[server]?.error ?? status[server]?.status ?? 'absent'})`,
      );
      throw new FrontdeskError('opencode_failed', `It cannot reach the MCP servers ${why.join(', ')}.`);
    }
    await Promise.all(missing.map((server) => client.mcpConnect(server).catch(describeError)));
    await sleep(100);
  }
}
