import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSilentLog } from '../../mcp-servers/kit/log.ts';
import { openStore } from '../../mcp-servers/kit/store/store.ts';
import { workspaceStateSchema } from '../../mcp-servers/kit/work.ts';
import { toldSchema } from '../../watcher/told.ts';
import { createWorldWatcher } from '../support/world-watcher.ts';
import { createWorkWorld, thread } from '../support/work-world.ts';
import { type Figure, type Measure, p50 } from './figures.ts';

const intervalMs = 2000;

/**
 * Issue 5: what the watcher's look every 2 s costs, with hosts in memory and a real store. Nothing may be read of a session
 * where nothing has changed, so one that has changed costs the same among ten and among a thousand.
 */
export const reconcileBench: Measure = {
  name: 'reconcile',
  about: 'the watcher: a look at 10, 100 and 1,000 sessions, and one of them changed',
  async run({ quick, say }) {
    const figures: Figure[] = [];
    let few = Number.NaN;
    for (const sessions of [10, 100, 1000]) {
      say(`${sessions} sessions`);
      const { lookMs, changedMs } = await costOf(sessions, quick ? 30 : 100);
      if (sessions === 10) few = changedMs;
      figures.push(
        { what: `${sessions} sessions: CPU of a look, nothing changed`, value: lookMs, unit: 'ms' },
        {
          what: `${sessions} sessions: CPU besides, one of them ended its turn and is told`,
          value: changedMs,
          unit: 'ms',
        },
      );
      if (sessions === 1000)
        figures.push(
          {
            what: '1,000 sessions: of a core, looking every 2 s',
            value: (lookMs / intervalMs) * 100,
            unit: '%',
            goal: { atMost: 2 },
          },
          {
            what: 'a changed one among 1,000 / among 10',
            value: changedMs / few,
            unit: '×',
            goal: { atMost: 3 },
            note: 'of about a millisecond',
          },
        );
    }
    return figures;
  },
};

async function costOf(sessions: number, rounds: number): Promise<{ lookMs: number; changedMs: number }> {
  const dir = await mkdtemp(join(tmpdir(), 'frontdesk-reconcile-'));
  try {
    await using store = await openStore({ dir, log: createSilentLog() });
    const world = createWorkWorld();
    const { work, ports } = world.live();
    const told = store.collection({ name: 'told', schema: toldSchema, version: 1 });
    // The chat is not what is measured.
    const chat = { ...ports.chat, say: async () => {}, change: async () => {} };
    const watcher = createWorldWatcher({ ...ports, chat }, work, told);
    const local = world.hosts.get('local');
    for (let index = 0; index < sessions; index += 1) addSession(world, index);
    const look = async () => {
      world.pass(intervalMs);
      await watcher.runOnce();
    };
    for (let round = 0; round < 10; round += 1) await look();
    const unchanged: number[] = [];
    for (let round = 0; round < rounds; round += 1) unchanged.push(await cpuOf(look));
    const changed: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      // The same ten: the first time something is told, its file is made.
      const session = local?.sessions.get(`ses_${round % 10}`);
      if (session === undefined) continue;
      session.busy = false;
      session.messages.push({ id: `end-${round}`, role: 'assistant', text: 'Done.', at: 0 });
      changed.push(await cpuOf(look));
      // At work again, and believed to be.
      session.busy = true;
      for (let again = 0; again < 4; again += 1) await look();
    }
    return { lookMs: p50(unchanged), changedMs: p50(changed) - p50(unchanged) };
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

/** Milliseconds of this process, all threads: what others do on the machine does not count. */
async function cpuOf(act: () => Promise<void>): Promise<number> {
  const before = process.cpuUsage();
  await act();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

function addSession({ hosts, infos }: ReturnType<typeof createWorkWorld>, index: number): void {
  const [name, id] = [`workspace-${index}`, `ses_${index}`];
  const directory = `/w/.builders/${name}`;
  const messages = [{ id: 'begin', role: 'assistant' as const, text: 'I begin.', at: 0 }];
  hosts.get('local')?.sessions.set(id, { id, directory, title: name, busy: true, messages });
  const startedAt = '2026-11-20T05:00:00Z';
  const state = workspaceStateSchema.parse({
    version: 1,
    workspace: name,
    project: { category: 'ops', project: 'infra' },
    title: name,
    repositories: ['charts'],
    branch: name,
    createdBy: 'U0ANNA',
    createdAt: startedAt,
    thread: thread(`${index}.0`),
    routing: null,
    session: { id, host: 'local', agent: 'builder', model: 'local/qwen', status: 'running', startedAt },
  });
  infos.set(name, { name, folder: directory, state });
}
