import { describe, expect, it } from 'vitest';
import { bridgeUrl, readSettings } from './settings.ts';

const environment = { FRONTDESK_URL: 'http://desk:8000', FRONTDESK_BRIDGE_TOKEN: 't' };

describe('settings of the bridge', () => {
  it('BR-1: come from the environment, with the folder OpenCode runs in as root', () => {
    expect(readSettings(undefined, { ...environment, FRONTDESK_HOST_NAME: 'pod-1' }, '/work')).toEqual({
      url: 'http://desk:8000',
      token: 't',
      host: 'pod-1',
      roots: ['/work'],
      idleMinutes: 0,
    });
    expect(readSettings({}, { ...environment, FRONTDESK_ROOTS: '/a:/b' }, '/work')).toMatchObject({
      roots: ['/a', '/b'],
    });
  });

  it('BR-1: options come first', () => {
    const options = { url: 'wss://x', token: 'o', host: 'h', roots: ['/r'], idleMinutes: 5 };
    expect(readSettings(options, environment, '/work')).toEqual(options);
  });

  it('BR-1: says what is missing instead of failing', () => {
    expect(readSettings(undefined, {}, '/work')).toMatchObject({
      off: expect.stringMatching(/FRONTDESK_URL.*url.*token/),
    });
  });

  it('BR-1: dials the bridge path', () => {
    expect(bridgeUrl('http://desk:8000/')).toBe('ws://desk:8000/ws/bridge');
    expect(bridgeUrl('https://desk')).toBe('wss://desk/ws/bridge');
  });
});
