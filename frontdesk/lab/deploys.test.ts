import { describe, expect, it } from 'vitest';
import { LabFailure } from '../../mcp-servers/kit/lab.ts';
import type { WorkspaceState } from '../../mcp-servers/kit/work.ts';
import { by, openDeskWorld, ref, workspace } from './desk.harness.ts';
import { labStateOf } from './state.ts';

const broken = new LabFailure({ kind: 'exited', text: 'It ended with exit code 1.', fix: 'Mend the start.' });

describe('deploy from a thread', () => {
  it('LAB-4, LAB-6: one card from the first step to the URL; the state file says the same', async () => {
    const { desk, target, world, sees, card } = await openDeskWorld();
    expect(await desk.deploy(by, {})).toMatchObject({ shown: true });
    await sees('⏳ ');
    await target.settle(workspace);
    const ready = await sees('✅ Deployment ready');
    expect(ready.body).toMatch(/^<http:\/\/127\.0\.0\.1\/d\w+>$/);
    expect(ready.buttons?.map(({ label }) => label)).toEqual([
      'Open',
      'Run tests',
      'Logs',
      'Redeploy',
      'Clean up',
    ]);
    expect(card('⏳')).toBeUndefined();
    await world.until(() => desk.busy === 0, 'the desk to rest');
    const state = world.state(workspace);
    expect(state && labStateOf(state)).toMatchObject({
      status: 'ready',
      cause: '',
      url: ready.buttons?.[0]?.url,
    });
    expect(world.audit).toContain(`${by.person} lab.deploy ${workspace} asked`);
  });

  it('AG-2: by the buttons of the session’s card', async () => {
    const { desk, tests, world, sees, press } = await openDeskWorld();
    const card = await sees('Implement c');
    await press(desk, card, 'Deploy');
    await sees('⏳ ');
    await press(desk, card, 'Run tests');
    await sees('🎉 All tests passing');
    expect(tests.urls).toHaveLength(3);
    expect(world.audit).toContain(`${by.person} lab.deploy ${workspace} clicked`);
  });

  it('LAB-5: the same request deploys once', async () => {
    const { desk, target } = await openDeskWorld();
    await desk.deploy(by, {});
    await desk.deploy(by, {});
    await target.settle(workspace);
    expect(target.requests).toHaveLength(1);
  });

  it('LAB-4: a failed one names cause and fix; [Retry] deploys again, [Debug] tells the coding agent', async () => {
    const { desk, target, world, sees, press } = await openDeskWorld();
    await desk.deploy(by, {});
    await target.settle(workspace, broken);
    const failed = await sees('❌ Deployment failed - It ended with exit code 1');
    expect(failed.body).toContain('**What to do:** Mend the start.');
    expect(failed.body).toContain('❌ Waiting for the app to answer');
    expect(failed.body).toMatch(/```\nlog of d\w+\n```/);
    await press(desk, failed, 'Debug');
    expect(world.shown(ref).at(-1)).toContain('🔍 Debug: the cause and the log went to its coding agent.');
    const told = JSON.stringify(world.session(workspace));
    expect(told).toContain('It ended with exit code 1.');
    expect(told).toContain('| log of d');
    await press(desk, failed, 'Retry');
    await target.settle(workspace);
    await sees('✅ Deployment ready');
    expect(target.removed).toContain(workspace);
    // Its story stays on the card of the first.
    expect((await sees('❌ Deployment failed')).facts).toContain('cleaned up');
  });

  it('LAB-4: its seconds go on until its end is told, and never after', async () => {
    const { desk, clock, settings, target, world, sees, card } = await openDeskWorld();
    await desk.deploy(by, {});
    await sees('⏳ ');
    await world.until(() => desk.busy === 1, 'the steps to be told');
    const written = Promise.withResolvers<void>();
    settings.stateReady = written.promise;
    await target.settle(workspace);
    await sees('✅ Deployment ready');
    // Its end is on the card, and on its way to the state file.
    clock.now += 10_000;
    desk.tick();
    written.resolve();
    await world.until(() => desk.busy === 0, 'the desk to rest');
    expect(card('⏳')).toBeUndefined();
    expect(labOf(world)?.status).toBe('ready');
  });

  it('LAB-5: [Cancel] ends it, and says so', async () => {
    const { desk, sees, press, world } = await openDeskWorld();
    await desk.deploy(by, {});
    await press(desk, await sees('⏳ '), 'Cancel');
    const card = await sees('🗑️ Deployment cancelled');
    expect(card.buttons?.map(({ label }) => label)).toEqual(['Deploy again']);
    expect(world.shown(ref).at(-1)).toContain('is cancelled (anna)');
  });

  it('MCP-5: [Clean up] asks for a click, which ends the lab', async () => {
    const { desk, work, target, world, sees, press } = await openDeskWorld();
    await desk.deploy(by, {});
    await target.settle(workspace);
    await press(desk, await sees('✅ Deployment ready'), 'Clean up');
    const ask = await sees(`Remove the lab of ${workspace}?`);
    expect(target.removed).toEqual([]);
    const confirm = ask.buttons?.find(({ label }) => label === 'Confirm');
    await work.click({ ...by, requestId: 'yes' }, confirm?.action ?? '', confirm?.value ?? '');
    await world.until(() => work.busy === 0, 'the cleanup');
    expect(world.shown(ref).at(-1)).toContain(`The lab of \`${workspace}\` is cleaned up`);
  });

  it('LAB-6: asked for outside of a thread, the card goes to where the workspace is plugged', async () => {
    const { desk, sees } = await openDeskWorld();
    const outside = { ...by, ref: { ...ref, channel: 'C0OPS', thread: '' } };
    const { text, shown } = await desk.deploy(outside, { workspace });
    expect([text, shown]).toEqual([expect.stringContaining('in the thread it is plugged into'), false]);
    await sees('⏳ ');
  });

  it('IN-2, LAB-4: clicks of strangers and on cards of old do nothing; logs are shown', async () => {
    const { desk, target, world, sees, press } = await openDeskWorld();
    await desk.deploy(by, {});
    await target.settle(workspace);
    const ready = await sees('✅ Deployment ready');
    const { action = '', value = '' } = ready.buttons?.at(-1) ?? {};
    const before = world.shown(ref).length;
    expect(await desk.click({ ...by, person: 'X9' }, action, value)).toBeNull();
    expect(world.shown(ref)).toHaveLength(before);
    expect(await desk.click(by, 'lab.retry', 'gone')).toEqual({ text: 'This button is too old.' });
    expect(await desk.click(by, 'lab.dance', value)).toEqual({ text: 'This button is too old.' });
    await press(desk, ready, 'Logs');
    expect(world.shown(ref).at(-1)).toMatch(/```\nlive d\w+\n```/);
  });

  it('OP-4: killed between its wish and the lab: the next process deploys, once', async () => {
    const { desk, lab, live, target, world, sees } = await openDeskWorld();
    await desk.deploy(by, {});
    await lab[Symbol.asyncDispose]();
    await desk[Symbol.asyncDispose]();
    const next = live();
    await next.desk.resumeAll();
    await target.settle(workspace);
    await sees('✅ Deployment ready');
    expect(world.cards(ref).filter(({ title }) => title.includes('Deployment'))).toHaveLength(1);
    expect(target.requests).toHaveLength(1);
  });

  it.each([
    ['while this one begins it', 'resume first'],
    ['before this one takes it up', 'told first'],
  ])('OP-4, IN-5: a wish of an earlier life, told again %s, is deployed once', async (_, order) => {
    const { desk, clock, settings, wishes, target, sees } = await openDeskWorld();
    const id = `deploy/${by.requestId}`;
    const asked = { id, workspace, repository: null, person: by.person, ref, at: clock.now };
    await wishes.update(id, () => {
      return { ...asked, replace: false, afresh: false, status: 'asked', deployment: null };
    });
    const repositories = Promise.withResolvers<void>();
    settings.planReady = repositories.promise;
    if (order === 'resume first') await desk.resumeAll();
    const again = desk.deploy(by, {});
    if (order === 'told first') await desk.resumeAll();
    repositories.resolve();
    expect((await again).text).toContain('is being deployed');
    await target.settle(workspace);
    await sees('✅ Deployment ready');
    expect(target.requests).toHaveLength(1);
  });

  it('LAB-4, WA-2: a lab that dies is told on its card, and in the state file', async () => {
    const { desk, lab, target, world, sees, press } = await openDeskWorld();
    await desk.deploy(by, {});
    await target.settle(workspace);
    await sees('✅ Deployment ready');
    target.standing.clear();
    await lab.observe();
    const down = await sees('💥 The lab is down');
    await world.until(() => labOf(world)?.status === 'down', 'the state file');
    await press(desk, down, 'Redeploy');
    await target.settle(workspace);
    expect((await sees('✅ Deployment ready')).buttons).toHaveLength(5);
  });
});

function labOf(world: { state: (name: string) => WorkspaceState | undefined }) {
  const state = world.state(workspace);
  return state && labStateOf(state);
}
