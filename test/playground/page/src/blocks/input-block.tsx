import { useId } from 'react';
import type { Block, Json } from '../wire.ts';
import { Field } from './field.tsx';
import { plainOf } from './mrkdwn.tsx';
import { initialValue, useSurface, type FieldValue } from './surface.ts';

const grouped = /^(?:radio_buttons|checkboxes|multi_)/;

/** A field of a form, with its label, hint and error. What is typed is kept by the surface. */
export function InputBlock({ block }: { block: Block }) {
  const id = useId();
  const surface = useSurface();
  const element = (block['element'] ?? {}) as Json;
  const blockId = String(block.block_id);
  const actionId = String(element['action_id']);
  const typed = surface.typed?.(blockId, actionId);
  const value = typed === undefined ? initialValue(element, undefined) : typed;
  const error = surface.error?.(blockId);
  const hint = plainOf(block['hint']);
  const described = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ');
  const label = (
    <>
      {plainOf(block['label'])}
      {block['optional'] === true && <span className="optional"> (optional)</span>}
    </>
  );
  const dispatches = block['dispatch_action'] === true;
  const send = (next: FieldValue) =>
    void surface.act({
      actionId,
      blockId,
      value: next === null ? '' : typeof next === 'string' ? next : [...next],
    });
  const isText = String(element['type']).endsWith('_input');
  return (
    <div className={error ? 'field field-invalid' : 'field'}>
      {grouped.test(String(element['type'])) ? (
        <div className="field-label" id={`${id}-label`}>
          {label}
        </div>
      ) : (
        <label className="field-label" htmlFor={id}>
          {label}
        </label>
      )}
      <Field
        element={element}
        id={id}
        value={value}
        invalid={error !== undefined}
        {...(described === '' ? {} : { describedBy: described })}
        {...(dispatches ? { onEnter: () => send(value) } : {})}
        onChange={(next) => {
          surface.type?.(blockId, actionId, next);
          if (dispatches && !isText) send(next);
        }}
      />
      {error !== undefined && (
        <div className="field-error" id={`${id}-error`}>
          <span aria-hidden="true">⚠ </span>
          {error}
        </div>
      )}
      {hint !== '' && (
        <div className="field-hint" id={`${id}-hint`}>
          {hint}
        </div>
      )}
    </div>
  );
}
