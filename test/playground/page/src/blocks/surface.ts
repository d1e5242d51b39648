import { createContext, useContext } from 'react';
import type { ActionTarget, Json } from '../wire.ts';
import { list } from './json.ts';

/** What a field holds while it is filled in: text, one choice, or several. */
export type FieldValue = string | readonly string[] | null;

/** Where blocks are shown, and what becomes of what a person does in them. */
export interface Surface {
  readonly kind: 'message' | 'home' | 'modal';
  /** Presses a button or takes a choice; ends when the app has acknowledged. */
  act(target: ActionTarget): Promise<void>;
  /** Of a modal: what a field holds, if somebody typed in it. */
  typed?(blockId: string, actionId: string): FieldValue | undefined;
  type?(blockId: string, actionId: string, value: FieldValue): void;
  /** Of a modal: what is wrong with a field. */
  error?(blockId: string): string | undefined;
}

const nowhere: Surface = { kind: 'message', act: async () => {} };

export const SurfaceContext = createContext<Surface>(nowhere);

export function useSurface(): Surface {
  return useContext(SurfaceContext);
}

export interface Option {
  readonly value: string;
  readonly label: string;
  readonly description: string;
  readonly url?: string;
}

export interface OptionGroup {
  /** '' for options that are in no group. */
  readonly label: string;
  readonly options: readonly Option[];
}

function textOf(object: unknown): string {
  const text = (object as Json | undefined)?.['text'];
  return typeof text === 'string' ? text : '';
}

function optionOf(option: Json): Option {
  const url = option['url'];
  return {
    value: String(option['value']),
    label: textOf(option['text']),
    description: textOf(option['description']),
    ...(typeof url === 'string' ? { url } : {}),
  };
}

/** @returns the options of a select, radio buttons, checkboxes or a menu */
export function groupsOf(element: Json): OptionGroup[] {
  const grouped = list(element['option_groups']).map((group) => ({
    label: textOf(group['label']),
    options: list(group['options']).map(optionOf),
  }));
  const plain = list(element['options']).map(optionOf);
  return plain.length > 0 ? [{ label: '', options: plain }, ...grouped] : grouped;
}

export function optionsOf(element: Json): Option[] {
  return groupsOf(element).flatMap(({ options }) => options);
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
}

/** @returns what an element holds before anybody touches it: from the view's state, or its own initial value */
export function initialValue(element: Json, state: Json | undefined): FieldValue {
  const kinds = ['user', 'conversation', 'channel', 'date', 'time', 'date_time'];
  const sources = state
    ? [state['value'], ...kinds.map((kind) => state[`selected_${kind}`])]
    : [element['initial_value'], ...kinds.map((kind) => element[`initial_${kind}`])];
  const option = (state ?? element)[state ? 'selected_option' : 'initial_option'] as Json | undefined | null;
  const lists = state
    ? [state['selected_options'], ...kinds.map((kind) => state[`selected_${kind}s`])]
    : [element['initial_options'], ...kinds.map((kind) => element[`initial_${kind}s`])];
  const several = lists.find(Array.isArray);
  if (several) return list(several).map((one) => text(one) ?? String(one['value']));
  return text(option?.['value']) ?? sources.map(text).find((one) => one !== undefined) ?? null;
}
