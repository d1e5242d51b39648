import { z } from 'zod';

/** Block elements and their limits, as in notes/slack.md §3 and @slack/types 3.2. */
export const plainText = (max: number) =>
  z.strictObject({
    type: z.literal('plain_text'),
    text: z.string().min(1).max(max),
    emoji: z.boolean().optional(),
  });

export const mrkdwn = (max: number) =>
  z.strictObject({
    type: z.literal('mrkdwn'),
    text: z.string().min(1).max(max),
    verbatim: z.boolean().optional(),
  });

export const anyText = (max: number) => z.discriminatedUnion('type', [plainText(max), mrkdwn(max)]);

const actionId = z.string().max(255).optional();

const confirm = z
  .strictObject({
    title: plainText(100),
    text: anyText(300),
    confirm: plainText(30),
    deny: plainText(30),
    style: z.enum(['primary', 'danger']).optional(),
  })
  .optional();

const option = z.strictObject({
  text: anyText(75),
  value: z.string().min(1).max(150),
  description: anyText(75).optional(),
  url: z.string().max(3_000).optional(),
});

const optionGroup = z.strictObject({ label: plainText(75), options: z.array(option).min(1).max(100) });

export const button = z.strictObject({
  type: z.literal('button'),
  text: plainText(75),
  action_id: actionId,
  value: z.string().max(2_000).optional(),
  url: z.string().max(3_000).optional(),
  style: z.enum(['primary', 'danger']).optional(),
  confirm,
  accessibility_label: z.string().max(75).optional(),
});

const placeholder = plainText(150).optional();
const common = { action_id: actionId, confirm, placeholder, focus_on_load: z.boolean().optional() };
const choices = {
  options: z.array(option).min(1).max(100).optional(),
  option_groups: z.array(optionGroup).max(100).optional(),
};

const staticSelect = z.strictObject({
  type: z.literal('static_select'),
  ...common,
  ...choices,
  initial_option: option.optional(),
});
const multiStaticSelect = z.strictObject({
  type: z.literal('multi_static_select'),
  ...common,
  ...choices,
  initial_options: z.array(option).optional(),
  max_selected_items: z.number().int().min(1).optional(),
});
const otherSelect = z.looseObject({
  type: z.enum([
    'users_select',
    'conversations_select',
    'channels_select',
    'external_select',
    'multi_users_select',
    'multi_conversations_select',
    'multi_channels_select',
    'multi_external_select',
  ]),
  ...common,
});
const optionList = { action_id: actionId, confirm, focus_on_load: z.boolean().optional() };
const checkboxes = z.strictObject({
  type: z.literal('checkboxes'),
  ...optionList,
  options: z.array(option).min(1).max(10),
  initial_options: z.array(option).optional(),
});
const radioButtons = z.strictObject({
  type: z.literal('radio_buttons'),
  ...optionList,
  options: z.array(option).min(1).max(10),
  initial_option: option.optional(),
});
const overflow = z.strictObject({
  type: z.literal('overflow'),
  action_id: actionId,
  confirm,
  options: z.array(option).min(1).max(5),
});
const pickers = z.looseObject({
  type: z.enum(['datepicker', 'timepicker', 'datetimepicker']),
  ...common,
});
const plainTextInput = z.strictObject({
  type: z.literal('plain_text_input'),
  action_id: actionId,
  initial_value: z.string().max(3_000).optional(),
  multiline: z.boolean().optional(),
  min_length: z.number().int().min(0).max(3_000).optional(),
  max_length: z.number().int().min(1).max(3_000).optional(),
  dispatch_action_config: z.looseObject({}).optional(),
  focus_on_load: z.boolean().optional(),
  placeholder,
});
const otherInput = z.looseObject({
  type: z.enum(['email_text_input', 'url_text_input', 'number_input', 'rich_text_input', 'file_input']),
  action_id: actionId,
});

export const image = z.looseObject({ type: z.literal('image'), alt_text: z.string().min(1).max(2_000) });

const interactive = [
  button,
  staticSelect,
  multiStaticSelect,
  otherSelect,
  checkboxes,
  radioButtons,
  overflow,
  pickers,
] as const;

export const actionsElement = z.union([...interactive, plainTextInput, otherInput]);
export const sectionAccessory = z.union([...interactive, image]);
export const inputElement = z.union([
  plainTextInput,
  otherInput,
  staticSelect,
  multiStaticSelect,
  otherSelect,
  checkboxes,
  radioButtons,
  pickers,
]);

const feedbackChoice = z.looseObject({ text: plainText(75), value: z.string().max(2_000) });
export const contextAction = z.union([
  z.looseObject({
    type: z.literal('feedback_buttons'),
    action_id: actionId,
    positive_button: feedbackChoice,
    negative_button: feedbackChoice,
  }),
  z.looseObject({
    type: z.literal('icon_button'),
    action_id: actionId,
    icon: z.string(),
    text: plainText(75),
  }),
]);
