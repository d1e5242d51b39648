import { describe, expect, it } from 'vitest';
import { groupsOf, initialValue } from './surface.ts';

const option = (value: string) => ({ value, text: { type: 'plain_text', text: value.toUpperCase() } });

describe('what a field holds at first', () => {
  it('is its own initial value, whatever its kind', () => {
    expect(initialValue({ initial_value: 'x' }, undefined)).toBe('x');
    expect(initialValue({ initial_option: option('a') }, undefined)).toBe('a');
    expect(initialValue({ initial_options: [option('a'), option('b')] }, undefined)).toEqual(['a', 'b']);
    expect(initialValue({ initial_date: '2026-01-02' }, undefined)).toBe('2026-01-02');
    expect(initialValue({ initial_users: ['U1'] }, undefined)).toEqual(['U1']);
    expect(initialValue({}, undefined)).toBeNull();
  });

  it('is what the view already holds, where it holds something', () => {
    expect(initialValue({ initial_value: 'x' }, { type: 'plain_text_input', value: 'y' })).toBe('y');
    expect(initialValue({ initial_option: option('a') }, { selected_option: null })).toBeNull();
    expect(initialValue({}, { selected_options: [option('b')] })).toEqual(['b']);
    expect(initialValue({}, { selected_date: '2026-03-04' })).toBe('2026-03-04');
  });

  it('knows groups of options', () => {
    const groups = groupsOf({ option_groups: [{ label: { text: 'Mine' }, options: [option('a')] }] });
    expect(groups).toEqual([{ label: 'Mine', options: [{ value: 'a', label: 'A', description: '' }] }]);
  });
});
