import { describe, expect, it } from 'vitest';
import { completeAt, verbsOf } from './completion.ts';

const known = {
  people: [
    { id: 'U1', name: 'anna', real_name: 'Anna', is_bot: false },
    { id: 'U2', name: 'frontdesk', real_name: 'frontdesk', is_bot: true },
  ],
  channels: [{ id: 'C1', name: 'dev', is_im: false, is_private: false }],
  commands: [{ command: '/opencode', description: 'Agents', usageHint: 'start | list | events on|off' }],
};
const at = (text: string, caret = text.length) => completeAt(text, caret, known);
const inserts = (text: string) => at(text)?.suggestions.map(({ insert }) => insert);

describe('completion while typing', () => {
  it('IN-8: offers the command, then its verbs, and shows its usage', () => {
    expect(inserts('/op')).toEqual(['/opencode ']);
    expect(at('/op')?.eager).toBe(true);
    expect(inserts('/opencode ')).toEqual(['start ', 'list ', 'events on|off ']);
    expect(inserts('/opencode l')).toEqual(['list ']);
    expect(at('/opencode l')).toMatchObject({
      from: 10,
      eager: false,
      hint: '/opencode start | list | events on|off',
    });
  });

  it('lets Enter send a command that is complete', () => {
    expect(at('/opencode')?.eager).toBe(false);
    expect(inserts('/opencode list')).toEqual([]);
  });

  it('offers people, channels and emoji before the caret only', () => {
    expect(inserts('hi @fr')).toEqual(['@frontdesk ']);
    expect(inserts('see #de')).toEqual(['<#C1> ']);
    expect(inserts('great :tad')?.[0]).toBe(':tada: ');
    expect(at('hi @an there', 6)).toMatchObject({ from: 3, suggestions: [{ insert: '@anna ' }] });
  });

  it('stays quiet in mail addresses, times and unknown commands', () => {
    for (const text of ['a@fr', 'at 10:30', '/nope x', 'plain']) expect(at(text)).toBeUndefined();
  });

  it('reads verbs from hints of either style', () => {
    expect(verbsOf('[run | status | stop]')).toEqual(['run', 'status', 'stop']);
    expect(verbsOf('')).toEqual([]);
  });
});
