import { describe, expect, it } from 'vitest';
import { helpText, parseCommand, parseMention } from './commands.ts';

const there = ['ai-dev-api', 'ops-infra'];

describe('commands', () => {
  it.each([
    ['', { verb: 'help' }],
    ['help', { verb: 'help' }],
    ['start', { verb: 'start', words: '' }],
    ['start JWT auth  in api', { verb: 'start', words: 'JWT auth in api' }],
    ['LIST', { verb: 'list' }],
    ['status', { verb: 'status' }],
    ['status ai-dev-api', { verb: 'status', workspace: 'ai-dev-api' }],
    ['pause', { verb: 'pause' }],
    ['resume ops', { verb: 'resume', workspace: 'ops' }],
    ['stop', { verb: 'stop' }],
    ['plug ai-dev-api', { verb: 'plug', workspace: 'ai-dev-api' }],
    ['plug', { verb: 'plug' }],
    ['unplug', { verb: 'unplug' }],
    ['events on', { verb: 'events', on: true }],
    ['events OFF ops-infra', { verb: 'events', on: false, workspace: 'ops-infra' }],
    ['promote', { verb: 'promote' }],
    ['cleanup ops-infra', { verb: 'cleanup', workspace: 'ops-infra' }],
    ['diff', { verb: 'diff' }],
    ['deploy', { verb: 'deploy' }],
    ['deploy ops-infra', { verb: 'deploy', workspace: 'ops-infra' }],
    ['logs', { verb: 'logs' }],
    ['undeploy ops-infra', { verb: 'undeploy', workspace: 'ops-infra' }],
    ['test', { verb: 'test', suites: [] }],
    ['tests', { verb: 'test', suites: [] }],
    ['test Unit', { verb: 'test', suites: ['unit'] }],
    ['test ops-infra integration', { verb: 'test', suites: ['integration'], workspace: 'ops-infra' }],
  ])('IN-8: “%s”', (text, command) => {
    expect(parseCommand(text)).toEqual({ ok: true, command });
  });

  it.each([
    ['dance', 'I do not know “dance”'],
    ['events', 'Say on or off'],
    ['events maybe', 'Say on or off'],
    ['events on a b', 'Say on or off'],
    ['list everything', '“everything” is too much: `/opencode list`'],
    ['pause a b', '“b” is too much: `/opencode pause [workspace]`'],
    ['test a b', '“b” is too much: `/opencode test [unit|integration|acceptance] [workspace]`'],
    ['toString', 'I do not know'],
    ['x'.repeat(500), 'x…'],
    ['depoly', 'I do not know “depoly”. Did you mean `/opencode deploy`?'],
    ['statsu ai-dev-api', 'Did you mean `/opencode status`?'],
    ['Lits', 'Did you mean `/opencode list`?'],
    ['clean up', 'Did you mean `/opencode cleanup`?'],
    ['promte', 'Did you mean `/opencode promote`?'],
  ])('IN-8: “%s” is answered with how to say it', (text, usage) => {
    const parsed = parseCommand(text);
    expect(parsed).toMatchObject({ ok: false, usage: expect.stringContaining(usage) });
  });

  it.each([
    ['status', 'status'],
    ['Status.', 'status'],
    ['Stop!', 'stop'],
    ['pause ai-dev-api', 'pause'],
    ['events on', 'events'],
    ['help', 'help'],
    ['start', 'start'],
    ['deploy', 'deploy'],
    ['test unit', 'test'],
    ['logs ai-dev-api', 'logs'],
    ['plug', 'plug'],
    ['cleanup ai-dev-nothing', 'cleanup'],
    ['plug ai-dev-nothing', 'plug'],
  ])('IN-8: as a mention, “%s” is a command', (text, verb) => {
    expect(parseMention(text, there)?.verb).toBe(verb);
  });

  it.each([
    ['', 'it says nothing'],
    ['start JWT auth in api', 'the agent words the task'],
    ['pause please', 'the agent finds out what'],
    ['help me with the login', 'it is a sentence'],
    ['status of the login work', 'the agent finds out what'],
    ['plug it in here', 'the agent finds out what'],
    ['test the login page', 'the agent finds out what'],
    ['deploy it', 'the agent finds out what'],
    ['deploy dark-mode', 'the agent finds out what'],
    ['test sign-in-with-google', 'the agent finds out what'],
    ['depoly', 'the agent finds out what'],
    ['what is the status?', 'it is a sentence'],
  ])('IN-8: as a mention, “%s” is for the agent: %s', (text) => {
    expect(parseMention(text, there)).toBeNull();
  });

  it('IN-8: a word that is near none is answered with all of them, and one that is near with that alone', () => {
    const usage = (text: string) => {
      const parsed = parseCommand(text);
      return parsed.ok ? '' : parsed.usage;
    };
    expect(usage('dance')).toContain(helpText);
    expect(usage('depoly').split('\n')).toHaveLength(1);
  });

  it('IN-8: the help names every verb', () => {
    expect(helpText.split('\n').filter((each) => each !== '' && !each.startsWith('- '))).toHaveLength(1);
    for (const verb of [
      'start',
      'list',
      'status',
      'pause',
      'resume',
      'stop',
      'plug',
      'events on|off',
      'cleanup',
      'promote',
      'diff',
      'deploy',
      'test',
      'logs',
      'undeploy',
      'help',
    ])
      expect(helpText).toContain(`/opencode ${verb}`);
  });
});
