import type { ServerResponse } from 'node:http';

import type { World } from '../store/world.ts';

const keepAliveMs = 15_000;

/**
 * Server-sent events: `journal` with each new entry (its id is the entry's seq, so a client can resume with
 * `?after=`), and `change` with `{kind, channel, thread}` for everything one might redraw.
 */
export function streamChanges(world: World, after: number, response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
  response.flushHeaders();
  let sent = after;
  const sendJournal = () => {
    const news: string[] = [];
    for (let at = world.journal.entries.length - 1; at >= 0; at--) {
      const entry = world.journal.entries[at];
      if (!entry || entry.seq <= sent) break;
      news.unshift(`id: ${entry.seq}\nevent: journal\ndata: ${JSON.stringify(entry)}\n\n`);
    }
    sent = world.journal.entries.at(-1)?.seq ?? sent;
    if (news.length > 0) response.write(news.join(''));
  };
  sendJournal();
  const unwatch = world.changes.watch((change) => {
    if (change.kind === 'journal') sendJournal();
    else response.write(`event: change\ndata: ${JSON.stringify(change)}\n\n`);
  });
  const keepAlive = setInterval(() => response.write(': still here\n\n'), keepAliveMs);
  response.on('close', () => {
    unwatch();
    clearInterval(keepAlive);
  });
}
