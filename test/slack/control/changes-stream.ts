import type { ServerResponse } from 'node:http';

import type { Change } from '../changes.ts';
import type { World } from '../store/world.ts';

const keepAliveMs = 15_000;
/** A client that has not read this much is left behind, rather than kept in memory. */
const maxUnsentBytes = 1_000_000;

/**
 * Server-sent events: `journal` with each new entry (its id is the entry's seq, so a client can resume with
 * `?after=`), and `change` with `{seq, kind, channel, thread, ts}` for everything one might redraw. `seq` counts
 * the changes of this connection: for a client that lags, some are left out, and the hole in `seq` says so.
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
  let seq = 0;
  let behind = false;
  const sendChange = (change: Change) =>
    response.write(`event: change\ndata: ${JSON.stringify({ seq, ...change })}\n\n`);
  const unwatch = world.changes.watch((change) => {
    if (change.kind === 'journal') return sendJournal();
    seq += 1;
    if (response.writableLength <= maxUnsentBytes) return sendChange(change);
    if (behind) return;
    behind = true;
    // Once it reads again, one more change shows it the hole.
    response.once('drain', () => {
      behind = false;
      seq += 1;
      sendChange({ kind: 'channel' });
    });
  });
  const keepAlive = setInterval(() => response.write(': still here\n\n'), keepAliveMs);
  response.on('close', () => {
    unwatch();
    clearInterval(keepAlive);
  });
}
