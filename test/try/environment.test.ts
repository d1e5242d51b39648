import { describe, expect, it } from 'vitest';
import { buildServiceEnvironment, usesOwnModel } from './environment.ts';

const parts = {
  slack: { botToken: 'xoxb-1', appToken: 'xapp-1', apiUrl: 'http://127.0.0.1:1/api/' },
  modelUrl: 'http://127.0.0.1:2/v1',
  stateDir: '/tmp/state',
  workspaceRoot: '/tmp/state/work',
  allowed: ['U_ANNA', 'U_BEN'],
};

describe('try: the environment of the service', () => {
  it('OP-3: needs nothing of the person, and hands on nothing that is not needed', () => {
    const env = {
      PATH: '/bin',
      SLACK_BOT_TOKEN: 'xoxb-real',
      AWS_SECRET_ACCESS_KEY: 's',
      FRONTDESK_LOG_LEVEL: 'debug',
    };
    expect(buildServiceEnvironment(env, parts)).toEqual({
      PATH: '/bin',
      FRONTDESK_LOG_LEVEL: 'debug',
      FRONTDESK_MODEL: 'stand-in/front-desk',
      FRONTDESK_MODEL_BASE_URL: 'http://127.0.0.1:2/v1',
      FRONTDESK_PORT: '0',
      FRONTDESK_STATE_DIR: '/tmp/state',
      FRONTDESK_WORKSPACE_ROOT: '/tmp/state/work',
      FRONTDESK_LABS_STAY: 'false',
      SLACK_ALLOWED_USERS: 'U_ANNA,U_BEN',
      SLACK_API_URL: 'http://127.0.0.1:1/api/',
      SLACK_APP_TOKEN: 'xapp-1',
      SLACK_BOT_TOKEN: 'xoxb-1',
    });
    expect(usesOwnModel(env)).toBe(false);
  });

  it('takes the person’s own model with its provider’s key', () => {
    const env = { FRONTDESK_MODEL: 'anthropic/claude', ANTHROPIC_API_KEY: 'k1' };
    expect(usesOwnModel(env)).toBe(true);
    const built = buildServiceEnvironment(env, parts);
    expect(built).toMatchObject({ FRONTDESK_MODEL: 'anthropic/claude', FRONTDESK_MODEL_API_KEY: 'k1' });
    expect(built).not.toHaveProperty('FRONTDESK_MODEL_BASE_URL');
    const both = buildServiceEnvironment({ ...env, FRONTDESK_MODEL_API_KEY: 'k2' }, parts);
    expect(both['FRONTDESK_MODEL_API_KEY']).toBe('k2');
  });
});
