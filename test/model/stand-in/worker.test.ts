import { describe, expect, it } from 'vitest';
import type { Step } from '../step.ts';
import { chunksOf } from '../step.ts';
import { parseTurn } from '../turn.ts';
import { standIn } from './brain.ts';

const task = [
  'Task: JWT auth',
  '',
  'Workspace ai-dev-domain-apis-jwt-auth, project ai-dev/domain-apis, priority normal.',
  'The repositories are in ./repos: domain-apis. Work on their branch b and commit there.',
].join('\n');

/** Plays a turn of a coding agent. @returns what it called, and its last words */
function play(said: readonly string[], answer: (call: number) => string = () => 'done') {
  const tools = ['bash', 'write', 'edit', 'milestone'].map((name) => ({ function: { name } }));
  const messages: { role: 'user' | 'assistant' | 'tool'; content: string | null }[] = said.map((content) => ({
    role: 'user',
    content,
  }));
  const calls: string[] = [];
  for (let at = 0; at < 20; at += 1) {
    const step: Step = standIn(parseTurn({ model: 'm', messages, tools }, 's')) ?? {};
    if ('fault' in step || 'gate' in step) throw new Error('neither faults nor gates are expected');
    const [call] = step.tools ?? [];
    if (call === undefined) return { calls, end: chunksOf(step).join('') };
    calls.push(`${call.name} ${String(Object.values(call.args)[0])}`);
    messages.push({ role: 'assistant', content: null }, { role: 'tool', content: answer(at) });
  }
  throw new Error(`does not end: ${calls.join(', ')}`);
}

describe('stand-in: the coding agent', () => {
  it('looks, writes, tests, commits, tells of it, and ends with what works', () => {
    const { calls, end } = play([task]);
    expect(calls.map((call) => call.split(' ')[0])).toEqual(['bash', 'write', 'bash', 'bash', 'milestone']);
    expect(calls[1]).toBe('write repos/domain-apis/src/jwt-auth.js');
    expect(calls[3]).toContain("-m 'JWT auth'");
    expect(end).toContain('tested and committed');
  });

  it('takes further words for a task in the same repository, quoted for the shell', () => {
    const { calls } = play([task, "don't forget $(touch /tmp/x)"]);
    expect(calls[1]).toBe('write repos/domain-apis/src/don-t-forget-touch-tmp.js');
    expect(calls[3]).toContain(String.raw`-m 'don'\''t forget $(touch /tmp/x)'`);
  });

  it('goes on where it was: commits what was begun', () => {
    const { calls, end } = play([task, 'Go on where you left off. If all is done, say what was done.']);
    expect(calls).toEqual([expect.stringContaining('git add -A')]);
    expect(end).toContain('JWT auth');
  });

  it.each([0, 1, 2, 3, 4])('never loops: a tool that fails at step %i ends it in words', (failing) => {
    const { calls, end } = play([task], (call) => (call === failing ? 'fatal: not a git repository' : 'ok'));
    expect(calls).toHaveLength(failing + 1);
    expect(end).toBe('I could not go on: fatal: not a git repository');
  });
});
