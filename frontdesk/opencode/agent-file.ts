import { FrontdeskError } from '../../mcp-servers/kit/errors.ts';
import { parse } from 'yaml';
import { z } from 'zod';

const action = z.enum(['allow', 'ask', 'deny']);

const frontMatter = z.strictObject({
  description: z.string().min(1),
  mode: z.literal('primary'),
  permission: z.record(z.string(), action),
});

export interface AgentFile extends z.infer<typeof frontMatter> {
  /** The text below the front matter, trimmed as OpenCode trims it. */
  readonly prompt: string;
}

/**
 * Reads an agent definition: front matter between two `---` lines, then the prompt.
 * @throws FrontdeskError `agent_altered` when it is not such a file, or asks for more than a definition may.
 */
export function parseAgentFile(text: string): AgentFile {
  const match = /^---\r?\n([\s\S]*?)\r?\n---\r?\n([\s\S]*)$/.exec(text);
  if (!match) throw new FrontdeskError('agent_altered', 'The agent file has no front matter.');
  const head = frontMatter.safeParse(parseYaml(match[1] ?? ''));
  if (!head.success) {
    throw new FrontdeskError(
      'agent_altered',
      `The agent file's front matter: ${z.prettifyError(head.error)}`,
    );
  }
  return { ...head.data, prompt: (match[2] ?? '').trim() };
}

function parseYaml(text: string): unknown {
  try {
    return parse(text);
  } catch (cause) {
    throw new FrontdeskError('agent_altered', "The agent file's front matter is not YAML.", { cause });
  }
}
