import { describe, expect, it } from 'vitest';
import { browserOpener } from './browser.ts';

describe('try: opening a browser', () => {
  it.each([
    ['a desktop', { DISPLAY: ':0' }, 'linux', 'xdg-open'],
    ['Wayland', { WAYLAND_DISPLAY: 'wayland-0' }, 'linux', 'xdg-open'],
    ['no desktop', {}, 'linux', undefined],
    ['macOS', {}, 'darwin', 'open'],
    ['macOS over SSH', { SSH_CONNECTION: '10.0.0.1 1 10.0.0.2 22' }, 'darwin', undefined],
    ['CI', { CI: 'true', DISPLAY: ':99' }, 'linux', undefined],
  ] as const)('%s', (_name, env, platform, opener) => {
    expect(browserOpener(env, platform)).toBe(opener);
  });
});
