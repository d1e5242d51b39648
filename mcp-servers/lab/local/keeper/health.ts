import { request } from 'node:http';

export type Health =
  | { readonly is: 'well'; readonly host: string }
  /** It answers, with this status; 0: it took the connection and said nothing of use. */
  | { readonly is: 'unwell'; readonly status: number }
  | { readonly is: 'closed' };

const hosts = ['127.0.0.1', '::1'];

/** Asks once. An app that listens on `localhost` only may be at either address. @param noteOwn told the port of each connection */
export async function askHealth(
  port: number,
  path: string,
  timeoutMs: number,
  noteOwn: (localPort: number) => void,
): Promise<Health> {
  let worst: Health = { is: 'closed' };
  for (const host of hosts) {
    const health = await ask(host, port, path, timeoutMs, noteOwn);
    if (health.is === 'well') return health;
    if (health.is === 'unwell') worst = health;
  }
  return worst;
}

async function ask(
  host: string,
  port: number,
  path: string,
  timeout: number,
  noteOwn: (localPort: number) => void,
): Promise<Health> {
  return await new Promise((resolve) => {
    const headers = { 'user-agent': 'frontdesk-health' };
    const asked = request({ host, port, path, headers, agent: false, timeout }, (response) => {
      const { statusCode: status = 0 } = response;
      response.destroy();
      resolve(
        status > 0 && status < 500
          ? { is: 'well', host: host.includes(':') ? `[${host}]` : host }
          : { is: 'unwell', status },
      );
    });
    asked.on('socket', (socket) => socket.once('connect', () => noteOwn(socket.localPort ?? 0)));
    asked.on('timeout', () => {
      // On this machine a port that is open takes a connection at once: only ours was too slow, or nobody listens.
      const taken = asked.socket?.connecting === false;
      asked.destroy();
      resolve(taken ? { is: 'unwell', status: 0 } : { is: 'closed' });
    });
    asked.on('error', ({ code }: NodeJS.ErrnoException) => {
      const isClosed = ['ECONNREFUSED', 'EADDRNOTAVAIL', 'EAFNOSUPPORT', 'ENETUNREACH'].includes(code ?? '');
      resolve(isClosed ? { is: 'closed' } : { is: 'unwell', status: 0 });
    });
    asked.end();
  });
}
