import { describe, expect, it } from 'vitest';
import { decideServe, identify } from './identity.ts';

const bot = 'U0BOT';
const allow = { allowedUsers: ['U_ANNA'], allowedTeams: [], allowedChannels: [] };
const event = (fields: object) => ({ team_id: 'T1', type: 'event_callback', event: fields });

/** Every way in (IN-2), as Slack sends it. */
const ways: Record<string, (user: string) => object> = {
  mention: (user) => event({ type: 'app_mention', user, channel: 'C1', text: 'x', ts: '1.1' }),
  message: (user) => event({ type: 'message', user, channel: 'C1', text: 'x', ts: '1.1', thread_ts: '1.0' }),
  dm: (user) => event({ type: 'message', user, channel: 'D1', channel_type: 'im', text: 'x', ts: '1.1' }),
  edit: (user) =>
    event({ type: 'message', subtype: 'message_changed', channel: 'C1', message: { user, ts: '1.1' } }),
  deletion: (user) =>
    event({
      type: 'message',
      subtype: 'message_deleted',
      channel: 'C1',
      previous_message: { user, ts: '1.1' },
    }),
  reaction: (user) =>
    event({ type: 'reaction_added', user, reaction: 'x', item: { channel: 'C1', ts: '1.1' } }),
  home: (user) => event({ type: 'app_home_opened', user, channel: 'D1', tab: 'home' }),
  nativeStop: (user) => event({ type: 'agent_session_stopped', user, channel: 'C1', thread_ts: '1.0' }),
  command: (user) => ({ command: '/opencode', text: '', user_id: user, team_id: 'T1', channel_id: 'C1' }),
  click: (user) => ({
    type: 'block_actions',
    user: { id: user },
    team: { id: 'T1' },
    channel: { id: 'C1' },
    actions: [],
  }),
  shortcut: (user) => ({
    type: 'message_action',
    user: { id: user },
    team: { id: 'T1' },
    channel: { id: 'C1' },
  }),
  globalShortcut: (user) => ({ type: 'shortcut', user: { id: user }, team: { id: 'T1' } }),
  modal: (user) => ({ type: 'view_submission', user: { id: user }, team: { id: 'T1' }, view: {} }),
  modalClosed: (user) => ({ type: 'view_closed', user: { id: user }, team: { id: 'T1' }, view: {} }),
  options: (user) => ({ type: 'block_suggestion', user: { id: user }, team: { id: 'T1' } }),
};

describe('who is served', () => {
  it.each(Object.keys(ways))(
    'IN-2: %s: the listed are served, strangers refused, nobody by default',
    (way) => {
      const body = ways[way] ?? (() => ({}));
      expect(decideServe(identify(body('U_ANNA'), bot), allow)).toBe('serve');
      expect(decideServe(identify(body('U_STRANGER'), bot), allow)).toBe('refuse');
      expect(decideServe(identify(body('U_ANNA'), bot), { ...allow, allowedUsers: [] })).toBe('refuse');
    },
  );

  it('IN-2: a payload without a readable user is refused', () => {
    for (const body of [null, 'x', {}, event({ type: 'message' }), { user: 'U_ANNA' }])
      expect(decideServe(identify(body, bot), allow)).toBe('refuse');
  });

  it('IN-3: our own messages and other bots’ are ignored, not counted as strangers', () => {
    const own = event({ type: 'message', user: bot, bot_id: 'B1', channel: 'C1', ts: '1' });
    const ownEdit = event({
      type: 'message',
      subtype: 'message_changed',
      message: { user: bot, bot_id: 'B1' },
      channel: 'C1',
    });
    const other = event({ type: 'message', subtype: 'bot_message', bot_id: 'B9', channel: 'C1', ts: '1' });
    for (const body of [own, ownEdit, other]) expect(decideServe(identify(body, bot), allow)).toBe('ignore');
  });

  it('IN-2: optional team and channel lists; a DM is not a channel', () => {
    const mention = identify(ways['mention']?.('U_ANNA'), bot);
    expect(decideServe(mention, { ...allow, allowedTeams: ['T2'] })).toBe('refuse');
    expect(decideServe(mention, { ...allow, allowedTeams: ['T1'] })).toBe('serve');
    expect(decideServe(mention, { ...allow, allowedChannels: ['C2'] })).toBe('refuse');
    expect(decideServe(mention, { ...allow, allowedChannels: ['C1'] })).toBe('serve');
    expect(decideServe(identify(ways['dm']?.('U_ANNA'), bot), { ...allow, allowedChannels: ['C2'] })).toBe(
      'serve',
    );
  });

  it('IN-2: with a list of teams, a person of another workspace in a shared channel is a stranger by every way', () => {
    const lists = { ...allow, allowedTeams: ['T1'] };
    const shared = { user: 'U_ANNA', channel: 'C1', ts: '1.1' };
    for (const [home, verdict] of [
      ['T1', 'serve'],
      ['T_OTHER', 'refuse'],
    ]) {
      const bodies = [
        event({ type: 'app_mention', ...shared, team: home }),
        event({ type: 'message', ...shared, team: 'T1', user_team: home }),
        event({
          type: 'message',
          subtype: 'message_changed',
          channel: 'C1',
          message: { ...shared, team: home },
        }),
        { type: 'block_actions', user: { id: 'U_ANNA', team_id: home }, team: { id: 'T1' }, actions: [] },
        { type: 'view_submission', user: { id: 'U_ANNA', team_id: home }, team: { id: 'T1' }, view: {} },
      ];
      for (const body of bodies) expect(decideServe(identify(body, bot), lists)).toBe(verdict);
    }
  });

  it('IN-3: what a workflow or an app posts in the name of a person is no person’s', () => {
    const posted = { user: 'U_ANNA', bot_id: 'B7', app_id: 'A7', channel: 'C1', ts: '1.1' };
    for (const body of [
      event({ type: 'message', ...posted }),
      event({ type: 'app_mention', ...posted }),
      event({ type: 'message', subtype: 'bot_message', bot_id: 'B7', username: 'Anna', channel: 'C1' }),
      event({ type: 'message', subtype: 'message_changed', channel: 'C1', message: posted }),
    ])
      expect(decideServe(identify(body, bot), allow)).toBe('ignore');
  });
});
