import { spawn } from 'node:child_process';

type Environment = Readonly<Record<string, string | undefined>>;

/** @returns the program that opens an address in the person's browser; undefined where there is no desktop. */
export function browserOpener(
  env: Environment,
  platform: NodeJS.Platform = process.platform,
): string | undefined {
  if (env['CI'] !== undefined && env['CI'] !== '') return undefined;
  // Over SSH a window would open where nobody sits.
  const remote = (env['SSH_CONNECTION'] ?? '') !== '';
  if (platform === 'darwin') return remote ? undefined : 'open';
  const desktop = (env['DISPLAY'] ?? '') !== '' || (env['WAYLAND_DISPLAY'] ?? '') !== '';
  return platform === 'linux' && desktop ? 'xdg-open' : undefined;
}

/** Tries to open an address; that it cannot be opened is no failure, the address is printed anyway. */
export function openInBrowser(program: string, url: string): void {
  const child = spawn(program, [url], { stdio: 'ignore', detached: true });
  child.on('error', () => {});
  child.unref();
}
