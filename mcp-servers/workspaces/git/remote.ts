/** A remote's address, understood. */
export interface RemoteAddress {
  readonly host: string;
  /** `owner/name`, or deeper on GitLab. */
  readonly path: string;
  readonly scheme: 'https' | 'http' | 'ssh';
}

/** @returns null for a path on this machine and whatever else has no web page */
export function parseRemote(address: string): RemoteAddress | null {
  const url = /^(https?|ssh|git):\/\/(?:[^@/]*@)?([^/:]+)(?::\d+)?\/(.+)$/.exec(address);
  const scp = /^(?:[^@/:]+@)?([^/:]+):(?!\/\/)(.+)$/.exec(address);
  const [scheme, host = '', rest = ''] = url ? url.slice(1) : ['ssh', ...(scp?.slice(1) ?? [])];
  const path = rest
    .replace(/^\/+/, '')
    .replace(/\/+$/, '')
    .replace(/\.git$/, '');
  if (host === '' || !path.includes('/')) return null;
  return { host: host.toLowerCase(), path, scheme: scheme === 'https' || scheme === 'http' ? scheme : 'ssh' };
}

/** The page where a person opens the pull (merge) request; null for a host whose pages we do not know. */
export function buildCompareUrl(
  remote: RemoteAddress,
  base: string,
  branch: string,
  github: string,
): string | null {
  const web = `https://${remote.host}/${remote.path}`;
  const name = (ref: string) => ref.split('/').map(encodeURIComponent).join('/');
  if (remote.host === github || remote.host === 'github.com') {
    return `${web}/compare/${name(base)}...${name(branch)}?expand=1`;
  }
  if (/(^|\.)gitlab\./.test(remote.host)) {
    const query = new URLSearchParams({
      'merge_request[source_branch]': branch,
      'merge_request[target_branch]': base,
    });
    return `${web}/-/merge_requests/new?${query.toString()}`;
  }
  return null;
}
