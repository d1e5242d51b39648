import type { IncomingMessage } from 'node:http';

type Asked = Pick<IncomingMessage, 'headers' | 'socket'>;

const loopback = new Set(['127.0.0.1', 'localhost', '[::1]']);

/** The Host has to be loopback (no DNS rebinding), and so has the other end. */
function isLocal({ headers, socket }: Asked): boolean {
  if (!loopback.has((headers.host ?? '').replace(/:\d+$/, ''))) return false;
  return /^(?:::ffff:)?127\.|^::1$/.test(socket.remoteAddress ?? '');
}

/**
 * The control API can act as anybody, so a web page from elsewhere must not reach it: local, and an Origin,
 * where a browser sends one, this very server.
 */
export function isAllowed(request: Asked): boolean {
  if (!isLocal(request)) return false;
  const { headers } = request;
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return false;
  return headers.origin === undefined || headers.origin === `http://${headers.host}`;
}

/** A local browser opens an address as a page of its own; where the link was does not matter. */
export function isNavigation(request: Asked): boolean {
  const { 'sec-fetch-dest': destination, origin } = request.headers;
  return isLocal(request) && destination === 'document' && origin === undefined;
}
