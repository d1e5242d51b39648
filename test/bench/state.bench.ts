import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type ThreadRecord, threadRecordSchema } from '../../frontdesk/threads/record.ts';
import { threadKey } from '../../mcp-servers/kit/chat.ts';
import { buildFileName } from '../../mcp-servers/kit/store/file-name.ts';
import { renderDocument } from '../../mcp-servers/kit/store/parse-document.ts';
import type { ThreadOutbox } from '../../mcp-servers/slack/outbox/entry.ts';
import { type Measure, p50 } from './figures.ts';
import { openRig } from './rig.ts';
import { benchStore } from './store.bench.ts';

/** Issue 2 §7: 10,000 threads cost a turn, and a start, what 10 do. */
export const stateBench: Measure = {
  name: 'state',
  about: 'the store, and the service’s start, with 10 and with 10,000 threads',
  async run({ quick, nodeOptions, say }) {
    say('the store');
    const store = await benchStore();
    const starts = { few: [] as number[], many: [] as number[] };
    for (let round = 0; round < (quick ? 1 : 3); round += 1) {
      say(`starts, round ${round + 1}`);
      starts.few.push(await startWith(10, nodeOptions));
      starts.many.push(await startWith(10_000, nodeOptions));
    }
    return [
      {
        what: 'a turn’s writes, p95, 10,000 / 10 threads',
        value: store.ratio,
        unit: '×',
        goal: { atMost: 1.2 },
      },
      { what: 'a turn’s writes, p95, 10 threads', value: store.p95With10Ms, unit: 'ms' },
      { what: 'a turn’s writes, p95, 10,000 threads', value: store.p95With10000Ms, unit: 'ms' },
      {
        what: 'one file written and fsynced, p95',
        value: store.bareFsyncP95Ms,
        unit: 'ms',
        note: `p50 ${store.bareFsyncP50Ms.toFixed(2)} ms`,
      },
      { what: 'start of the service, 10 threads', value: p50(starts.few), unit: 'ms' },
      { what: 'start of the service, 10,000 threads', value: p50(starts.many), unit: 'ms' },
    ];
  },
};

async function startWith(threads: number, nodeOptions: readonly string[]): Promise<number> {
  const prepare = (stateDir: string) => fill(join(stateDir, 'state'), threads);
  await using rig = await openRig({ channels: 20, nodeOptions, prepare });
  return rig.startedInMs;
}

/** Threads that are over, as the service leaves them. Written as the store would, without waiting for the disk. */
async function fill(dir: string, count: number): Promise<void> {
  const write = async (collection: string, id: string, data: unknown) => {
    const { shard, name } = buildFileName(id);
    await mkdir(join(dir, collection, shard), { recursive: true, mode: 0o700 });
    await writeFile(join(dir, collection, shard, name), renderDocument(1, id, data));
  };
  for (let at = 0; at < count; at += 1) {
    const record = buildRecord(at);
    const id = threadKey(record.ref);
    await write('threads', id, threadRecordSchema.parse(record));
    await write('outbox', id, buildOutbox(record));
  }
}

/** A thread of five turns. */
function buildRecord(at: number): ThreadRecord {
  const seconds = Math.floor(Date.now() / 1000) - 86_400 + at;
  const ids = Array.from({ length: 5 }, (_, turn) => `${seconds}.00000${turn}`);
  const [thread = ''] = ids;
  return {
    ref: { team: 'T0LOCAL', channel: `C_${at % 20}`, thread, dm: false },
    sessionId: null,
    muted: false,
    turn: null,
    queue: [],
    seen: ids.flatMap((id) => [id, `Ev${id}`, `EvTwin${id}`]),
    lastMessageId: ids.at(-1) ?? '',
    delivered: ids.map((messageId) => ({ messageId, text: 'What is the state of the login page?' })),
    aside: [],
    activeAt: Date.now() - 86_400_000,
  };
}

function buildOutbox({ ref, delivered }: ThreadRecord): ThreadOutbox {
  const sent = delivered.map(({ messageId }) => [
    `${threadKey(ref)}/${messageId}/r-0123456789abcdef`,
    { ts: messageId, at: Date.now() },
  ]);
  return { ref, entries: [], sent: Object.fromEntries(sent), streams: {} };
}
