import { describe, expect, it } from 'vitest';
import { type Command, help, parseCommand } from './commands.ts';

describe('try: what a line means', () => {
  it.each<[string, Command]>([
    ['hello there', { kind: 'say', text: 'hello there', wait: true }],
    ['take 20 seconds &', { kind: 'say', text: 'take 20 seconds', wait: false }],
    ['this & that', { kind: 'say', text: 'this & that', wait: true }],
    ['//opencode help', { kind: 'say', text: '/opencode help', wait: true }],
    ['/opencode start', { kind: 'slash', text: 'start' }],
    ['/form title=JWT; project=web', { kind: 'form', fields: 'title=JWT; project=web' }],
    ['/form', { kind: 'form', fields: '' }],
    ['/home', { kind: 'home' }],
    ['  ', { kind: 'nothing' }],
    ['2', { kind: 'click', number: 2 }],
    ['/click 12', { kind: 'click', number: 12 }],
    ['/click Clean up', { kind: 'press', label: 'Clean up' }],
    ['/click', { kind: 'wrong', why: 'Like this: /click N, N as listed' }],
    ['/as U_STRANGER', { kind: 'as', person: 'U_STRANGER' }],
    ['/as ben', { kind: 'as', person: 'U_BEN' }],
    ['/as @Anna', { kind: 'as', person: 'U_ANNA' }],
    ['/edit better  words', { kind: 'edit', text: 'better  words' }],
    ['/file a.txt look at this', { kind: 'file', path: 'a.txt', text: 'look at this' }],
    ['/file "my file.txt"', { kind: 'file', path: 'my file.txt', text: '' }],
    ['/react :eyes:', { kind: 'react', emoji: 'eyes' }],
    ['/journal', { kind: 'journal', count: 20 }],
    ['/journal 5', { kind: 'journal', count: 5 }],
    ['/QUIT', { kind: 'quit' }],
  ])('%s', (line, command) => {
    expect(parseCommand(line)).toEqual(command);
  });

  it('an unknown command is not sent to the bot by mistake', () => {
    expect(parseCommand('/deploy it')).toMatchObject({
      kind: 'wrong',
      why: expect.stringContaining('//deploy'),
    });
  });

  it('the help names every command, and each it names is understood', () => {
    const named = [...help.matchAll(/\/([a-z]+)/g)].map(([, name]) => name ?? '');
    expect(new Set(named).size).toBeGreaterThanOrEqual(14);
    for (const name of named) expect(parseCommand(`/${name} 1`).kind).not.toBe('wrong');
  });
});
