import { describe, expect, it } from 'vitest';
import type { ModelMessage } from '../protocol.ts';
import type { Step } from '../step.ts';
import { userTurn } from '../test-client.ts';
import { parseTurn } from '../turn.ts';
import { standIn } from './brain.ts';

const desk = ['slack_reply', 'workspaces_list', 'workspaces_connect_thread', 'sessions_send'];
const verbs = ['start', 'list', 'status', 'pause', 'resume', 'stop', 'fork', 'read_messages'].map(
  (verb) => `sessions_${verb}`,
);
const rooms = [
  'lab_deploy',
  'lab_status',
  'lab_logs',
  'lab_list',
  'lab_cleanup',
  'tests_run',
  'tests_results',
  'slack_ask',
];
const responses = ['sessions_respond_to_question', 'sessions_respond_to_permission'];
const others = ['diff', 'promote', 'cleanup', 'toggle_event_updates', 'disconnect_thread'].map(
  (verb) => `workspaces_${verb}`,
);

/** Plays a turn of the front desk. @returns the calls as `name {args}`, and the words at its end */
function play(said: string, results: readonly string[], asks = 'none'): string[] {
  const tools = [...desk, ...verbs, ...others, ...rooms, ...responses].map((name) => ({
    function: { name },
  }));
  const messages: ModelMessage[] = [
    userTurn(said, `channel: #dev (thread)\nfrom: Anna (U_ANNA)\npending asks: ${asks}`),
  ];
  const made: string[] = [];
  for (let at = 0; at < 9; at += 1) {
    const step: Step = standIn(parseTurn({ model: 'm', messages, tools }, 's')) ?? {};
    const [call] = 'tools' in step ? (step.tools ?? []) : [];
    if (call === undefined) return made;
    made.push(`${call.name} ${JSON.stringify(call.args)}`);
    messages.push(
      { role: 'assistant', content: null },
      { role: 'tool', content: results[at] ?? 'Answered.' },
    );
  }
  throw new Error(`does not end: ${made.join(', ')}`);
}

const shown = '“JWT auth” is proposed.\n(The person sees this in the thread already; do not repeat it.)';

