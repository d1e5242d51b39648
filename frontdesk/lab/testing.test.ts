import { describe, expect, it } from 'vitest';
import { by, openDeskWorld, ref, runOf, workspace } from './desk.harness.ts';
import { testStatesOf } from './state.ts';
import { summarise } from './test-card.ts';

describe('tests from a thread', () => {
  it('TE-2: all suites green: a line each, the summary, and the state file', async () => {
    const { desk, world, sees } = await openDeskWorld();
    expect(await desk.test(by, {})).toMatchObject({ shown: true });
    const card = await sees('🎉 All tests passing (135/135)');
    expect(card.body?.split('\n')).toEqual([
      '- ✅ Unit Tests: 45/45 passing (3.2 s)',
      '- ✅ Integration Tests: 45/45 passing (3.2 s)',
      '- ✅ Acceptance Tests: 45/45 passing (3.2 s)',
    ]);
    await world.until(() => desk.busy === 0, 'the desk to rest');
    const state = world.state(workspace);
    expect(state && testStatesOf(state)).toMatchObject([
      { suite: 'unit, integration, acceptance', text: '🎉 All tests passing (135/135)', green: true },
    ]);
  });

  it('TE-1: two wishes at the same moment are one run; the other is told', async () => {
    const { desk, tests, world, sees } = await openDeskWorld();
    const [first, second] = await Promise.allSettled([
      desk.test(by, { suites: ['unit'] }),
      desk.test({ ...by, requestId: 'r2' }, { suites: ['unit'] }),
    ]);
    expect([first.status, second]).toMatchObject(['fulfilled', { reason: { code: 'test_busy' } }]);
    await sees('🎉');
    await world.until(() => desk.busy === 0, 'the desk to rest');
    expect(tests.urls).toHaveLength(1);
    expect(world.cards(ref).filter(({ title }) => title.includes('ests'))).toHaveLength(1);
  });

  it('TE-1: suites beyond unit get the lab’s URL', async () => {
    const { desk, target, tests, sees, world } = await openDeskWorld();
    await desk.deploy(by, {});
    await target.settle(workspace);
    const url = (await sees('✅ Deployment ready')).buttons?.[0]?.url;
    await world.until(() => desk.busy === 0, 'the deployment');
    await desk.test({ ...by, requestId: 'r2' }, { suites: ['integration'] });
    await sees('🎉');
    expect(tests.urls).toEqual([url]);
  });

  it('TE-2: failures are named with their first lines; [Debug] passes them on, [Run again] runs the same', async () => {
    const { desk, tests, world, sees, press } = await openDeskWorld();
    const lines = ['expected 1 to be 2', 'at app.test.js:3'];
    tests.outcome = async (suite) => [
      runOf({
        suite,
        status: 'failed',
        exitCode: 1,
        counts: { passed: 10, failed: 2, skipped: 0 },
        failures: [
          { name: 'adds up', lines },
          { name: 'says ```boo```', lines: [] },
        ],
      }),
    ];
    await desk.test(by, { suites: ['integration'] });
    const card = await sees('⚠️ Some tests failing');
    expect(card.body?.split('\n')).toEqual([
      '- ❌ Integration Tests: 10/12 passing (2 failures)',
      '  - adds up',
      '    - `expected 1 to be 2`',
      '    - `at app.test.js:3`',
      "  - says '''boo'''",
    ]);
    await press(desk, card, 'Debug');
    expect(JSON.stringify(world.session(workspace))).toContain('| expected 1 to be 2');
    tests.outcome = async (suite) => [runOf({ suite })];
    await world.until(() => desk.busy === 0, 'the first run');
    await press(desk, card, 'Run again');
    await sees('🎉 All tests passing (45/45)');
  });

  it('TE-2: while they run the card says how far, and [Stop tests] ends them', async () => {
    const { desk, tests, clock, sees, press } = await openDeskWorld();
    tests.outcome = async (suite, _, signal) => {
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
      return [runOf({ suite, status: 'cancelled', counts: null })];
    };
    await desk.test(by, {});
    const card = await sees('🧪 Running tests…');
    expect(card.buttons?.map(({ label }) => label)).toEqual(['Stop tests']);
    await expect(desk.test({ ...by, requestId: 'r2' }, {})).rejects.toMatchObject({ code: 'test_busy' });
    clock.now += 5000;
    desk.tick();
    await press(desk, card, 'Stop tests');
    expect((await sees('🗑️ Tests stopped by anna')).body).toBe('- 🗑️ Unit Tests: cancelled');
  });

  it('TE-2: `testOnDeploy`: unit tests first; green or missing ones let the deploy go on', async () => {
    const { desk, settings, target, tests, sees } = await openDeskWorld();
    settings.testedFirst = true;
    tests.outcome = async (suite) => [runOf({ suite, status: 'dependencies_missing', counts: null })];
    expect(await desk.deploy(by, {})).toMatchObject({ shown: true, deployment: { status: 'deploying' } });
    const card = await sees('⚠️ Tests skipped - dependencies missing');
    expect(card.buttons?.map(({ label }) => label)).toEqual(['Run again']);
    await target.settle(workspace);
    await sees('✅ Deployment ready');
  });

  it('TE-2: `testOnDeploy`: red ones keep it from being deployed, unless a person wants it anyway', async () => {
    const { desk, settings, target, tests, world, sees, press } = await openDeskWorld();
    settings.testedFirst = true;
    tests.outcome = async (suite) => [runOf({ suite, status: 'failed', exitCode: 1 })];
    await desk.deploy(by, {});
    const card = await sees('⚠️ Some tests failing');
    expect(card.facts).toContain('not deployed');
    await world.until(() => desk.busy === 0, 'the desk to rest');
    expect(target.requests).toEqual([]);
    await press(desk, card, 'Deploy anyway');
    await target.settle(workspace);
    expect((await sees('✅ Deployment ready')).buttons).toHaveLength(5);
  });

  it('OP-4: cut off by the end of the service: said so, never green', async () => {
    const { desk, tests, live, world, sees } = await openDeskWorld();
    tests.outcome = async (suite, _, signal) => {
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
      return [runOf({ suite, status: 'cancelled', counts: null })];
    };
    await desk.test(by, {});
    await desk[Symbol.asyncDispose]();
    await live().desk.resumeAll();
    await sees('⚠️ Tests were interrupted by a restart');
    const state = world.state(workspace);
    expect(state && testStatesOf(state)).toMatchObject([{ green: false }]);
    expect(world.cards(ref).filter(({ title }) => title.includes('ests'))).toHaveLength(1);
  });
});

