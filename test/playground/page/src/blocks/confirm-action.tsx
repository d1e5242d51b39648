import { Confirm } from '../ui/dialog.tsx';
import { plainOf, TextObject } from './mrkdwn.tsx';
import type { ActionState } from './use-action.ts';

/** The confirm dialog of an element, while it is asked. */
export function ConfirmAction({ action }: { action: ActionState }) {
  const confirm = action.pending?.confirm;
  if (!confirm) return null;
  return (
    <Confirm
      title={plainOf(confirm['title'])}
      text={<TextObject text={confirm['text']} />}
      yes={plainOf(confirm['confirm']) || 'Yes'}
      no={plainOf(confirm['deny']) || 'Cancel'}
      danger={confirm['style'] === 'danger'}
      onAnswer={action.answer}
    />
  );
}
