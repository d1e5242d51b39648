import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { findBinary, packageNames } from './binary.ts';

describe('the OpenCode binary', () => {
  it.each([
    [
      { platform: 'linux', arch: 'x64', musl: false, avx2: true },
      ['opencode-linux-x64', 'opencode-linux-x64-baseline'],
    ],
    [{ platform: 'linux', arch: 'x64', musl: true, avx2: false }, ['opencode-linux-x64-baseline-musl']],
    [{ platform: 'linux', arch: 'arm64', musl: true, avx2: false }, ['opencode-linux-arm64-musl']],
    [{ platform: 'darwin', arch: 'arm64', musl: false, avx2: true }, ['opencode-darwin-arm64']],
  ])('is looked for by machine: %j', (machine, names) => {
    expect(packageNames(machine)).toEqual(names);
  });

  it('is installed', () => {
    expect(existsSync(findBinary())).toBe(true);
  });
});
