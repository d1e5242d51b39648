import type { ChangeEvent } from 'react';
import { useAppState } from '../store.ts';
import type { Json } from '../wire.ts';
import { plainOf } from './mrkdwn.tsx';
import { RawBlock } from './raw-block.tsx';
import { groupsOf, optionsOf, type FieldValue, type OptionGroup } from './surface.ts';

interface FieldProps {
  readonly element: Json;
  readonly value: FieldValue;
  readonly onChange: (value: FieldValue) => void;
  /** Enter in a text field that tells the app at once. */
  readonly onEnter?: () => void;
  /** For the label and the error of a field. */
  readonly id: string;
  readonly label?: string;
  readonly describedBy?: string;
  readonly invalid?: boolean;
}

const textTypes: Readonly<Record<string, string>> = {
  plain_text_input: 'text',
  email_text_input: 'email',
  url_text_input: 'url',
  number_input: 'number',
  datepicker: 'date',
  timepicker: 'time',
};

/** Options of selects whose choices are the workspace's own. */
function useGroups(element: Json): OptionGroup[] {
  const people = useAppState((state) => state.world?.people) ?? [];
  const channels = useAppState((state) => state.world?.channels) ?? [];
  const type = String(element['type']).replace(/^multi_/, '');
  const group = (options: { value: string; label: string }[]) => [
    { label: '', options: options.map((option) => ({ ...option, description: '' })) },
  ];
  if (type === 'users_select')
    return group(people.map(({ id, real_name }) => ({ value: id, label: real_name })));
  if (type === 'channels_select' || type === 'conversations_select') {
    return group(
      channels.flatMap(({ id, name }) => (name === undefined ? [] : [{ value: id, label: `#${name}` }])),
    );
  }
  return groupsOf(element);
}

function Select({ element, value, onChange, common }: FieldProps & { common: Json }) {
  const groups = useGroups(element);
  const options = (all: OptionGroup['options']) =>
    all.map((option) => (
      <option key={option.value} value={option.value}>
        {option.label}
      </option>
    ));
  return (
    <select
      {...common}
      className="input"
      value={typeof value === 'string' ? value : ''}
      onChange={(event) => onChange(event.target.value === '' ? null : event.target.value)}
    >
      <option value="">{plainOf(element['placeholder']) || 'Choose…'}</option>
      {groups.map(({ label, options: all }, at) =>
        label === '' ? (
          options(all)
        ) : (
          <optgroup key={at} label={label}>
            {options(all)}
          </optgroup>
        ),
      )}
    </select>
  );
}

interface ChoiceProps extends FieldProps {
  readonly type: 'radio' | 'checkbox';
  readonly groups: readonly OptionGroup[];
}

function Choices({ element, type, groups, value, onChange, id, describedBy, label, invalid }: ChoiceProps) {
  const chosen = Array.isArray(value) ? (value as readonly string[]) : value === null ? [] : [String(value)];
  const all = groups.flatMap(({ options }) => options.map((option) => option.value));
  const limit = Number(element['max_selected_items'] ?? Infinity);
  const choose = (choice: string, on: boolean) => {
    if (type === 'radio') return onChange(choice);
    const next = on ? [...chosen, choice] : chosen.filter((one) => one !== choice);
    onChange(all.filter((one) => next.includes(one)));
  };
  return (
    <div
      className={all.length > 6 ? 'choices choices-long' : 'choices'}
      role={type === 'radio' ? 'radiogroup' : 'group'}
      id={id}
      {...(label === undefined ? { 'aria-labelledby': `${id}-label` } : { 'aria-label': label })}
      {...(describedBy === undefined ? {} : { 'aria-describedby': describedBy })}
      {...(invalid && type === 'radio' ? { 'aria-invalid': true } : {})}
    >
      {groups.map(({ label: heading, options }) => [
        heading && (
          <div key={`# ${heading}`} className="choices-heading">
            {heading}
          </div>
        ),
        ...options.map((option) => (
          <label key={option.value} className="choice">
            <input
              type={type}
              name={id}
              checked={chosen.includes(option.value)}
              disabled={!chosen.includes(option.value) && chosen.length >= limit && type === 'checkbox'}
              onChange={(event) => choose(option.value, event.target.checked)}
            />
            <span>
              {option.label}
              {option.description && <small>{option.description}</small>}
            </span>
          </label>
        )),
      ])}
    </div>
  );
}

/** Seconds since the epoch as the browser's field wants them, in local time. */
function localDateTime(seconds: string): string {
  const date = new Date(Number(seconds) * 1_000);
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

/** One input element; the browser's own controls, which keyboards, screen readers and phones know. */
export function Field(props: FieldProps) {
  const { element, value, onChange, onEnter, id, label, describedBy, invalid = false } = props;
  const groups = useGroups(element);
  const type = String(element['type']);
  const text = typeof value === 'string' ? value : '';
  const placeholder = plainOf(element['placeholder']);
  const common = {
    id,
    ...(invalid ? { 'aria-invalid': true } : {}),
    ...(label === undefined ? {} : { 'aria-label': label }),
    ...(describedBy === undefined ? {} : { 'aria-describedby': describedBy }),
    ...(element['focus_on_load'] === true ? { autoFocus: true } : {}),
  };
  const change = (event: ChangeEvent<HTMLInputElement | HTMLTextAreaElement>) =>
    onChange(event.target.value || null);
  const maxLength = element['max_length'] === undefined ? {} : { maxLength: Number(element['max_length']) };
  if (type === 'plain_text_input' && element['multiline'] === true) {
    return (
      <textarea
        {...common}
        {...maxLength}
        className="input"
        rows={4}
        {...{ value: text, placeholder }}
        onChange={change}
      />
    );
  }
  const inputType = textTypes[type];
  if (inputType !== undefined) {
    return (
      <input
        {...common}
        {...maxLength}
        className="input"
        type={inputType}
        {...{ value: text, placeholder }}
        onChange={change}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || !onEnter) return;
          event.preventDefault();
          onEnter();
        }}
      />
    );
  }
  if (type === 'datetimepicker') {
    const shown = text === '' ? '' : localDateTime(text);
    const seconds = (local: string) => (local === '' ? null : String(new Date(local).getTime() / 1_000));
    return (
      <input
        {...common}
        className="input"
        type="datetime-local"
        value={shown}
        onChange={(event) => onChange(seconds(event.target.value))}
      />
    );
  }
  if (type === 'radio_buttons') return <Choices {...props} type="radio" groups={groups} />;
  if (type === 'checkboxes' || type.startsWith('multi_')) {
    return <Choices {...props} type="checkbox" groups={groups} />;
  }
  if (type.endsWith('_select') && (groups.length > 0 || optionsOf(element).length > 0)) {
    return <Select {...props} common={common} />;
  }
  return <RawBlock value={element} what={type} />;
}
