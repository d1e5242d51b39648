import { str, type Block, type Json } from '../store/model.ts';
import type { World } from '../store/world.ts';
import { richText } from './rich-text.ts';
import { readable } from './text.ts';

const taskSigns: Record<string, string> = { pending: '○', in_progress: '◐', complete: '●', error: '✗' };

function list(value: unknown): Json[] {
  return Array.isArray(value) ? (value as Json[]) : [];
}

/** Text object, rich text or string as lines. */
function textOf(world: World, value: unknown): string {
  if (typeof value === 'string') return readable(world, value);
  const node = value as Json | undefined;
  if (!node) return '';
  if (node['type'] === 'rich_text') return richText(world, node).join('\n');
  if (node['type'] === 'raw_number') return str(node['text'] ?? node['value']);
  return readable(world, str(node['text']));
}

/** An element one can press or choose from, as `[Label]`. */
function control(world: World, element: Json): string {
  const options = list(element['options']).map((option) => textOf(world, option['text']));
  switch (element['type']) {
    case 'button':
      return `[${textOf(world, element['text'])}]`;
    case 'feedback_buttons':
      return `[${textOf(world, (element['positive_button'] as Json)['text'])}] [${textOf(world, (element['negative_button'] as Json)['text'])}]`;
    case 'icon_button':
      return `[${textOf(world, element['text'])}]`;
    case 'overflow':
      return `[… ${options.join(' | ')}]`;
    case 'image':
      return `(image: ${String(element['alt_text'])})`;
    case 'plain_text_input':
    case 'email_text_input':
    case 'url_text_input':
    case 'number_input':
    case 'rich_text_input':
      return `[_${readable(world, str(element['initial_value']))}_]`;
    default: {
      const hint = textOf(world, element['placeholder']);
      return `[${hint === '' ? '' : `${hint}: `}${options.join(' | ') || String(element['type'])}]`;
    }
  }
}

function table(world: World, rows: unknown): string[] {
  return (rows as Json[][]).map((row) => `| ${row.map((cell) => textOf(world, cell)).join(' | ')} |`);
}

function taskCard(world: World, task: Json): string[] {
  const extra = ['details', 'output'].map((key) => textOf(world, task[key])).filter((text) => text !== '');
  return [
    `${taskSigns[String(task['status'])] ?? '○'} ${textOf(world, task['title'])}`,
    ...extra.flatMap((text) => text.split('\n').map((line) => `  ${line}`)),
  ];
}

function section(world: World, block: Block): string[] {
  const text = textOf(world, block['text']);
  const accessory = block['accessory'] ? [control(world, block['accessory'] as Json)] : [];
  const fields = list(block['fields']).flatMap((field) => textOf(world, field).split('\n'));
  return [...(text === '' ? [] : text.split('\n')), ...fields, ...accessory];
}

function card(world: World, block: Json): string[] {
  const parts = ['title', 'subtitle', 'body']
    .map((key) => textOf(world, block[key]))
    .filter((text) => text !== '');
  const actions = list(block['actions']).map((element) => control(world, element));
  return [...parts.flatMap((text) => text.split('\n')), ...(actions.length > 0 ? [actions.join(' ')] : [])];
}

/** @returns one block as lines of readable text. */
export function renderBlock(world: World, block: Block): string[] {
  switch (block.type) {
    case 'markdown':
      return textOf(world, block['text']).split('\n');
    case 'section':
      return section(world, block);
    case 'header':
      return [`# ${textOf(world, block['text'])}`];
    case 'context': {
      const parts = list(block['elements']).map((item) =>
        item['type'] === 'image' ? control(world, item) : textOf(world, item),
      );
      return [`⌊ ${parts.join(' ')}`];
    }
    case 'divider':
      return ['---'];
    case 'actions':
    case 'context_actions':
      return [
        list(block['elements'])
          .map((element) => control(world, element))
          .join(' '),
      ];
    case 'input': {
      const optional = block['optional'] === true ? ' (optional)' : '';
      return [`${textOf(world, block['label'])}${optional}: ${control(world, block['element'] as Json)}`];
    }
    case 'rich_text':
      return richText(world, block);
    case 'table':
      return table(world, block['rows']);
    case 'data_table':
      return [textOf(world, block['caption']), ...table(world, block['rows'])];
    case 'task_card':
      return taskCard(world, block);
    case 'plan':
      return [
        `▤ ${textOf(world, block['title'])}`,
        ...list(block['tasks']).flatMap((task) => taskCard(world, task).map((line) => `  ${line}`)),
      ];
    case 'alert':
      return [`! ${textOf(world, block['text'])}`];
    case 'card':
      return card(world, block);
    case 'carousel':
      return list(block['elements']).flatMap((element) => card(world, element));
    case 'container':
      return [
        textOf(world, block['title']),
        ...list(block['child_blocks']).flatMap((child) => renderBlock(world, child as Block)),
      ];
    case 'image':
    case 'video':
      return [`(${block.type}: ${str(block['alt_text'])})`];
    default:
      return [`(${block.type})`];
  }
}
