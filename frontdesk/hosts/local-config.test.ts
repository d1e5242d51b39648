import { describe, expect, it } from 'vitest';
import { buildLocalConfig } from './local-config.ts';

const bridge = { url: 'http://x', token: 't', host: 'local', roots: ['/w'], idleMinutes: 15 };
const config = buildLocalConfig({
  models: [
    { id: 'lab/qwen', baseUrl: 'http://lab/v1' },
    { id: 'lab/coder', baseUrl: 'http://lab/v1' },
    { id: 'anthropic/claude', apiKey: 'k' },
  ],
  pluginPath: '/agents/bridge/plugin.js',
  bridge,
});

describe("the local host's configuration", () => {
  it('SE-2: has every model, the first one as default, and no other provider', () => {
    expect(config['model']).toBe('lab/qwen');
    expect(config['enabled_providers']).toEqual(['lab', 'anthropic']);
    expect(config['provider']).toMatchObject({
      lab: { models: { qwen: {}, coder: {} }, options: { baseURL: 'http://lab/v1' } },
      anthropic: { options: { apiKey: 'k' } },
    });
  });

  it('BR-1: loads the bridge with its settings', () => {
    expect(config['plugin']).toEqual([['file:///agents/bridge/plugin.js', bridge]]);
  });

  it('SE-2: asks for nothing that would hang an unattended session, and widens no agent', () => {
    expect(JSON.stringify(config['permission'])).not.toContain('"ask"');
    expect(config['permission']).not.toHaveProperty('*');
    expect(config['permission']).toMatchObject({ external_directory: 'deny', doom_loop: 'deny' });
  });
});
