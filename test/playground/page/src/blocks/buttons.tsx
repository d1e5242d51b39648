import { Menu } from '../ui/menu.tsx';
import type { Json } from '../wire.ts';
import { ConfirmAction } from './confirm-action.tsx';
import { plainOf } from './mrkdwn.tsx';
import { optionsOf } from './surface.ts';
import { useAction } from './use-action.ts';

export interface ElementProps {
  readonly element: Json;
  readonly blockId: string | undefined;
}

function openLink(url: unknown): void {
  if (typeof url === 'string' && /^https?:/i.test(url)) open(url, '_blank', 'noopener,noreferrer');
}

function valueOf(element: Json): { value?: string } {
  return typeof element['value'] === 'string' ? { value: element['value'] } : {};
}

export function ButtonElement({ element, blockId }: ElementProps) {
  const action = useAction(element, blockId);
  const style = element['style'];
  const look = style === 'primary' ? 'button-primary' : style === 'danger' ? 'button-danger' : '';
  const label = element['accessibility_label'];
  return (
    <>
      <button
        type="button"
        className={`button button-small ${look}`}
        aria-busy={action.busy}
        {...(typeof label === 'string' ? { 'aria-label': label } : {})}
        onClick={() => {
          openLink(element['url']);
          action.start(valueOf(element));
        }}
      >
        {plainOf(element['text'])}
      </button>
      <ConfirmAction action={action} />
    </>
  );
}

/** Thumbs under an answer: two buttons with one action_id. */
export function FeedbackButtons({ element, blockId }: ElementProps) {
  const action = useAction(element, blockId);
  const choices = [
    { key: 'positive_button', sign: '👍' },
    { key: 'negative_button', sign: '👎' },
  ];
  return choices.map(({ key, sign }) => {
    const choice = (element[key] ?? {}) as Json;
    return (
      <button
        key={key}
        type="button"
        className="icon-button"
        title={plainOf(choice['text'])}
        aria-label={plainOf(choice['text'])}
        onClick={() => action.start(valueOf(choice))}
      >
        {sign}
      </button>
    );
  });
}

const signs: Readonly<Record<string, string>> = { trash: '🗑️' };

export function IconButtonElement({ element, blockId }: ElementProps) {
  const action = useAction(element, blockId);
  const label = plainOf(element['text']);
  return (
    <>
      <button
        type="button"
        className="icon-button"
        title={label}
        onClick={() => action.start(valueOf(element))}
      >
        {signs[String(element['icon'])] ?? ''} {label}
      </button>
      <ConfirmAction action={action} />
    </>
  );
}

export function OverflowElement({ element, blockId }: ElementProps) {
  const action = useAction(element, blockId);
  const items = optionsOf(element).map(({ value, label, description, url }) => ({
    key: value,
    label: (
      <>
        {label}
        {description && <small>{description}</small>}
      </>
    ),
    onChoose: () => {
      openLink(url);
      action.start({ value });
    },
  }));
  return (
    <>
      <Menu label="More actions" items={items} className="button button-small button-overflow">
        ⋯
      </Menu>
      <ConfirmAction action={action} />
    </>
  );
}
