import { describe, expect, it } from 'vitest';
import { decideRouting } from '../../mcp-servers/sessions/routing.ts';
import { parseConfig, secretsOf } from './load.ts';

const good = {
  SLACK_BOT_TOKEN: 'xoxb-1-abc',
  SLACK_APP_TOKEN: 'xapp-1-abc',
  SLACK_ALLOWED_USERS: 'U1, U2',
  FRONTDESK_MODEL: 'anthropic/claude',
};

describe('configuration', () => {
  it('OP-5: environment wins over file, file over defaults', () => {
    const config = parseConfig(
      { ...good, FRONTDESK_PORT: '9' },
      { FRONTDESK_PORT: 7, FRONTDESK_LOG_LEVEL: 'debug' },
    );
    expect(config).toMatchObject({
      port: 9,
      logLevel: 'debug',
      slackMode: 'socket',
      allowedUsers: ['U1', 'U2'],
    });
  });

  it('OP-5: all problems at once, each with variable and fix, and no secret printed', () => {
    const env = {
      SLACK_BOT_TOKEN: 'hunter2-secret',
      FRONTDESK_PORT: '70000',
      SLACK_API_URL: 'https://evil.example/',
    };
    expect(() => parseConfig(env, { FRONTDESK_PROT: 1 })).toThrowErrorMatchingInlineSnapshot(`
      [FrontdeskError: The configuration has problems.
        - FRONTDESK_PROT in the config file is not a setting. Remove it or correct its name.
        - SLACK_BOT_TOKEN must be a bot token (xoxb-…). To fix it, copy it from “OAuth & Permissions” of your Slack app; it begins with xoxb-.
        - SLACK_API_URL must be https://slack.com/api/ or a loopback address: the token is sent there. To fix it, leave it unset for Slack itself.
        - FRONTDESK_PORT must be 65535 or less. To fix it, set a number from 0 to 65535.
        - FRONTDESK_MODEL is missing. To fix it, set provider/model, e.g. anthropic/claude-sonnet-4-5.
        - SLACK_APP_TOKEN is missing. To fix it, make one under “Basic Information → App-Level Tokens” with connections:write; it begins with xapp-.
      ]
    `);
    expect(() => parseConfig(env, {})).toThrow(
      expect.not.objectContaining({ message: expect.stringContaining('hunter2') }),
    );
  });

  it('IN-1: HTTP mode needs the signing secret and no app token', () => {
    const { SLACK_APP_TOKEN: _, ...rest } = good;
    expect(() => parseConfig({ ...rest, SLACK_MODE: 'http' }, {})).toThrow('SLACK_SIGNING_SECRET is missing');
    expect(
      parseConfig({ ...rest, SLACK_MODE: 'http', SLACK_SIGNING_SECRET: '0123456789' }, {}).slackMode,
    ).toBe('http');
  });

  it('IN-2: an empty allowlist is nobody, not everybody', () => {
    expect(parseConfig({ ...good, SLACK_ALLOWED_USERS: '' }, {}).allowedUsers).toEqual([]);
  });

  it('IN-2: a name where Slack has ids would serve nobody, so it is refused', () => {
    const anna = { ...good, SLACK_ALLOWED_USERS: 'U012AB3CD, anna' };
    expect(() => parseConfig(anna, {})).toThrow(/SLACK_ALLOWED_USERS must be user ids \(U…\), not names/);
    const dev = { ...good, SLACK_ALLOWED_CHANNELS: '#dev', SLACK_ALLOWED_TEAMS: 'acme' };
    expect(() => parseConfig(dev, {})).toThrow(/TEAMS must be team ids[\s\S]*CHANNELS must be channel ids/);
  });

  it("WS-6: a host's owner is one of those who are served", () => {
    const owned = (owner: string) =>
      parseConfig(
        { ...good, SLACK_ALLOWED_USERS: 'U_ANNA,U_BEN', FRONTDESK_HOST_OWNERS: `{"laptop":"${owner}"}` },
        {},
      );
    expect(owned('U_BEN').hostOwners).toEqual({ laptop: 'U_BEN' });
    expect(() => owned('U_EVE')).toThrow(/FRONTDESK_HOST_OWNERS names somebody who is not in/);
    expect(() => parseConfig({ ...good, FRONTDESK_HOST_OWNERS: 'U_BEN' }, {})).toThrow('is not JSON');
  });

  it('AS-3: a deadline that is none is answered with what one looks like', () => {
    const FRONTDESK_POLICY = '{"deadline":{"wallMinutes":0.5}}';
    expect(() => parseConfig({ ...good, FRONTDESK_POLICY }, {})).toThrow(
      'must be "continue-immediately", {"businessMinutes":120} or {"wallMinutes":60}, in whole minutes',
    );
  });

  it('SE-1: routing rules are a setting, as JSON or in the file; the shipped ones hold without it', () => {
    const rule = { agent: 'pm', topic: 'words', weight: 2, keywords: ['implement*'] };
    const routing = { default: 'architect', confidentFrom: 0.5, rules: [rule] };
    const configs = [
      parseConfig({ ...good, FRONTDESK_ROUTING: JSON.stringify(routing) }, {}),
      parseConfig(good, { FRONTDESK_ROUTING: routing }),
    ];
    const agents = configs.map((config) => [
      decideRouting({ title: 'Implement login API' }, config.routing).agent,
      decideRouting({ title: 'Fix the thing' }, config.routing).agent,
    ]);
    expect(agents).toEqual([
      ['pm', 'architect'],
      ['pm', 'architect'],
    ]);
    expect(decideRouting({ title: 'Implement login API' }, parseConfig(good, {}).routing).agent).toBe(
      'builder',
    );
    const wrong = JSON.stringify({ ...routing, default: 'nobody' });
    expect(() => parseConfig({ ...good, FRONTDESK_ROUTING: wrong }, {})).toThrow(
      /FRONTDESK_ROUTING \(default\) is not right: expected one of/,
    );
  });

  it('OUT-3: every secret setting is known for masking', () => {
    const config = parseConfig({ ...good, FRONTDESK_MODEL_API_KEY: 'k-123456789' }, {});
    expect(secretsOf(config).map(({ name }) => name)).toEqual([
      'SLACK_BOT_TOKEN',
      'SLACK_APP_TOKEN',
      'FRONTDESK_MODEL_API_KEY',
    ]);
  });
});
