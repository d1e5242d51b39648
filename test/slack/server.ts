import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { createHttpTransport, verifyRequestUrl } from './hub/http-transport.ts';
import { createSocketHub } from './hub/socket-hub.ts';
import type { Transport } from './hub/transport.ts';
import { handleHttp } from './http.ts';
import { createFaultBox } from './limits/faults.ts';
import { createRateLimits } from './limits/rate-limits.ts';
import { createPerson } from './people/person.ts';
import { renderTranscript } from './render/transcript.ts';
import { addChannel, createWorld } from './store/create-world.ts';
import { keepWorld, recallWorld } from './store/keep.ts';
import type { StoredMessage } from './store/model.ts';
import type { World } from './store/world.ts';
import type { SlackServer, SlackServerOptions } from './types.ts';
import { waitUntil } from './until.ts';
import { allMethods } from './web-api/methods.ts';
import { createRouter } from './web-api/router.ts';

/**
 * Starts a Slack workspace with one app in it on 127.0.0.1: Web API, Socket Mode, and people to act as.
 * @throws when the port is taken, or the manifest or what was kept cannot be read
 */
export async function startSlackServer(options: SlackServerOptions = {}): Promise<SlackServer> {
  const world: World = createWorld(options, () => overHttp ?? hub);
  let overHttp: Transport | undefined;
  const { keepIn } = options;
  if (keepIn !== undefined) recallWorld(world, keepIn);
  const { clock, changes, journal } = world;
  const hub = createSocketHub({
    clock,
    changes,
    journal,
    appId: world.id.appId,
    teamId: world.id.teamId,
    pingMs: options.pingMs ?? 5_000,
  });
  const faults = createFaultBox(clock);
  const rateLimits = createRateLimits(clock, {
    enabled: options.rateLimits ?? true,
    burst: options.burst ?? 4,
  });
  const methods = allMethods(() => hub.open(new URL(world.url).host));
  const router = createRouter({ world, methods, faults, rateLimits });
  const control = { world, server: () => slack, more: options.controls ?? {} };

  const server = createServer((request, response) => {
    handleHttp({ world, router, faults, control, site: options.site }, request, response).catch(
      (error: unknown) => {
        journal.add({ kind: 'fault', name: 'server', outcome: String(error) });
        if (response.headersSent) response.socket?.destroy();
        else response.writeHead(500, { 'content-type': 'text/plain' }).end(String(error));
      },
    );
  });
  server.on('upgrade', (request, socket, head) => hub.upgrade(request, socket, head));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  world.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  const useRequestUrl = async (url: string | undefined) => {
    const http = url === undefined ? undefined : { url, secret: world.id.signingSecret, clock };
    if (http) await verifyRequestUrl(http);
    overHttp = http ? createHttpTransport(http) : undefined;
  };

  const slack: SlackServer = {
    apiUrl: `${world.url}/api/`,
    url: world.url,
    botToken: world.id.botToken,
    appToken: world.id.appToken,
    signingSecret: world.id.signingSecret,
    manifest: world.manifest,
    teamId: world.id.teamId,
    botUserId: world.id.botUserId,
    as: (userId) => createPerson(world, userId),
    message: (channel, ts) => world.messages.get(channel, ts),
    thread: (channel, root) =>
      [world.messages.get(channel, root), ...world.messages.replies(channel, root)].filter(
        (message): message is StoredMessage => message !== undefined,
      ),
    messages: (channel) => world.messages.roots(channel),
    view: (viewId) => world.views.get(viewId),
    status: (channel, threadTs) => world.statuses.get(`${channel}:${threadTs}`),
    pinged: () => [...world.messages.all()].filter((message) => message.pings.length > 0),
    get journal() {
      return journal.entries;
    },
    faults,
    outage(forMs) {
      for (const method of ['*', 'upload', 'download']) faults.add({ method, kind: 'reset', forMs });
      hub.sockets.refuse(true, forMs);
      hub.sockets.dropAll();
    },
    sockets: hub.sockets,
    get pendingEvents() {
      return world.delivery.pending;
    },
    addChannel: (channel) => addChannel(world, channel),
    useRequestUrl,
    transcript: (channel, threadTs, transcriptOptions) =>
      renderTranscript(world, channel, threadTs, transcriptOptions),
    watchChanges: (listener) => changes.watch(listener),
    until: (predicate, what, timeoutMs) => waitUntil(world, predicate, what, timeoutMs),
    async [Symbol.asyncDispose]() {
      hub.stop();
      clock.stop();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      if (keepIn !== undefined) await keepWorld(world, keepIn);
    },
  };
  if (options.requestUrl !== undefined) {
    const http = { url: options.requestUrl, secret: world.id.signingSecret, clock };
    overHttp = createHttpTransport(http);
  }
  return slack;
}
