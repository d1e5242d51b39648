import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { answer, held, openRoom, textOf, until, useStage } from './use-stage.ts';

const served = ['U_ANNA', 'U_BEN'];
const stage = useStage({
  config: { cardAfterMs: 100, allowedUsers: served },
  // What is posted while the service starts makes events that nobody takes; Slack tries them again after a minute.
  slack: { clock: { now: Date.now, scale: 30 } },
});

/** Refusals counted so far, by way. */
async function refusals(): Promise<Record<string, number>> {
  const text = await (await fetch(`${stage().desk.url}/metrics`)).text();
  const lines = text.matchAll(/^slack_refused_total\{way="(?<way>[^"]+)"\} (?<count>\d+)/gm);
  return Object.fromEntries([...lines].map(({ groups }) => [groups?.['way'], Number(groups?.['count'])]));
}

describe('a stranger', () => {
  it('IN-2: is met with silence by every way in; each try is counted and logged', async () => {
    const room = openRoom(stage());
    const { slack, model, settled, transcript } = stage();
    const stranger = slack.as('U_STRANGER');
    model.script('guard the gate', held('gate', answer('Nobody came in.')));
    const ts = await slack.as('U_ANNA').post(room, '@frontdesk guard the gate');
    await model.gate('gate').reached;
    const card = await until(stage(), room, ts, 'Agent is thinking');
    await slack.until(() => slack.status(room, ts)?.status === 'processing', 'the native status');
    // The service is ready with one of its connections; a raw frame goes over all there are.
    await slack.until(() => slack.sockets.count === 2, 'both connections');
    const calls = model.calls.length;
    const from = slack.journal.length;

    let own = '';
    const ways: Record<string, readonly [way: string, knock: () => Promise<unknown>]> = {
      'a mention': ['app_mention', async () => (own = await stranger.post(room, '@frontdesk let me in'))],
      'the same mention as a message': ['message', async () => {}],
      'a DM': ['message', () => stranger.dm('let me in')],
      'a reply in a served thread': ['message', () => stranger.post(room, 'stop', { threadTs: ts })],
      'an edit': ['message', () => stranger.edit(room, own, '@frontdesk let me in, please')],
      'a deletion': ['message', () => stranger.delete(room, own)],
      'a slash command': ['command', () => stranger.slash('/opencode', 'status', room)],
      'the message shortcut': ['shortcut', () => stranger.shortcut('opencode_thread', room, ts)],
      'a modal': ['modal', async () => slack.sockets.sendRaw(submission(slack.teamId))],
      'a click on the live Stop button': ['click', () => stranger.click(room, card.ts, 'Stop')],
      'App Home': ['app_home_opened', () => stranger.openHome()],
      'the 🛑 reaction': ['reaction_added', () => stranger.react(room, ts, 'octagonal_sign')],
      'the native Stop': ['agent_session_stopped', () => stranger.stopSession(room, ts)],
    };
    const expected: Record<string, number> = {};
    const results: unknown[] = [];
    for (const [way, knock] of Object.values(ways)) {
      results.push(await knock());
      expected[way] = (expected[way] ?? 0) + 1;
    }
    // Acknowledged with nothing: an error would tell them that somebody is there.
    const answers = results.filter((result) => typeof result === 'object');
    expect(answers).toHaveLength(3);
    for (const given of answers) expect(given).toMatchObject({ acked: true, payload: {} });
    expected['modal'] = 2;
    await slack.until(() => slack.pendingEvents === 0, 'every event to be acknowledged');
    const knocked = () => count(stage().logText());
    await slack.until(() => knocked() === sum(expected), 'every try to be logged');
    expect(await refusals()).toEqual(expected);
    for (const way of Object.keys(expected))
      expect(stage().logText()).toMatch(new RegExp(`"way":"${way}","user":"U_STRANGER"`));

    const said = slack.journal
      .slice(from)
      .filter(({ kind, name, ts }) => kind === 'call' && !(name === 'chat.update' && ts === card.ts))
      .filter(({ name }) => name !== 'apps.connections.open');
    expect(said, 'calls that could be seen, but the card of the turn that runs').toEqual([]);
    expect(slack.messages('D_STRANGER').filter(({ bot }) => bot)).toEqual([]);
    expect(stranger.modal()).toBeUndefined();
    expect(stranger.home()).toBeUndefined();

    model.gate('gate').open();
    await settled(room, ts);
    expect(model.calls.slice(calls).filter(({ said }) => said !== 'guard the gate')).toEqual([]);
    await expect(transcript(room)).toMatchFileSnapshot('golden/strangers.txt');
  });

  it('IN-2: whoever was taken off the allowlist: what they asked before the restart is not taken up again, what they have open does nothing', async () => {
    const room = openRoom(stage());
    const { slack, model, settled, restart } = stage();
    const [anna, ben] = [slack.as('U_ANNA'), slack.as('U_BEN')];
    model.script('dig a tunnel', held('tunnel', answer('It is dug.')));
    model.script('is all well', answer('All is well.'));
    const ts = await ben.post(room, '@frontdesk dig a tunnel');
    await model.gate('tunnel').reached;
    await ben.post(room, 'open the gate', { threadTs: ts });
    await anna.post(room, 'is all well?', { threadTs: ts });
    await until(stage(), room, ts, 'Queued at position 2');
    served.splice(served.indexOf('U_BEN'), 1);
    await restart();
    await until(stage(), room, ts, '"All is well."');
    await settled(room, ts);
    expect(model.calls.filter(({ said }) => said.startsWith('open the gate'))).toEqual([]);
    // A form they had open, a card that their client shows still, and all else.
    await slack.until(() => slack.sockets.count === 2, 'both connections');
    const mine = slack.thread(room, ts).find(({ bot }) => bot)?.ts ?? '';
    const [shown, before] = [slack.thread(room, ts).length, await refusals()];
    slack.sockets.sendRaw(submission(slack.teamId, 'U_BEN'));
    const pressed = await ben.click(room, mine, { actionId: 'queue.now', value: '1' });
    expect(pressed).toMatchObject({ acked: true, payload: {} });
    await ben.react(room, ts, 'octagonal_sign');
    await ben.openHome();
    const tried = async () =>
      Object.fromEntries(
        Object.entries(await refusals()).map(([way, times]) => [way, times - (before[way] ?? 0)]),
      );
    // A raw frame goes over both connections.
    await expect
      .poll(tried, { timeout: 120_000 })
      .toMatchObject({ modal: 2, click: 1, reaction_added: 1, app_home_opened: 1 });
    expect(slack.thread(room, ts)).toHaveLength(shown);
    expect(ben.home()).toBeUndefined();

    const said = slack.thread(room, ts).filter(({ bot }) => bot);
    expect(said.map(textOf).join('\n')).toContain('Stopped: who asked is not on the allowlist any more.');
    expect(said.map(textOf).join('\n')).not.toMatch(/Queued|It is dug/);
  });
});

function sum(counts: Record<string, number>): number {
  return Object.values(counts).reduce((total, one) => total + one, 0);
}

function count(log: string): number {
  return log.split('"msg":"slack.stranger.refused"').length - 1;
}

/** A form that somebody submits who is not served, its metadata made up: the service opens none for them. */
function submission(teamId: string, person = 'U_STRANGER'): string {
  const view = {
    id: 'V1',
    type: 'modal',
    callback_id: 'start',
    state: { values: {} },
    private_metadata: '{"ref":{}}',
  };
  const user = { id: person, team_id: teamId };
  const payload = { type: 'view_submission', team: { id: teamId }, user, view, trigger_id: '1.2.3' };
  return JSON.stringify({
    envelope_id: randomUUID(),
    type: 'interactive',
    accepts_response_payload: true,
    payload,
  });
}
