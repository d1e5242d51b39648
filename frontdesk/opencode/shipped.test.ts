import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FrontdeskError } from '../../mcp-servers/kit/errors.ts';
import { parseAgentFile } from './agent-file.ts';
import { shipped } from './shipped.ts';
import { sha256Of } from './verify.ts';

const agents = join(import.meta.dirname, '../../agents');
const text = readFileSync(join(agents, 'frontdesk.md'), 'utf8');

describe('AG-2: what is shipped', () => {
  it('has the hashes that start-up insists on', () => {
    expect(shipped).toEqual({
      agent: sha256Of(text),
      plugin: sha256Of(readFileSync(join(agents, 'stamp/plugin.js'))),
    });
  });

  it('denies all but the tools of our servers', () => {
    const { permission, mode } = parseAgentFile(text);
    expect(mode).toBe('primary');
    expect(Object.keys(permission)[0]).toBe('*');
    expect(permission['*']).toBe('deny');
  });

  it.each([
    'no front matter',
    '---\n: [\n---\nx',
    '---\nmode: primary\n---\nx',
    text.replace('primary', 'all'),
  ])('refuses a definition like %j', (broken) => {
    expect(() => parseAgentFile(broken)).toThrow(FrontdeskError);
  });
});
