import type { Block, Json } from '../store/model.ts';
import type { ClickTarget } from '../types.ts';
import { valueObject } from './inputs.ts';

interface Control {
  readonly blockId: string;
  readonly element: Json;
}

function list(value: unknown): Json[] {
  return Array.isArray(value) ? (value as Json[]) : [];
}

/** Feedback buttons are two buttons with one action_id. */
function feedback(element: Json): Json[] {
  const { action_id, positive_button, negative_button } = element;
  return [positive_button, negative_button].map((choice) => ({
    ...(choice as Json),
    type: 'feedback_buttons',
    action_id,
  }));
}

/** @returns everything one can press or choose in these blocks. */
export function controlsOf(blocks: readonly Block[]): Control[] {
  return blocks.flatMap((block) => {
    const nested = [
      ...list(block['child_blocks']),
      ...(block.type === 'carousel' ? list(block['elements']) : []),
    ];
    const own = ['actions', 'context_actions'].includes(block.type)
      ? list(block['elements'])
      : list(block['actions']);
    const single = [block['accessory'], block['dispatch_action'] === true ? block['element'] : undefined];
    const elements = [...own, ...single.filter((element): element is Json => element !== undefined)];
    return [
      ...elements
        .flatMap((element) => (element['type'] === 'feedback_buttons' ? feedback(element) : [element]))
        .filter((element) => element['action_id'] !== undefined)
        .map((element) => ({ blockId: String(block['block_id']), element })),
      ...controlsOf(nested as Block[]),
    ];
  });
}

function labelOf(element: Json): string {
  return String((element['text'] as Json | undefined)?.['text'] ?? element['action_id']);
}

function matches({ element, blockId }: Control, target: ClickTarget): boolean {
  if (typeof target === 'string') return element['action_id'] === target || labelOf(element) === target;
  if (element['action_id'] !== target.actionId) return false;
  if (target.blockId !== undefined && target.blockId !== blockId) return false;
  const plain = element['type'] === 'button' || element['type'] === 'feedback_buttons';
  return !plain || target.value === undefined || element['value'] === target.value;
}

/**
 * Finds what is pressed and says what Slack would send for it. With id and value given, something that is no
 * longer shown can be pressed too: a client may lag behind.
 * @throws naming what is there, when a label or id is not
 */
export function actionFor(blocks: readonly Block[], target: ClickTarget, actionTs: string): Json {
  const controls = controlsOf(blocks);
  const found = controls.find((control) => matches(control, target));
  if (!found) {
    if (typeof target !== 'string' && target.value !== undefined) {
      const text = { type: 'plain_text', text: target.actionId };
      const stale = { type: 'button', block_id: 'stale', text, action_id: target.actionId };
      return { ...stale, value: target.value, action_ts: actionTs };
    }
    const wanted = typeof target === 'string' ? target : target.actionId;
    const there = controls.map(({ element }) => `[${labelOf(element)}]`).join(' ') || 'nothing';
    throw new Error(`nothing to press named "${wanted}"; there is: ${there}`);
  }
  const { element, blockId } = found;
  const base = {
    type: element['type'],
    action_id: element['action_id'],
    block_id: blockId,
    action_ts: actionTs,
  };
  if (['button', 'feedback_buttons', 'icon_button'].includes(String(element['type']))) {
    const value = element['value'] === undefined ? {} : { value: element['value'] };
    return { ...base, text: element['text'], ...value };
  }
  return { ...base, ...valueObject(element, typeof target === 'string' ? undefined : target.value) };
}
