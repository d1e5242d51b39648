import { setTimeout as delay } from 'node:timers/promises';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { modelId, startStage } from '../e2e/hosts/rig.ts';
import { createDirect, type Direct, followStream, startBareHost, type Told } from './host.ts';
import { endWithBench } from './processes.ts';
import { type Figure, type Measure, p50, p95 } from './figures.ts';

const agent = 'builder';
const warmUpTurns = 15;

/** What came over one way, waited for session by session. */
function createEar() {
  const heard = new Map<string, number[]>();
  const waiting = new Map<string, () => void>();
  const keyOf = ({ sessionId, kind }: Omit<Told, 'at'>) => `${kind} ${sessionId}`;
  return {
    tell(told: Told): void {
      const key = keyOf(told);
      heard.set(key, [...(heard.get(key) ?? []), told.at]);
      waiting.get(key)?.();
    },
    times: (sessionId: string, kind: Told['kind']) => heard.get(keyOf({ sessionId, kind })) ?? [],
    /** Resolves with when the session ended its n-th turn. */
    async idle(sessionId: string, count: number): Promise<number> {
      const key = keyOf({ sessionId, kind: 'idle' });
      for (;;) {
        const at = heard.get(key)?.[count - 1];
        if (at !== undefined) return at;
        const { promise, resolve } = Promise.withResolvers<void>();
        waiting.set(key, resolve);
        await promise;
      }
    },
  };
}

