import { hostname } from 'node:os';
import * as z from 'zod/mini';

const settings = z.object({
  /** The service, `http(s)://` or `ws(s)://`. */
  url: z.string().check(z.regex(/^(http|ws)s?:\/\/[^/]+/)),
  token: z.string().check(z.minLength(1)),
  host: z.string().check(z.regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/)),
  roots: z.array(z.string().check(z.startsWith('/'))).check(z.minLength(1)),
  idleMinutes: z.number().check(z.nonnegative()),
});
export type Settings = z.infer<typeof settings>;

type Environment = Readonly<Record<string, string | undefined>>;

/** Why the bridge stays off, in words for the person who set it up. */
export interface Off {
  readonly off: string;
}

/**
 * Options of the plugin entry come before FRONTDESK_URL, FRONTDESK_BRIDGE_TOKEN, FRONTDESK_HOST_NAME (default: the
 * machine's), FRONTDESK_ROOTS (folders with `:` between, default: where OpenCode runs) and FRONTDESK_IDLE_MINUTES
 * (default 0: instances are left alone, a person may look at them).
 */
export function readSettings(options: unknown, env: Environment, cwd: string): Settings | Off {
  const given = z.record(z.string(), z.unknown()).safeParse(options).data ?? {};
  const parsed = settings.safeParse({
    url: given['url'] ?? env['FRONTDESK_URL'],
    token: given['token'] ?? env['FRONTDESK_BRIDGE_TOKEN'],
    host: given['host'] ?? env['FRONTDESK_HOST_NAME'] ?? hostname().replaceAll(/[^A-Za-z0-9._-]/g, '-'),
    roots: given['roots'] ?? env['FRONTDESK_ROOTS']?.split(':').filter(Boolean) ?? [cwd],
    idleMinutes: given['idleMinutes'] ?? Number(env['FRONTDESK_IDLE_MINUTES'] ?? 0),
  });
  if (parsed.success) return parsed.data;
  const names = parsed.error.issues.map(({ path, message }) => `${path.join('.')} (${message})`);
  return {
    off: `Set FRONTDESK_URL and FRONTDESK_BRIDGE_TOKEN, or the plugin's options: ${names.join(', ')}`,
  };
}

/** Where to dial: `ws…/ws/bridge` of the service. */
export function bridgeUrl(url: string): string {
  return `${url.replace(/^http/, 'ws').replace(/\/+$/, '')}/ws/bridge`;
}