describe('the summary', () => {
  const of = (...runs: Parameters<typeof runOf>[0][]) =>
    summarise({ status: 'done', note: '', runs: runs.map(runOf) });
  it.each([
    [[{}], '🎉 All tests passing (45/45)', true],
    [[{}, { status: 'skipped', counts: null }], '🎉 All tests passing (45/45)', true],
    [[{ counts: null }], '🎉 All tests passing', true],
    [[{}, { status: 'failed' }], '⚠️ Some tests failing', false],
    [[{}, { status: 'timed_out' }], '⚠️ Some tests failing', false],
    [[{}, { status: 'out_of_memory' }], '⚠️ Some tests failing', false],
    [[{}, { status: 'lab_unreachable' }], '⚠️ Some tests were not run', false],
    [[{}, { status: 'interrupted' }], '⚠️ Some tests were not run', false],
    [[{ status: 'skipped' }], '⏭️ Tests skipped', false],
    [[], '⏭️ Tests skipped', false],
    [[{ status: 'dependencies_missing' }], '⚠️ Tests skipped - dependencies missing', false],
    [[{}, { status: 'dependencies_missing' }], '⚠️ Some tests were not run', false],
  ] as const)('TE-2, TE-3: %j: %s', (runs, text, green) => {
    expect(of(...runs)).toEqual({ text, green });
  });
});
