import { PassThrough } from 'node:stream';
import type { ServerResponse } from 'node:http';

import { expect, it } from 'vitest';

import { createChanges } from '../changes.ts';
import type { World } from '../store/world.ts';
import { streamChanges } from './changes-stream.ts';

it('leaves out changes for a client that does not read, and shows it the hole once it does', async () => {
  const changes = createChanges();
  const world = { changes, journal: { entries: [] } } as unknown as World;
  const lagging = Object.assign(new PassThrough(), { writeHead: () => {}, flushHeaders: () => {} });
  streamChanges(world, 0, lagging as unknown as ServerResponse);
  const long = 'x'.repeat(100_000);
  for (let at = 0; at < 50; at++) changes.emit({ kind: 'message', channel: long });
  expect(lagging.writableLength).toBeLessThan(1_200_000);
  const seqs: number[] = [];
  let text = '';
  for await (const chunk of lagging) {
    text += String(chunk);
    const events = text.split('\n\n');
    text = events.pop() ?? '';
    seqs.push(...events.map((event) => Number(/"seq":(\d+)/.exec(event)?.[1])));
    if (seqs.at(-1) === 51) break;
  }
  expect(seqs.slice(0, 3)).toEqual([1, 2, 3]);
  expect(seqs.length).toBeLessThan(20);
});
