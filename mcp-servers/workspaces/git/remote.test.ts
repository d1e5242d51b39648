import { describe, expect, it } from 'vitest';
import { buildCompareUrl, parseRemote } from './remote.ts';

describe('remotes', () => {
  it.each([
    ['https://u:p@GitHub.com/acme/api.git', 'github.com', 'acme/api', 'https'],
    ['https://host:8443/acme/api/', 'host', 'acme/api', 'https'],
    ['git@github.com:acme/api.git', 'github.com', 'acme/api', 'ssh'],
    ['ssh://git@github.com:22/acme/api', 'github.com', 'acme/api', 'ssh'],
    ['gitlab.com:group/sub/api.git', 'gitlab.com', 'group/sub/api', 'ssh'],
  ])('WS-5: understands %s', (address, host, path, scheme) => {
    expect(parseRemote(address)).toEqual({ host, path, scheme });
  });

  it.each(['/srv/git/api.git', './api', 'file:///srv/git/api.git', ''])('WS-5: %j has no page', (address) => {
    expect(parseRemote(address)).toBeNull();
  });

  it('WS-5: links to the page of hosts that are known', () => {
    const link = (address: string) => {
      const remote = parseRemote(address);
      return remote && buildCompareUrl(remote, 'main', 'frontdesk/a b', 'git.corp');
    };
    expect(link('git@github.com:acme/api.git')).toBe(
      'https://github.com/acme/api/compare/main...frontdesk/a%20b?expand=1',
    );
    expect(link('git@git.corp:acme/api')).toContain('https://git.corp/acme/api/compare/');
    expect(link('git@gitlab.com:g/s/api')).toContain(
      'https://gitlab.com/g/s/api/-/merge_requests/new?merge_request%5Bsource_branch%5D=frontdesk%2Fa+b',
    );
    expect(link('git@codeberg.org:a/b')).toBeNull();
  });
});