describe('stand-in: the front desk of coding agents', () => {
  it('SE-3: starts, and leaves it at the card', () => {
    expect(play('start JWT auth in domain-apis', [shown])).toEqual([
      'sessions_start {"project":"domain-apis","title":"JWT auth","description":"As asked for in Slack: JWT auth"}',
    ]);
    expect(play('Start JWT auth in domain-apis, please.', [shown])[0]).toContain(
      '"domain-apis","title":"JWT auth"',
    );
    expect(play('start JWT auth in nowhere', ['There is no such project.'])[1]).toBe(
      'slack_reply {"text":"There is no such project."}',
    );
  });

  it.each([
    ['tell it to use RS256', 'sessions_send {"text":"use RS256"}'],
    ['what is running?', 'sessions_list {}'],
    ['how is it going?', 'sessions_status {}'],
    ['show me the diff', 'workspaces_diff {}'],
    ['promote it, please', 'workspaces_promote {}'],
    ['clean it up', 'workspaces_cleanup {}'],
    ['pause it', 'sessions_pause {}'],
    ['resume', 'sessions_resume {}'],
    ['stop the session', 'sessions_stop {}'],
    ['list', 'sessions_list {}'],
    ['unplug it', 'workspaces_disconnect_thread {}'],
    ['fork it as a second try', 'sessions_fork {"title":"a second try"}'],
    ['what did it say?', 'sessions_read_messages {"limit":3}'],
    ['events off', 'workspaces_toggle_event_updates {"on":false}'],
    ['test', 'tests_run {}'],
    ['undeploy it', 'lab_cleanup {}'],
    ['show me progress', 'workspaces_toggle_event_updates {"on":true}'],
    ['hide progress', 'workspaces_toggle_event_updates {"on":false}'],
    ['deploy it to the lab', 'lab_deploy {}'],
    ['run the tests', 'tests_run {}'],
    ['please run its acceptance tests', 'tests_run {"suite":"acceptance"}'],
    ['did the tests pass?', 'tests_results {}'],
    ['lab status', 'lab_status {}'],
    ['which labs are there?', 'lab_list {}'],
    ['show me the logs', 'lab_logs {}'],
    ['clean up the lab', 'lab_cleanup {}'],
    ['continue the-login here', 'workspaces_connect_thread {"workspace":"the-login"}'],
  ])('%s', (said, call) => {
    expect(play(said, [])[0]).toBe(call);
  });

  it('WS-4: “it” is the last one that is elsewhere; what the thread shows is not said again', () => {
    const list = JSON.stringify({
      workspaces: [
        { workspace: 'a', plugged: 'elsewhere' },
        { workspace: 'b', plugged: 'here' },
      ],
    });
    const moved = JSON.stringify({ workspace: 'a', outcome: 'moved', summary: 'Stands.' });
    expect(play('move it here', [list, moved])).toEqual([
      'workspaces_list {}',
      'workspaces_connect_thread {"workspace":"a"}',
    ]);
    expect(play('move it here', ['{"workspaces":[]}'])[1]).toContain('nothing elsewhere');
    expect(play('move x here', ['There is no such workspace.'])[1]).toContain('no such workspace');
    expect(play('unplug it', ['{"workspace":"a","disconnected":true}'])).toHaveLength(1);
    expect(play('unplug it', ['None is plugged in.'])[1]).toContain('None is plugged in.');
  });

  it('MCP-4: reads out what a coding agent said', () => {
    const messages = [{ role: 'assistant', text: 'Done: “a\\b”.\nSee "x".', at: '2026-01-01T00:00:00Z' }];
    expect(play('what did it say?', [JSON.stringify({ messages })])[1]).toContain(
      JSON.stringify('**assistant**: Done: “a\\b”.\nSee "x".'),
    );
    expect(play('what did it say?', ['{"messages":[]}'])[1]).toContain('not said anything yet');
  });

  const waiting =
    'ask_1 (question of w): "Which database; really?" options: ⭐ PostgreSQL | SQLite; ask_2 (permission of w): "run a command: npm publish"';

  it('AS-2, AG-2: reads out what waits, and gives answers to what waits', () => {
    expect(play('what waits for me?', [], waiting)[0]).toBe(
      `slack_reply ${JSON.stringify({
        text: '- question: "Which database; really?" options: ⭐ PostgreSQL | SQLite\n- permission: "run a command: npm publish"',
      })}`,
    );
    expect(play('what waits for me?', [])[0]).toContain('Nothing waits');
    expect(play('answer: SQLite; tomorrow', [], waiting)[0]).toBe(
      'sessions_respond_to_question {"ask":"ask_1","answers":[["SQLite"],["tomorrow"]]}',
    );
    expect(play('deny it: not today', [], waiting)[0]).toBe(
      'sessions_respond_to_permission {"ask":"ask_2","decision":"deny","reason":"not today"}',
    );
    expect(play('allow it', [], waiting)[0]).toBe(
      'sessions_respond_to_permission {"ask":"ask_2","decision":"allow"}',
    );
    expect(play('answer: SQLite', [])[0]).toContain('No question waits here.');
    expect(play('ask me something', ['Asked.'])[0]).toContain('slack_ask');
  });

  it('LAB-6: tells labs in a line each, and leaves a card to speak for itself', () => {
    const lab = {
      id: 'd1',
      workspace: 'w',
      repository: 'r',
      runtime: 'node',
      status: 'ready',
      url: 'http://x',
    };
    const told = JSON.stringify({ latest: lab, running: null });
    expect(play('lab status', [told])[1]).toBe('slack_reply {"text":"- `w`: ready, http://x"}');
    expect(play('lab status', ['{"latest":null,"running":null}'])[1]).toContain('no lab yet');
    expect(
      play('deploy it', ['The deploy of w has begun. A card in the thread shows its steps.']),
    ).toHaveLength(1);
  });
});
