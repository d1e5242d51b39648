import { describe, expect, it } from 'vitest';
import { anna, clickButton, createWorkWorld, thread } from '../../test/support/work-world.ts';
import { type Command, parseCommand } from './commands.ts';
import type { Labs } from './ports.ts';
import { runCommand } from './run-command.ts';

const ref = thread('1.0');
const name = 'ops-infra-implement-c';

async function running() {
  const world = createWorkWorld();
  const { work } = world.live();
  const by = { person: anna, ref, requestId: '1' };
  await work.propose(by, { project: 'infra', title: 'Implement c', description: '', priority: 'low' });
  await clickButton(world, work, { ref, label: 'Start' });
  await world.until(() => work.busy === 0, 'the start');
  return { world, work, by };
}

function commandOf(text: string): Command {
  const parsed = parseCommand(text);
  if (!parsed.ok) throw new Error(parsed.usage);
  return parsed.command;
}

describe('the same by words, by command and by button', () => {
  it.each([
    [
      'list',
      /🟢 running · `ops-infra-implement-c` — Implement c \(builder\) · in this thread\n\n1 of 10 places taken/,
    ],
    ['status', /🟢 running · builder · local\/qwen/],
    ['pause', /is paused/],
    ['stop', /its place is free/],
    ['events on', /are on/],
    ['events off ops', /are off/],
    ['diff', /ops-infra-implement-c/],
    ['promote', /^Promote ops-infra-implement-c\?/],
    ['cleanup', /^Clean up ops-infra-implement-c\?/],
    ['plug ops', /is plugged in here already/],
    ['unplug', /is unplugged/],
    ['resume', /running already/],
    ['help', /\/opencode start/],
    ['start', /\/opencode start/],
  ])('IN-8: `/opencode %s`', async (text, told) => {
    const { work, by } = await running();
    expect((await work.run({ ...by, requestId: '2' }, commandOf(text))).text).toMatch(told);
  });

  it.each([
    ['Pause', 'paused', /⏸️ `ops-infra-implement-c` is paused\. Resume lets it go on\. \(anna\)/],
    ['Stop', 'stopped', /its place is free/],
    ['Status', 'running', /🟢 running/],
    ['Diff', 'running', /ops-infra-implement-c/],
    ['Promote', 'running', /Promote ops-infra-implement-c\?/],
    ['Clean up', 'running', /Clean up ops-infra-implement-c\?/],
  ])('AG-2: the button %s', async (label, status, told) => {
    const { world, work } = await running();
    await clickButton(world, work, { ref, label });
    expect(world.state(name)?.session?.status).toBe(status);
    expect(world.shown(ref).at(-1)).toMatch(told);
  });

  it('IN-2: a click by somebody not allowed does nothing', async () => {
    const { world, work } = await running();
    const before = world.shown(ref);
    expect(await clickButton(world, work, { ref, label: 'Stop', person: 'X9STRANGER' })).toBeNull();
    expect(world.state(name)?.session?.status).toBe('running');
    expect(world.shown(ref)).toEqual(before);
  });

  it('AG-2: what is too old, or cannot be done, is told to the clicker', async () => {
    const { work, by } = await running();
    expect(await work.click(by, 'work.start', 'start/gone')).toContain('too old');
    expect(await work.click(by, 'work.confirm', 'confirm/gone')).toContain('too old');
    expect(await work.click(by, 'work.dance', name)).toContain('too old');
    expect(await work.click(by, 'work.pause', 'gone')).toContain('None is called “gone”');
  });

  it('SE-1: a suggestion alone starts nothing', async () => {
    const { world, work } = await running();
    const { routing, model } = await work.suggest({ title: 'Design auth', description: '' });
    expect([routing.agent, model.id, model.available]).toEqual(['architect', 'anthropic/claude', true]);
    expect(world.infos.size).toBe(1);
  });

  it('IN-8: labs and tests by command', async () => {
    const { work, by } = await running();
    await expect(work.run({ ...by, requestId: '2' }, commandOf('deploy'))).rejects.toThrow('still starting');
    const asked: string[] = [];
    const answer = async (what: string) => ({ text: (asked.push(what), what), shown: true });
    const labs: Labs = {
      cleanup: async () => {},
      abandon: async () => {},
      deploy: (_, name) => answer(`deploy ${name}`),
      logs: (_, name) => answer(`logs ${name}`),
      undeploy: (_, name) => answer(`undeploy ${name}`),
      test: (_, suites, name) => answer(`test ${suites?.join(' ')} ${name}`),
    };
    for (const text of ['deploy ops', 'logs', 'undeploy', 'test', 'test unit ops'])
      await runCommand(work, labs, by, commandOf(text));
    expect(asked).toEqual([
      'deploy ops',
      'logs undefined',
      'undeploy undefined',
      'test undefined undefined',
      'test unit ops',
    ]);
  });
});
