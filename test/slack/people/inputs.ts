import type { Block, Json } from '../store/model.ts';

type Values = Record<string, Record<string, Json>>;

function list(value: unknown): Json[] {
  return Array.isArray(value) ? (value as Json[]) : [];
}

function optionsOf(element: Json): Json[] {
  const groups = list(element['option_groups']).flatMap((group) => list(group['options']));
  return [...list(element['options']), ...groups];
}

function optionOf(element: Json, value: unknown): Json {
  const found = optionsOf(element).find(
    (option) => option['value'] === value || (option['text'] as Json | undefined)?.['text'] === value,
  );
  if (found) return found;
  if (optionsOf(element).length === 0) return { value, text: { type: 'plain_text', text: String(value) } };
  const offered = optionsOf(element).map((option) => String(option['value']));
  throw new Error(`no option "${String(value)}"; there are: ${offered.join(', ')}`);
}

const singles: Record<string, string> = {
  users_select: 'selected_user',
  conversations_select: 'selected_conversation',
  channels_select: 'selected_channel',
  datepicker: 'selected_date',
  timepicker: 'selected_time',
  datetimepicker: 'selected_date_time',
};
const multiples: Record<string, string> = {
  multi_users_select: 'selected_users',
  multi_conversations_select: 'selected_conversations',
  multi_channels_select: 'selected_channels',
};

/**
 * What a person's choice becomes in `state.values` or in an action.
 * @param value text, option value(s), or a whole value object
 * @throws for an option that is not offered
 */
export function valueObject(element: Json, value: unknown): Json {
  const type = String(element['type']);
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { type, ...value };
  const single = singles[type];
  if (single) return { type, [single]: value };
  const multiple = multiples[type];
  if (multiple) return { type, [multiple]: [value].flat() };
  if (['static_select', 'external_select', 'radio_buttons', 'overflow'].includes(type)) {
    return { type, selected_option: value === null || value === undefined ? null : optionOf(element, value) };
  }
  if (['multi_static_select', 'multi_external_select', 'checkboxes'].includes(type)) {
    return { type, selected_options: [value].flat().map((one) => optionOf(element, one)) };
  }
  return { type, value: value === undefined || value === '' ? null : value };
}

function initialObject(element: Json): Json {
  const type = String(element['type']);
  if (element['initial_option'] !== undefined) return { type, selected_option: element['initial_option'] };
  if (element['initial_options'] !== undefined) return { type, selected_options: element['initial_options'] };
  if (type.startsWith('multi_') || type === 'checkboxes') {
    return { type, [multiples[type] ?? 'selected_options']: element['initial_users'] ?? [] };
  }
  const single = singles[type];
  if (single) return { type, [single]: element[`initial_${single.replace('selected_', '')}`] ?? null };
  if (['static_select', 'external_select', 'radio_buttons'].includes(type))
    return { type, selected_option: null };
  return { type, value: element['initial_value'] ?? null };
}

/** Blocks whose state a view keeps: inputs, and choices in sections and actions. */
function statefulElements(block: Block): Json[] {
  const elements = [block['element'], block['accessory'], ...list(block['elements'])] as (Json | undefined)[];
  return elements.filter(
    (element): element is Json =>
      element !== undefined &&
      /select|checkboxes|radio|picker|input/.test(String(element['type'])) &&
      block.type !== 'rich_text',
  );
}

/** @returns the state of a view as it opens; what the person typed in blocks of the same id stays. */
export function initialValues(blocks: readonly Block[], kept: Values = {}): Values {
  const values: Values = {};
  for (const block of blocks) {
    const blockId = String(block['block_id']);
    for (const element of statefulElements(block)) {
      const actionId = String(element['action_id']);
      values[blockId] ??= {};
      values[blockId][actionId] = kept[blockId]?.[actionId] ?? initialObject(element);
    }
  }
  return values;
}

/** Puts what a person fills in, by block id, into the state. @throws for a field or option not there */
export function fillIn(blocks: readonly Block[], values: Values, filled: Record<string, unknown>): void {
  for (const [blockId, value] of Object.entries(filled)) {
    const block = blocks.find((candidate) => candidate['block_id'] === blockId);
    const element = block ? statefulElements(block)[0] : undefined;
    if (!block || !element) {
      const known = blocks.map((candidate) => String(candidate['block_id']));
      throw new Error(`no field "${blockId}" in this view; there are: ${known.join(', ')}`);
    }
    const actionId = String(element['action_id']);
    const nested = typeof value === 'object' && value !== null && !Array.isArray(value) && actionId in value;
    values[blockId] = {
      ...values[blockId],
      [actionId]: valueObject(element, nested ? (value as Json)[actionId] : value),
    };
  }
}

/** @returns what the client itself refuses: required fields left empty. */
export function missingFields(blocks: readonly Block[], values: Values): Record<string, string> {
  const missing: Record<string, string> = {};
  for (const block of blocks) {
    if (block.type !== 'input' || block['optional'] === true) continue;
    const given = Object.values(values[String(block['block_id'])] ?? {})[0] ?? {};
    const { type: _type, ...rest } = given;
    const empty = Object.values(rest).every(
      (value) => value === null || (Array.isArray(value) && value.length === 0),
    );
    if (empty) missing[String(block['block_id'])] = 'Please complete this required field.';
  }
  return missing;
}
