import { describe, expect, it } from 'vitest';
import { commandWrites, describeWrite, writes } from './writes.ts';

describe('which calls write', () => {
  it.each([
    'ls -la',
    'git status && git log --oneline | head -5',
    'grep -rn "a > b" src 2>/dev/null',
    'cat package.json; pwd',
    "rg -i 'x' && echo done",
    'git diff 2>&1 | wc -l',
    '',
  ])('WS-6: looking: %s', (command) => expect(commandWrites(command)).toBe(false));

  it.each([
    'echo x > a.txt',
    'cat <<EOF',
    'npm install',
    'npm test',
    'git commit -m x',
    'git branch new',
    'git -C elsewhere status',
    'ls && rm -rf x',
    'ls\nrm x',
    'echo $(rm x)',
    'echo "$(rm x)"',
    'echo `rm x`',
    'find . -delete',
    'sed -i s/a/b/ x',
    'sort -o x x',
    'git diff --output=x',
    'A=1 ls',
    'sleep 1 & touch y',
    'sudo ls',
    './build.sh',
  ])('WS-6: writing, or not known: %s', (command) => expect(commandWrites(command)).toBe(true));

  it('WS-6: the tools that write, and what they would write', () => {
    const all = ['write', 'edit', 'multiedit', 'patch', 'apply_patch', 'read', 'grep', 'question', 'task'];
    expect(all.filter((tool) => writes(tool, {}))).toEqual(all.slice(0, 5));
    expect([writes('bash', { command: 'ls' }), writes('bash', { command: 'rm x' })]).toEqual([false, true]);
    expect(describeWrite({ filePath: 'src/a.ts', content: 'x' })).toBe('src/a.ts');
    expect(describeWrite({ patchText: '*** Begin Patch\n*** Add File: b.ts\n+x' })).toBe('b.ts');
    expect(describeWrite({ command: 'make' })).toBe('make');
    expect(describeWrite({})).toBe('');
  });
});
