import { describe, expect, it } from 'vitest';
import { decidePlacement, hasDirectory } from './placement.ts';

const host = (name: string, load: number, roots = ['/work']) => ({
  host: name,
  load,
  roots,
  local: name === 'local',
});

describe('placement', () => {
  it('BR-3: takes the least busy host that has the directory', () => {
    const hosts = [host('a', 2), host('b', 1), host('c', 0, ['/other'])];
    expect(decidePlacement(hosts, '/work/x')).toBe('b');
  });

  it('BR-3: between equals the local one, then the first by name', () => {
    expect(decidePlacement([host('a', 1), host('local', 1)], '/work/x')).toBe('local');
    expect(decidePlacement([host('b', 1), host('a', 1)], '/work/x')).toBe('a');
  });

  it('BR-3: none has it', () => {
    expect(decidePlacement([host('a', 0)], '/elsewhere')).toBeUndefined();
    expect(decidePlacement([], '/work')).toBeUndefined();
  });

  it.each([
    ['/work', true],
    ['/work/a/b', true],
    ['/work/../etc', false],
    ['/workshop', false],
    ['/', false],
  ])('WS-1: %s is on a host with /work: %s', (directory, has) => {
    expect(hasDirectory(['/work/'], directory)).toBe(has);
  });

  it('WS-1: a host with / has everything', () => {
    expect(hasDirectory(['/'], '/any/where')).toBe(true);
  });
});
