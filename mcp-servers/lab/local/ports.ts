import { createServer } from 'node:net';

export interface Ports {
  /**
   * @param wanted taken when nobody listens there; null: any
   * @returns a port nobody listens on, not given to anybody else until it is released
   */
  take(wanted: number | null): Promise<number>;
  release(port: number): void;
}

export function createPorts(): Ports {
  const taken = new Set<number>();
  const claim = (port: number | undefined): port is number => {
    if (port === undefined || taken.has(port)) return false;
    taken.add(port);
    return true;
  };
  return {
    async take(wanted) {
      if (wanted !== null) {
        const port = await tryPort(wanted);
        if (claim(port)) return port;
      }
      for (;;) {
        const port = await tryPort(0);
        if (claim(port)) return port;
      }
    },
    release: (port) => void taken.delete(port),
  };
}

/** @returns the port, when it could be listened on; undefined: somebody does already */
function tryPort(port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.on('error', () => resolve(undefined));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => {
      const address = server.address();
      const found = typeof address === 'object' && address !== null ? address.port : undefined;
      server.close(() => resolve(found));
    });
  });
}
