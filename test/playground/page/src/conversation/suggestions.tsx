import { emojiOf } from '../emoji.ts';
import type { Completion } from './completion.ts';

interface Props {
  readonly id: string;
  readonly completion: Completion;
  /** Index of the marked one; -1 for none. */
  readonly marked: number;
  readonly onChoose: (index: number) => void;
}

/** What could be meant, above the composer. The focus stays in the text; arrows mark one. */
export function Suggestions({ id, completion, marked, onChoose }: Props) {
  return (
    <div className="suggestions">
      {completion.hint !== undefined && <div className="usage">{completion.hint}</div>}
      <ul id={id} role="listbox" aria-label="Suggestions">
        {completion.suggestions.map(({ insert, label, detail }, at) => (
          <li
            key={insert}
            id={`${id}-${at}`}
            role="option"
            aria-selected={at === marked}
            // Before the text loses the focus.
            onPointerDown={(event) => {
              event.preventDefault();
              onChoose(at);
            }}
          >
            {label.startsWith(':') && <span aria-hidden="true">{emojiOf(detail)} </span>}
            <strong>{label}</strong> {!label.startsWith(':') && <small>{detail}</small>}
          </li>
        ))}
      </ul>
    </div>
  );
}
