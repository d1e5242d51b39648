import { useId, useState } from 'react';
import {
  ButtonElement,
  FeedbackButtons,
  IconButtonElement,
  OverflowElement,
  type ElementProps,
} from './buttons.tsx';
import { ConfirmAction } from './confirm-action.tsx';
import { Field } from './field.tsx';
import { plainOf } from './mrkdwn.tsx';
import { SafeImage } from './safe-image.tsx';
import { initialValue, useSurface, type FieldValue } from './surface.ts';
import { useAction } from './use-action.ts';

/** A menu, picker or list of choices outside of a form: a choice is sent at once. */
function LiveField({ element, blockId }: ElementProps) {
  const action = useAction(element, blockId);
  const surface = useSurface();
  const id = useId();
  const actionId = String(element['action_id']);
  const [chosen, setChosen] = useState<FieldValue>();
  const typed = surface.typed?.(blockId ?? '', actionId);
  const value = typed ?? (chosen === undefined ? initialValue(element, undefined) : chosen);
  const send = (next: FieldValue) =>
    action.start({ value: next === null ? '' : typeof next === 'string' ? next : [...next] });
  const type = String(element['type']);
  const isText = type.endsWith('_input');
  return (
    <span className="live-field">
      <Field
        element={element}
        id={id}
        label={plainOf(element['placeholder']) || type.replaceAll('_', ' ')}
        value={value}
        onChange={(next) => {
          setChosen(next);
          surface.type?.(blockId ?? '', actionId, next);
          if (!isText && (next !== null || type.startsWith('multi_') || type === 'checkboxes')) send(next);
        }}
        onEnter={() => send(value)}
      />
      <ConfirmAction action={action} />
    </span>
  );
}

/** An element of an actions block, or beside a section. */
export function Element({ element, blockId }: ElementProps) {
  switch (element['type']) {
    case 'button':
    case 'workflow_button':
      return <ButtonElement element={element} blockId={blockId} />;
    case 'overflow':
      return <OverflowElement element={element} blockId={blockId} />;
    case 'feedback_buttons':
      return <FeedbackButtons element={element} blockId={blockId} />;
    case 'icon_button':
      return <IconButtonElement element={element} blockId={blockId} />;
    case 'image':
      return <SafeImage url={element['image_url']} alt={String(element['alt_text'])} />;
    default:
      return <LiveField element={element} blockId={blockId} />;
  }
}
