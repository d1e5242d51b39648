import { describe, expect, it } from 'vitest';
import { buildConfig, type ConfigInput, splitModel } from './config.ts';
import { buildEnvironment } from './environment.ts';

const input: ConfigInput = {
  model: { id: 'local/qwen/coder', baseUrl: 'http://127.0.0.1:1/v1', apiKey: 'k', contextLimit: 32_000 },
  mcp: { servers: ['slack', 'lab'], url: (server) => `http://127.0.0.1:2/mcp/${server}`, token: 'mcp-token' },
  agent: { description: 'd', mode: 'primary', permission: { '*': 'deny', 'slack_*': 'allow' }, prompt: 'P' },
  pluginPath: '/agents/stamp/plugin.js',
  stampUrl: 'http://127.0.0.1:2/opencode',
  stampToken: 'stamp-token',
};

describe('the configuration OpenCode runs on', () => {
  it('allows nothing at the root, shares nothing, knows one provider', () => {
    expect(buildConfig(input)).toMatchObject({
      share: 'disabled',
      autoupdate: false,
      snapshot: false,
      permission: { '*': 'deny' },
      enabled_providers: ['local'],
      model: 'local/qwen/coder',
      small_model: 'local/qwen/coder',
      default_agent: 'frontdesk',
      agent: { build: { disable: true }, frontdesk: { prompt: 'P', permission: input.agent.permission } },
    });
  });

  it('uses the bundled OpenAI-compatible provider for a server of one’s own', () => {
    expect(buildConfig(input)['provider']).toMatchObject({
      local: {
        npm: '@ai-sdk/openai-compatible',
        options: {
          baseURL: 'http://127.0.0.1:1/v1',
          apiKey: 'k',
          headerTimeout: 60_000,
          chunkTimeout: 60_000,
        },
        models: { 'qwen/coder': { limit: { context: 32_000 }, modalities: { input: ['text', 'image'] } } },
      },
    });
  });

  it('uses OpenCode’s named provider otherwise, with the key given', () => {
    const model = { id: 'anthropic/claude-sonnet-4-5', apiKey: 'sk' };
    expect(buildConfig({ ...input, model })['provider']).toEqual({
      anthropic: { options: { apiKey: 'sk', headerTimeout: 60_000, chunkTimeout: 60_000 } },
    });
    expect(splitModel(model.id)).toEqual({ providerId: 'anthropic', modelId: 'claude-sonnet-4-5' });
  });

  it('MCP-1: reaches each server over loopback with the bearer token; MCP-2: loads the stamp plugin', () => {
    const config = buildConfig(input);
    expect(config['mcp']).toMatchObject({
      lab: {
        type: 'remote',
        url: 'http://127.0.0.1:2/mcp/lab',
        headers: { authorization: 'Bearer mcp-token' },
        oauth: false,
        timeout: 90_000,
      },
    });
    expect(config['plugin']).toEqual([
      [
        'file:///agents/stamp/plugin.js',
        { url: input.stampUrl, token: 'stamp-token', servers: ['slack', 'lab'] },
      ],
    ]);
  });
});

describe('the environment OpenCode runs in', () => {
  it('inherits nothing, and what the operator adds cannot override ours', () => {
    const environment = buildEnvironment({
      root: '/state/opencode',
      config: { a: 1 },
      password: 'pw',
      extra: { HTTPS_PROXY: 'http://proxy', HOME: '/root', OPENCODE_DISABLE_SHARE: '0' },
    });
    expect(environment).toMatchObject({
      HTTPS_PROXY: 'http://proxy',
      NO_PROXY: '127.0.0.1,localhost',
      HOME: '/state/opencode/home',
      OPENCODE_DISABLE_SHARE: '1',
      OPENCODE_DISABLE_MODELS_FETCH: '1',
      OPENCODE_DISABLE_PROJECT_CONFIG: '1',
      OPENCODE_SERVER_PASSWORD: 'pw',
      OPENCODE_CONFIG_CONTENT: '{"a":1}',
    });
    expect(Object.keys(environment)).not.toContain('OPENCODE_DISABLE_EMBEDDED_WEB_UI');
    const outside = Object.entries(environment).filter(([name]) => /^(XDG_|TMPDIR)/.test(name));
    expect(outside.every(([, path]) => path.startsWith('/state/opencode/'))).toBe(true);
  });
});
