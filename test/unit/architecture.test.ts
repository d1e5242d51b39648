import { describe, expect, it } from 'vitest';
import { readSources } from './source-files.ts';

const product = ['frontdesk', 'watcher', 'mcp-servers', 'agents'];
/** Bundled from sources that are checked themselves. */
const bundled = 'agents/bridge/plugin.js';
const sources = readSources(product).filter(({ path }) => path !== bundled);

/** STYLE.md, "Floors": what a folder may import of ours. Itself is always allowed. First match counts. */
const mayImport: readonly (readonly [from: string, to: readonly string[]])[] = [
  // The core of a chat: no Slack in it (SPEC §1).
  ['frontdesk/threads/', ['frontdesk/opencode/agent.ts', 'watcher/', 'mcp-servers/kit/']],
  ['frontdesk/opencode/', ['mcp-servers/kit/']],
  ['frontdesk/http/', ['mcp-servers/kit/']],
  ['frontdesk/', ['watcher/', 'mcp-servers/', 'frontdesk/', 'agents/bridge/protocol.ts']],
  ['watcher/', ['mcp-servers/']],
  ['mcp-servers/kit/', []],
  ['mcp-servers/', ['mcp-servers/kit/']],
  ['agents/', []],
];

/** One door a package: the only file that may import it. A folder where a package has two ends. */
const doors: Readonly<Record<string, readonly string[]>> = {
  '@slack/bolt': ['frontdesk/slack-in/'],
  '@slack/socket-mode': ['frontdesk/slack-in/receiver.ts'],
  '@slack/web-api': ['mcp-servers/slack/web.ts'],
  '@opencode-ai/sdk': ['frontdesk/opencode/client.ts'],
  '@modelcontextprotocol/sdk': [
    'mcp-servers/kit/mcp-server.ts',
    'mcp-servers/kit/mcp-http.ts',
    'mcp-servers/kit/mcp-stdio.ts',
  ],
  lowdb: ['mcp-servers/kit/store/'],
  pino: ['mcp-servers/kit/log.ts'],
  fastify: ['frontdesk/http/', 'mcp-servers/kit/mcp-http.ts'],
  '@fastify/swagger': ['frontdesk/http/openapi.ts'],
  '@fastify/swagger-ui': ['frontdesk/http/openapi.ts'],
  'fastify-type-provider-zod': ['frontdesk/http/'],
  'fast-xml-parser': ['mcp-servers/tests/reports/junit.ts'],
  'prom-client': ['frontdesk/http/metrics.ts'],
  yaml: [
    'frontdesk/config/load.ts',
    'frontdesk/opencode/agent-file.ts',
    'mcp-servers/kit/frontdesk-yaml.ts',
    'mcp-servers/workspaces/',
  ],
  execa: ['frontdesk/opencode/', 'mcp-servers/workspaces/git/run.ts'],
  'temporal-polyfill': ['mcp-servers/kit/hours.ts'],
  rolldown: ['agents/bridge/build.ts'],
  ws: ['frontdesk/hosts/'],
  zod: ['frontdesk/', 'mcp-servers/', 'watcher/', 'agents/bridge/'],
};

const isOurs = (path: string) => product.some((folder) => path.startsWith(`${folder}/`));

describe('the shape of the house', () => {
  it('STYLE: imports only go down', () => {
    const wrong = sources.flatMap(({ path, imports }) => {
      const [own = '', allowed = []] = mayImport.find(([from]) => path.startsWith(from)) ?? [];
      const folder = path.startsWith('mcp-servers/') ? path.split('/').slice(0, 2).join('/') : own;
      return imports
        .filter((target) => isOurs(target) && !target.startsWith(folder))
        .filter((target) => !allowed.some((prefix) => target.startsWith(prefix)))
        .map((target) => `${path} imports ${target}`);
    });
    expect(wrong).toEqual([]);
  });

  it('STYLE: one door to each package', () => {
    const wrong = sources.flatMap(({ path, imports }) =>
      imports
        .filter((target) => !target.includes('/') || target.startsWith('@'))
        .filter((target) => !(doors[target] ?? []).some((door) => path.startsWith(door)))
        .map((target) => `${path} imports ${target}`),
    );
    expect(wrong).toEqual([]);
  });

  it('STYLE: only main.ts files read process.env', () => {
    const readers = sources.filter(({ text }) => /\bprocess\.env\b/.test(text)).map(({ path }) => path);
    expect(readers.filter((path) => !path.endsWith('/main.ts'))).toEqual([]);
  });

  it('STYLE: no file passes 300 lines', () => {
    const long = readSources([...product, 'test'], { tests: true })
      .filter(({ path, text }) => path !== bundled && text.split('\n').length > 301)
      .map(({ path, text }) => `${path}: ${text.split('\n').length}`);
    expect(long).toEqual([]);
  });

  it('STYLE: tests mock no modules', () => {
    const mocking = readSources([...product, 'test'], { tests: true }).filter(({ text }) =>
      /\bvi\.(do)?[m]ock\(/.test(text),
    );
    expect(mocking.map(({ path }) => path)).toEqual([]);
  });
});
