import { describe, expect, it } from 'vitest';
import type { Step } from '../step.ts';
import { chunksOf } from '../step.ts';
import { parseTurn } from '../turn.ts';
import { standIn } from './brain.ts';
import { sixThings } from './worker-questions.ts';

const task = [
  'Task: JWT auth',
  '',
  'Workspace ai-dev-domain-apis-jwt-auth, project ai-dev/domain-apis, priority normal.',
  'The repositories are in ./repos: domain-apis. Work on their branch b and commit there.',
].join('\n');

/** Plays a turn of a coding agent. @returns what it called, and its last words */
function play(said: readonly string[], answer: (call: number) => string = () => 'done') {
  const tools = ['bash', 'write', 'edit', 'question', 'todowrite', 'milestone'].map((name) => ({
    function: { name },
  }));
  const messages: { role: 'user' | 'assistant' | 'tool'; content: string | null }[] = said.map((content) => ({
    role: 'user',
    content,
  }));
  const calls: string[] = [];
  for (let at = 0; at < 60; at += 1) {
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

  it('WS-6: held at its first write it asks, waits, and goes on in the workspace', () => {
    const held = 'Error: Held: nothing was written. Call the `question` tool now with any one question.';
    const { calls, end } = play(['add a page'], (call) => (call === 1 ? held : 'done'));
    expect(calls.map((call) => call.split(' ')[0])).toEqual(['bash', 'write', 'question']);
    expect(end).toBe('I go on when this session has its workspace.');
    const moved = [
      'Task: Add a page',
      '',
      'This session works in the workspace ai-dev-web-add-a-page now: /w/.builders/ai-dev-web-add-a-page.',
      'The repositories are in ./repos: web. Work on their branch b and commit there.',
    ].join('\n');
    expect(play(['add a page', moved]).calls[1]).toBe('write repos/web/src/add-a-page.js');
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

  const asks = (words: string) => [task.replace('JWT auth', `JWT auth, ${words}`)];
  /** As OpenCode 1.18.33 answers. */
  const answered = (pairs: string) =>
    `User has answered your questions: ${pairs}. You can now continue with the user's answers in mind.`;

  it('AS-1: asks with options, and works by the answer', () => {
    const result = answered('"Which database shall I use?"="PostgreSQL (Recommended)"');
    const { calls, end } = play(asks('ask me which database'), (call) => (call === 1 ? result : 'ok'));
    expect(calls.map((call) => call.split(' ')[0])).toEqual([
      'bash',
      'question',
      'write',
      'bash',
      'bash',
      'milestone',
    ]);
    expect(calls[2]).toBe('write repos/domain-apis/src/jwt-auth.js');
    expect(end).toContain('Told: Database: PostgreSQL.');
  });

  it('AS-6: an answer that finds OpenCode restarted is worked in', () => {
    const told =
      'OpenCode was restarted after you asked: Which database?\nThe answer (Anna): SQLite\nGo on with it.';
    const { calls, end } = play([task, told]);
    expect(calls[1]).toBe('write repos/domain-apis/src/jwt-auth.js');
    expect(end).toContain('JWT auth: SQLite');
  });

  it('AS-4: an answer that comes late is worked in, and not asked for again', () => {
    const late = [
      'Anna has now answered what you had asked: Which database shall I use?',
      'The decision: Database: SQLite',
      'You had gone on with ⭐ PostgreSQL. Your turn was ended.',
    ];
    const { calls, end } = play([...asks('ask me which database'), late.join('\n')]);
    expect(calls.map((call) => call.split(' ')[0])).toEqual(['bash', 'write', 'bash', 'bash', 'milestone']);
    expect(calls[1]).toBe('write repos/domain-apis/src/jwt-auth.js');
    expect(end).toContain('Told: late: Database: SQLite.');
  });

  it('AS-1, AS-5: asks three things at once, and six', () => {
    const result = answered(
      '"Which database shall I use?"="None", "Which features belong to the first version?"="Login, "mine", too", "What shall the module be called?"="Unanswered"',
    );
    const three = play(asks('ask three things'), (call) => (call === 1 ? result : 'ok'));
    expect(three.end).toContain('Told: Database: None; Features: Login, "mine", too; Name: Unanswered.');
    expect(sixThings).toHaveLength(6);
    expect(play(asks('ask six things')).calls[1]).toMatch(/^question/);
  });

  it('AS-1: a command that needs permission; denied, it goes on without', () => {
    const play2 = (result: string) =>
      play(asks('ask for permission'), (call) => (call === 1 ? result : 'ok'));
    expect(play2('npm notice').end).toContain('publishing: allowed');
    const denied = play2('The user rejected permission to use this specific tool call. Not now.');
    expect(denied.calls).toHaveLength(6);
    expect(denied.end).toContain('publishing: denied');
  });

  it('WA-3: goes on for long, with todos and milestones, never the same call twice', () => {
    const { calls } = play(asks('go on for 20 seconds'));
    expect(calls.filter((call) => call.startsWith('milestone'))).toHaveLength(5);
    expect(calls.filter((call) => call.startsWith('todowrite'))).toHaveLength(5);
    const shells = calls.filter((call) => call.includes('part '));
    expect(new Set(shells).size).toBe(10);
  });

  it('WA-2, LAB-4, TE-2: crashes, breaks the tests or the app, and takes that back', () => {
    const turn = parseTurn(
      {
        model: 'm',
        messages: [
          { role: 'user', content: asks('then crash on purpose')[0] ?? '' },
          { role: 'assistant', content: null },
          { role: 'tool', content: 'ok' },
        ],
        tools: ['bash', 'write'].map((name) => ({ function: { name } })),
      },
      's',
    );
    expect(standIn(turn)).toMatchObject({ fault: 'status', status: 400 });
    expect(play([task, 'break the tests']).calls[1]).toBe('write repos/domain-apis/src/broken.test.js');
    expect(play([task, 'break the app']).calls[1]).toBe('write repos/domain-apis/src/server.js');
    const web = task.replaceAll('domain-apis', 'web');
    expect(play([web, 'break the app']).calls[1]).toBe('write repos/web/package.json');
    expect(play([task, 'fix the app']).calls[2]).toContain('git checkout -q main -- src/server.js');
    expect(play([task, 'fix the typo']).calls[1]).toBe('write repos/domain-apis/src/fix-the-typo.js');
  });
});
