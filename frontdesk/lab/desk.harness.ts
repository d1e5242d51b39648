/** The lab desk on the memory world of the work tests, with a lab whose target has no processes. For tests. */
import type { Card } from '../../mcp-servers/kit/chat.ts';
import { createSilentLog } from '../../mcp-servers/kit/log.ts';
import type { Collection } from '../../mcp-servers/kit/store/collection.ts';
import type { TestRun, Tests } from '../../mcp-servers/kit/tests.ts';
import { createFakeTarget, fakePlan } from '../../mcp-servers/lab/fake-target.harness.ts';
import { createLab } from '../../mcp-servers/lab/lab.ts';
import { deploymentRecordSchema } from '../../mcp-servers/lab/record.ts';
import { anna, clickButton, createWorkWorld, thread } from '../../test/support/work-world.ts';
import { createLabDesk } from './desk.ts';
import { deployWishSchema, testSessionSchema } from './record.ts';

export const ref = thread('1.0');
export const workspace = 'ops-infra-implement-c';
export const by = { person: anna, ref, requestId: 'r1' };

/** Documents that outlive a life. */
function createMemory() {
  const all = new Map<string, Map<string, unknown>>();
  return <T>(name: string, schema: { parse(value: unknown): T }): Collection<T> => {
    const documents = (all.get(name) ?? new Map()) as Map<string, T>;
    all.set(name, documents);
    return {
      get: async (id) => documents.get(id),
      async update(id, change) {
        const next = change(documents.get(id));
        if (next === undefined) documents.delete(id);
        else documents.set(id, schema.parse(JSON.parse(JSON.stringify(next))));
        return next;
      },
      ids: async () => [...documents.keys()],
      async *entries() {
        yield* documents;
      },
    };
  };
}

export function runOf(o: Partial<TestRun>): TestRun {
  return {
    id: `run-${o.suite ?? 'unit'}`,
    workspace,
    repository: 'charts',
    suite: 'unit',
    runner: 'node',
    command: 'node --test',
    status: 'passed',
    counts: { passed: 45, failed: 0, skipped: 0 },
    failures: [],
    reason: '',
    exitCode: 0,
    log: [],
    testUrl: null,
    startedAt: Date.parse('2026-11-20T05:00:00Z'),
    endedAt: Date.parse('2026-11-20T05:00:03.2Z'),
    ...o,
  };
}

export interface FakeTests extends Tests {
  /** How the suites end; may wait. */
  outcome: (suite: TestRun['suite'], testUrl: string | undefined, signal: AbortSignal) => Promise<TestRun[]>;
  readonly urls: (string | undefined)[];
  readonly listeners: Set<(run: TestRun) => void>;
}

function createFakeTests(): FakeTests {
  const listeners = new Set<(run: TestRun) => void>();
  const urls: (string | undefined)[] = [];
  const closing = new AbortController();
  const tests: FakeTests = {
    outcome: async (suite) => [runOf({ suite })],
    urls,
    listeners,
    async run({ suite, testUrl, signal, onLine }) {
      urls.push(testUrl);
      onLine?.(`running ${suite}`);
      const either = AbortSignal.any([closing.signal, ...(signal === undefined ? [] : [signal])]);
      return await tests.outcome(suite, testUrl, either);
    },
    results: async () => [],
    onChange(listener) {
      listeners.add(listener);
      return { [Symbol.dispose]: () => void listeners.delete(listener) };
    },
    resumeAll: async () => [],
    async [Symbol.asyncDispose]() {
      closing.abort();
    },
  };
  return tests;
}

/** A started session in `workspace`, plugged into `ref`, and one life of the desk after another. */
export async function openDeskWorld() {
  const world = createWorkWorld();
  const target = createFakeTarget();
  const tests = createFakeTests();
  const collection = createMemory();
  const wishes = collection('wishes', deployWishSchema);
  const settings = { testedFirst: false, planReady: Promise.resolve(), stateReady: Promise.resolve() };
  const clock = { now: Date.parse('2026-11-20T05:00:00Z') };
  const now = () => clock.now;

  const live = () => {
    const { work, ports } = world.live();
    const lab = createLab({
      targets: [target],
      deployments: collection('deployments', deploymentRecordSchema),
      async planOf(_, repository) {
        await settings.planReady;
        return fakePlan(repository ?? 'charts');
      },
      redact: (text) => text,
      log: createSilentLog(),
      now,
    });
    const { chat, workspaces, audit, log } = ports;
    const desk = createLabDesk({
      lab,
      tests,
      work,
      workspaces: {
        ...workspaces,
        async updateState(name, change) {
          await settings.stateReady;
          return await workspaces.updateState(name, change);
        },
      },
      chat,
      wishes,
      sessions: collection('sessions', testSessionSchema),
      testedFirst: async () => (settings.testedFirst ? 'charts' : undefined),
      isAllowed: (person) => person.startsWith('U0'),
      redact: (text) => text.replaceAll('hunter2', '***'),
      audit,
      log,
      now,
    });
    return { work, lab, desk };
  };

  const first = live();
  await first.work.propose(by, { project: 'infra', title: 'Implement c', description: '', priority: 'low' });
  await clickButton(world, first.work, { ref, label: 'Start' });
  await world.until(() => first.work.busy === 0, 'the start');

  return {
    ...first,
    world,
    target,
    tests,
    clock,
    settings,
    wishes,
    live,
    /** The newest card whose title has the words. */
    card: (words: string): Card | undefined =>
      world.cards(ref).findLast(({ title }) => title.includes(words)),
    sees: async (words: string): Promise<Card> => {
      const find = () => world.cards(ref).findLast(({ title }) => title.includes(words));
      await world.until(() => find() !== undefined, `a card "${words}"`);
      const card = find();
      if (card === undefined) throw new Error(words);
      return card;
    },
    press: async (desk: typeof first.desk, card: Card, label: string, requestId = `click-${label}`) => {
      const button = (card.buttons ?? []).find((each) => each.label === label);
      if (button === undefined) throw new Error(`no button ${label}`);
      return await desk.click({ person: anna, ref, requestId }, button.action, button.value);
    },
  };
}
