/** The room over a work room, hosts and a chat in memory. For tests. */
import type { ExploringEvent, HostSnapshot } from '../../mcp-servers/kit/work.ts';
import { createSilentLog } from '../../mcp-servers/kit/log.ts';
import { anna, createWorkWorld, type Life } from '../../test/support/work-world.ts';
import { createExploring } from './exploring.ts';
import { type Exploring, exploringSchema } from './record.ts';

export const dm = { team: 'T', channel: 'D0ANNA', thread: '', dm: true };
export const directory = '/w/repos/api';
export const start = Date.parse('2026-11-20T05:00:00Z');

/** What a dead life waits for. */
const never = new Promise<never>(() => {});

export function setUp(o: { maxSessions?: number; owners?: Readonly<Record<string, string>> } = {}) {
  const world = createWorkWorld(o);
  const session = { id: 's1', directory, title: 'Fix login', busy: true, messages: [] };
  world.hosts.get('local')?.sessions.set('s1', session);
  const stored = new Map<string, Exploring>();
  let now = start;
  /** Questions that wait in OpenCode, as a look finds them. */
  const inOpenCode: HostSnapshot['waiting'][number][] = [];
  const live = (life: Life = {}) => {
    const own = world.live({ ...life, ports: { now: () => now, ...life.ports } });
    const answered: { requestId: string; answers: readonly (readonly string[])[] | null }[] = [];
    const room = createExploring({
      ...own.ports,
      hosts: {
        ...own.ports.hosts,
        snapshot: async (host) => ({ ...(await own.ports.hosts.snapshot(host)), waiting: inOpenCode }),
        replyQuestion: async ({ requestId, answers }) => void answered.push({ requestId, answers }),
      },
      work: own.work,
      records: {
        get: async (id) => (own.isDead() ? await never : stored.get(id)),
        update: async (id, change) => {
          if (own.isDead()) return await never;
          const next = change(stored.get(id));
          if (next === undefined) stored.delete(id);
          else stored.set(id, exploringSchema.parse(JSON.parse(JSON.stringify(next))));
          return next;
        },
        ids: async () => [...stored.keys()],
        async *entries() {
          yield* stored;
        },
      },
      builders: '/w/.builders',
      ownerOf: (host) => o.owners?.[host] ?? anna,
      awayMs: 10 * 60_000,
      dmOf: async (person) => (person === anna ? dm : { ...dm, channel: `D0${person}` }),
      earlier: [],
      log: createSilentLog(),
      now: () => now,
    });
    const tell = (event: ExploringEvent) =>
      own.hear({ sessionId: 's1', kind: 'exploring', directory, event });
    const tick = () => {
      own.work.tick();
      room.tick();
    };
    return { ...own, room, tell, tick, answered };
  };
  const held = (typedAt: number, holdId = 'c1'): ExploringEvent => ({
    kind: 'held',
    holdId,
    tool: 'write',
    what: 'src/a.ts',
    title: 'Fix login',
    said: 'fix the login',
    model: 'local/qwen',
    typedAt,
  });
  const status = () => stored.get('s1')?.status;
  const button = (label: string, channel = dm.channel) =>
    world
      .cards({ ...dm, channel })
      .flatMap(({ buttons = [] }) => buttons)
      .findLast((each) => each.label.startsWith(label));
  const press = async (life: ReturnType<typeof live>, label: string, person = anna, channel = dm.channel) => {
    const found = button(label, channel);
    if (found === undefined) throw new Error(`no button ${label}`);
    return await life.room.room.click(
      { person, ref: dm, requestId: `click-${label}` },
      found.action,
      found.value,
    );
  };
  const cards = () => world.cards(dm).map(({ title }) => title);
  const pass = (ms: number) => {
    now += ms;
    world.pass(ms);
  };
  const settled = async (life: ReturnType<typeof live>, wanted: Exploring['status']) => {
    await world.until(() => {
      life.tick();
      return status() === wanted;
    }, `${wanted}; it is ${status()}`);
  };
  return { inOpenCode, world, live, held, status, press, cards, pass, settled, stored };
}

export const workspace = 'ai-dev-domain-apis-fix-login';

/** OpenCode shows the form. */
export const shown = {
  sessionId: 's1',
  kind: 'question',
  requestId: 'q1',
  request: { questions: [{ header: 'Project' }, { header: 'Title' }, { header: 'Repositories' }] },
} as const;

/** As Slack sends a form's fields. */
export function fieldsOf(o: { category: string; project: string; title: string; priority: string }) {
  const one = (value: string) => ({ selected_option: { value } });
  return {
    category: { category: one(o.category) },
    project: { project: one(o.project) },
    repositories: { repositories: { selected_options: [] } },
    title: { title: { value: o.title } },
    description: { description: { value: '' } },
    priority: { priority: one(o.priority) },
  };
}