/** Issue 4: what the bridge adds to a command and to an event, and to a turn of the OpenCode it is loaded in. */
export const bridgeBench: Measure = {
  name: 'bridge',
  about: 'a command and an event over the bridge, against OpenCode’s own HTTP API and event stream',
  async run({ quick, say }) {
    await using stage = await startStage();
    await using local = await stage.startLocal();
    const { pid, url = '', password } = local;
    if (pid !== undefined) endWithBench(pid);
    const file = join(stage.folder('work'), 'note.txt');
    await writeFile(file, 'A line.\n');
    stage.model.script(/./, [{ tools: [{ name: 'read', args: { filePath: file } }] }, { text: 'Read.' }]);
    const directory = join(stage.root, 'work');
    const [stream, bridge] = [createEar(), createEar()];
    await using _stream = await followStream(url, password, (told) => stream.tell(told));
    using _bridge = stage.hosts.onEvent((_, event) => {
      const at = performance.now();
      const { kind, sessionId } = event;
      if (kind === 'idle') bridge.tell({ sessionId, kind, at });
      if (kind === 'tool' && event.status === 'completed') bridge.tell({ sessionId, kind, at });
    });
    const direct = createDirect(url, password);

    await using bare = await startBareHost(
      { id: modelId, baseUrl: stage.model.url, apiKey: 'k' },
      stage.root,
    );
    const alone = createEar();
    await using _alone = await followStream(bare.url, bare.password, (told) => alone.tell(told));

    const open = async () => (await stage.hosts.createSession({ directory, title: 'bench' })).sessionId;
    const session = await open();
    const bareSession = await bare.createSession(directory, 'bench');
    const accepted: Pair = { over: [], direct: [] };
    const turnMs = { here: [] as number[], bare: [] as number[] };
    let [turns, bareTurns] = [0, 0];

    /** @returns ms until it was accepted, and until its end by OpenCode's own stream */
    const overBridge = async (id: string, nth: number) => {
      const startedAt = performance.now();
      const rest = { text: `b${nth}`, agent, model: modelId } as const;
      await stage.hosts.send({
        host: 'local',
        sessionId: id,
        directory,
        messageId: `m-${id}-${nth}`,
        ...rest,
      });
      const acceptedMs = performance.now() - startedAt;
      await bridge.idle(id, nth);
      return { acceptedMs, turnMs: (await stream.idle(id, nth)) - startedAt };
    };
    const byHttp = async (server: Direct, ear: typeof stream, id: string, nth: number) => {
      const startedAt = performance.now();
      await server.prompt({ directory, sessionId: id, text: `d${nth}`, agent, model: modelId });
      const acceptedMs = performance.now() - startedAt;
      return { acceptedMs, turnMs: (await ear.idle(id, nth)) - startedAt };
    };

    say('warm-up');
    for (let turn = 0; turn < warmUpTurns; turn += 1) {
      await overBridge(session, (turns += 1));
      await byHttp(bare, alone, bareSession, (bareTurns += 1));
    }
    const before = turns;
    say('turns');
    for (let turn = 0; turn < (quick ? 20 : 100); turn += 1) {
      accepted.over.push((await overBridge(session, (turns += 1))).acceptedMs);
      const here = await byHttp(direct, stream, session, (turns += 1));
      await bridge.idle(session, turns);
      accepted.direct.push(here.acceptedMs);
      turnMs.here.push(here.turnMs);
      turnMs.bare.push((await byHttp(bare, alone, bareSession, (bareTurns += 1))).turnMs);
      // What a turn leaves to be done is not the next one's.
      await delay(40);
    }
    const quiet = deltas(session, before);

    say('commands');
    const read: Pair = { over: [], direct: [] };
    const made: Pair = { over: [], direct: [] };
    for (let at = 0; at < (quick ? 30 : 200); at += 1) {
      read.over.push(
        await timed(() => stage.hosts.messages({ host: 'local', sessionId: session, directory, limit: 10 })),
      );
      read.direct.push(await timed(() => direct.messages(directory, session, 10)));
      made.over.push(await timed(open));
      made.direct.push(await timed(() => direct.createSession(directory, 'bench')));
    }

    say('ten sessions at once');
    const many = await Promise.all(Array.from({ length: 10 }, open));
    await Promise.all(
      many.map(async (id) => {
        for (let turn = 1; turn <= (quick ? 4 : 20); turn += 1) await overBridge(id, turn);
      }),
    );
    const busy = many.map((id) => deltas(id, 0));

    function deltas(id: string, from: number) {
      const of = (kind: Told['kind']) => {
        const theirs = stream.times(id, kind);
        return bridge
          .times(id, kind)
          .flatMap((at, nth) => (nth < from ? [] : at - (theirs[nth] ?? Number.NaN)));
      };
      return { idle: of('idle'), tool: of('tool') };
    }
    return [
      ...command('messages read (10)', read),
      ...command('session made', made),
      ...command('message accepted', accepted, 'ours looks first whether it was sent before'),
      ...event('tool ended', quiet.tool),
      ...event('turn ended', quiet.idle),
      ...event(
        'ten sessions at work: tool ended',
        busy.flatMap(({ tool }) => tool),
      ),
      ...event(
        'ten sessions at work: turn ended',
        busy.flatMap(({ idle }) => idle),
      ),
      {
        what: 'a turn in an OpenCode with the bridge / without it, p50',
        value: p50(turnMs.here) / p50(turnMs.bare),
        unit: '×',
        note: `${turnMs.here.length} turns each, interleaved; p50 ${p50(turnMs.here).toFixed(0)} / ${p50(turnMs.bare).toFixed(0)} ms`,
      },
    ];
  },
};

async function timed(task: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await task();
  return performance.now() - startedAt;
}

/** The same, over the bridge and by HTTP; ms. */
interface Pair {
  readonly over: number[];
  readonly direct: number[];
}

function command(what: string, { over, direct }: Pair, note?: string): Figure[] {
  const shown = (values: number[]) => `${p50(values).toFixed(1)} / ${p95(values).toFixed(1)}`;
  return [
    {
      what: `${what}: bridge / HTTP, p50`,
      value: p50(over) / p50(direct),
      unit: '×',
      note: [
        `p50 / p95: ${shown(over)} against ${shown(direct)} ms`,
        ...(note === undefined ? [] : [note]),
      ].join('; '),
    },
    { what: `${what}: added, p50`, value: p50(over) - p50(direct), unit: 'ms' },
  ];
}

function event(what: string, deltas: number[]): Figure[] {
  return [
    {
      what: `${what}: later than on OpenCode’s own stream, p50`,
      value: p50(deltas),
      unit: 'ms',
      note: `p95 ${p95(deltas).toFixed(1)} ms, ${deltas.length} events`,
    },
  ];
}
