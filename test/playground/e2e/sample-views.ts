/** Views as a later Frontdesk may have them; here they show what the page can draw. */
import type { types } from '@slack/bolt';

type KnownBlock = types.KnownBlock;
type View = types.View;

const plain = (text: string) => ({ type: 'plain_text' as const, text, emoji: true });
const options = (...names: string[]) =>
  names.map((name) => ({ text: plain(name), value: name.toLowerCase() }));

/** The modal behind `/opencode start`. */
export const startModal: View = {
  type: 'modal',
  callback_id: 'sample_start',
  title: plain('Start a session'),
  submit: plain('Start'),
  close: plain('Cancel'),
  blocks: [
    { type: 'section', text: { type: 'mrkdwn', text: 'A *sample app*, not Frontdesk itself.' } },
    {
      type: 'input',
      block_id: 'category',
      label: plain('Category'),
      element: { type: 'static_select', action_id: 'v', options: options('ai-dev', 'web', 'infra') },
    },
    {
      type: 'input',
      block_id: 'title',
      label: plain('Title'),
      hint: plain('At least two words'),
      element: { type: 'plain_text_input', action_id: 'v', placeholder: plain('Login page') },
    },
    {
      type: 'input',
      block_id: 'description',
      optional: true,
      label: plain('Description'),
      element: { type: 'plain_text_input', action_id: 'v', multiline: true },
    },
    {
      type: 'input',
      block_id: 'repositories',
      label: plain('Repositories'),
      element: { type: 'multi_static_select', action_id: 'v', options: options('api', 'shop', 'docs') },
    },
    {
      type: 'input',
      block_id: 'priority',
      label: plain('Priority'),
      element: {
        type: 'radio_buttons',
        action_id: 'v',
        options: options('High', 'Normal'),
        initial_option: options('Normal')[0]!,
      },
    },
  ],
};

/** App Home with every workspace. `paused` names those whose button was pressed. */
export function homeView(paused: ReadonlySet<string>): View {
  const workspace = (name: string, facts: string): KnownBlock[] => [
    {
      type: 'section',
      block_id: name,
      text: { type: 'mrkdwn', text: `*${name}*\n${paused.has(name) ? '⏸️ paused' : '🟢 active'} ⋅ ${facts}` },
      accessory: {
        type: 'overflow',
        action_id: 'sample_more',
        options: [...options('Logs'), ...options('Diff')],
      },
    },
    {
      type: 'actions',
      block_id: `${name}-actions`,
      elements: [
        { type: 'button', action_id: 'sample_pause', value: name, text: plain('Pause') },
        {
          type: 'button',
          action_id: 'sample_clean',
          value: name,
          style: 'danger',
          text: plain('Clean up'),
          confirm: {
            title: plain(`Clean up ${name}?`),
            text: plain('Its worktrees and its lab go.'),
            confirm: plain('Clean up'),
            deny: plain('Keep'),
          },
        },
      ],
    },
    { type: 'divider' },
  ];
  return {
    type: 'home',
    blocks: [
      { type: 'header', text: plain('Workspaces') },
      { type: 'context', elements: [{ type: 'mrkdwn', text: 'A sample app, not Frontdesk itself.' }] },
      ...workspace('ai-dev/shop', '2 of 5 tasks ⋅ <https://shop.lab.example|lab> ⋅ one question for you'),
      ...workspace('ai-dev/docs', '5 of 5 tasks ⋅ all tests passing (45/45)'),
    ],
  };
}

/** A message with things to choose. */
export const choices: KnownBlock[] = [
  { type: 'section', text: { type: 'mrkdwn', text: 'Which agent should do it?' } },
  {
    type: 'actions',
    block_id: 'choices',
    elements: [
      {
        type: 'static_select',
        action_id: 'sample_agent',
        placeholder: plain('Choose an agent'),
        options: options('architect', 'builder', 'pm'),
      },
      {
        type: 'overflow',
        action_id: 'sample_more',
        options: options('Explain', 'Later'),
      },
      {
        type: 'button',
        action_id: 'sample_clean',
        value: 'message',
        text: plain('Delete all'),
        confirm: {
          title: plain('Really?'),
          text: plain('Everything goes.'),
          confirm: plain('Delete'),
          deny: plain('Keep it'),
        },
      },
    ],
  },
];
