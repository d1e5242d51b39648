/** Forms and App Home for a terminal: what they show, and how what is typed becomes their values. Pure. */
import { renderBlock } from '../slack/render/blocks.ts';
import type { Block, Json, StoredView } from '../slack/store/model.ts';
import type { World } from '../slack/store/world.ts';
import type { Names } from './message-text.ts';

/** @returns the form as lines, each field as `name (what may be typed)` */
export function renderForm({ body }: StoredView, names: Names): string {
  const fields = body.blocks.flatMap((block) =>
    block.type === 'input' ? [fieldLine(block)] : renderBlock(names as World, block),
  );
  const title = textOf(body['title'] as Json | undefined);
  const [first] = body.blocks.filter(({ type }) => type === 'input');
  const example = first === undefined ? '' : `\n(/form ${String(first['block_id'])}=…; other=… sends it)`;
  return [`┌ ${title}`, ...fields.map((line) => `│ ${line}`)].join('\n') + example;
}

/** @returns App Home as lines; its buttons are listed in brackets where they are */
export function renderHome({ body }: StoredView, names: Names): string {
  return body.blocks.flatMap((block) => renderBlock(names as World, block)).join('\n');
}

/**
 * @param text `name=value; other=one, two`
 * @returns values by block id, several only where the field takes several
 * @throws Error naming the fields there are
 */
export function parseFields(text: string, { body }: StoredView): Record<string, unknown> {
  const inputs = body.blocks.filter(({ type }) => type === 'input');
  return Object.fromEntries(
    text.split(';').flatMap((part) => {
      const at = part.indexOf('=');
      if (part.trim() === '') return [];
      const name = part.slice(0, Math.max(at, 0)).trim();
      const field = inputs.find((block) => block['block_id'] === name);
      if (field === undefined)
        throw new Error(
          `There is no field "${name}"; there are: ${inputs.map((block) => block['block_id']).join(', ')}.`,
        );
      return [[name, valueOf(field, part.slice(at + 1).trim())]];
    }),
  );
}

function valueOf(field: Block, typed: string): unknown {
  const element = field['element'] as Json;
  const options = optionsOf(element);
  if (options.length === 0) return typed;
  const isMany = /^multi_|^checkboxes$/.test(String(element['type']));
  const wanted = isMany ? typed.split(',').map((one) => one.trim()) : [typed];
  const values = wanted.map((one) => {
    const found = options.find(({ value, text }) =>
      [value, text].some((known) => known.toLowerCase() === one.toLowerCase()),
    );
    return (
      (found ?? options.find(({ text }) => text.toLowerCase().includes(one.toLowerCase())))?.value ?? one
    );
  });
  return isMany ? values : values[0];
}

function fieldLine(block: Block): string {
  const element = block['element'] as Json;
  const options = optionsOf(element).map(({ text }) => text);
  const { initial_value: initial, initial_option: option } = element;
  const filled = typeof initial === 'string' ? initial : textOf(option as Json | undefined);
  const facts = [
    ...(options.length > 0 ? [options.join(' | ')] : []),
    ...(filled === '' ? [] : [`now: ${filled}`]),
    ...(block['optional'] === true ? ['optional'] : []),
  ];
  return `${String(block['block_id'])}: ${textOf(block['label'] as Json | undefined)}${facts.length === 0 ? '' : ` (${facts.join('; ')})`}`;
}

function optionsOf(element: Json): { value: string; text: string }[] {
  const groups = listOf(element['option_groups']).flatMap((group) => listOf(group['options']));
  return [...listOf(element['options']), ...groups].map((option) => ({
    value: String(option['value']),
    text: textOf(option),
  }));
}

function listOf(value: unknown): Json[] {
  return Array.isArray(value) ? (value as Json[]) : [];
}

/** Of a text object, or of an option, which has one. */
function textOf(object: Json | undefined): string {
  const text = object?.['text'];
  return typeof text === 'string' ? text : typeof text === 'object' ? textOf(text as Json) : '';
}
