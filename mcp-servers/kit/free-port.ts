import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';

/** @param host an address of this machine. @returns a port nobody listens on now; somebody may take it before it is used */
export async function findFreePort(host = '127.0.0.1'): Promise<number> {
  const server = createServer().listen(0, host);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
