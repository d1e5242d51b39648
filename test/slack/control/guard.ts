import type { IncomingMessage } from 'node:http';

const loopback = new Set(['127.0.0.1', 'localhost', '[::1]']);

/**
 * The control API can act as anybody, so a web page from elsewhere must not reach it: the Host has to be
 * loopback (no DNS rebinding) and an Origin, where a browser sends one, this very server.
 */
export function isAllowed({ headers, socket }: Pick<IncomingMessage, 'headers' | 'socket'>): boolean {
  const host = headers.host ?? '';
  if (!loopback.has(host.replace(/:\d+$/, ''))) return false;
  if (!/^(?:::ffff:)?127\.|^::1$/.test(socket.remoteAddress ?? '')) return false;
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return false;
  return headers.origin === undefined || headers.origin === `http://${host}`;
}
