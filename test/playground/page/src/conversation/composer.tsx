import {
  useEffect,
  useId,
  useLayoutEffect,
  useRef,
  useState,
  type ClipboardEvent,
  type DragEvent,
  type KeyboardEvent,
} from 'react';
import { useActions, useAppState } from '../store.ts';
import { Icon } from '../ui/icon.tsx';
import { fileSize } from '../ui/time.ts';
import { completeAt, type Completion } from './completion.ts';
import { sendDraft } from './send.ts';
import { Suggestions } from './suggestions.tsx';

interface Props {
  readonly channel: string;
  readonly thread?: string;
  readonly label: string;
  readonly autoFocus?: boolean;
}

const nothing: readonly never[] = [];
const tallest = 240;

/** Where one writes: text with completion, files by button, paste or drop. Enter sends, Shift+Enter breaks the line. */
export function Composer({ channel, thread, label, autoFocus = false }: Props) {
  const actions = useActions();
  const place = thread === undefined ? channel : `${channel}:${thread}`;
  const text = useAppState((state) => state.drafts[place]) ?? '';
  const people = useAppState((state) => state.world?.people) ?? nothing;
  const channels = useAppState((state) => state.world?.channels) ?? nothing;
  const commands = useAppState((state) => state.world?.slashCommands) ?? nothing;
  const [files, setFiles] = useState<readonly File[]>([]);
  const [completion, setCompletion] = useState<Completion>();
  const [marked, setMarked] = useState(-1);
  const [sending, setSending] = useState(false);
  const [dropping, setDropping] = useState(false);
  const area = useRef<HTMLTextAreaElement>(null);
  const picker = useRef<HTMLInputElement>(null);
  const listId = useId();

  useLayoutEffect(() => {
    const element = area.current;
    if (!element) return;
    element.style.height = 'auto';
    element.style.height = `${Math.min(element.scrollHeight, tallest)}px`;
  }, [text]);
  useEffect(() => {
    // A phone would open its keyboard over what one came to read.
    if (autoFocus && matchMedia('(pointer: fine)').matches) area.current?.focus();
  }, [autoFocus, place]);

  const complete = (value: string, caret: number) => {
    const found = completeAt(value, caret, { people, channels, commands });
    setCompletion(found);
    setMarked(found?.eager ? 0 : -1);
  };
  const choose = (index: number) => {
    const suggestion = completion?.suggestions[index];
    const element = area.current;
    if (!completion || !suggestion || !element) return;
    const rest = text.slice(element.selectionStart).replace(/^ /, '');
    const head = text.slice(0, completion.from) + suggestion.insert;
    actions.setDraft(place, head + rest);
    setCompletion(undefined);
    // React sets the value first; then the caret can go behind what was put in.
    requestAnimationFrame(() => {
      element.focus();
      element.setSelectionRange(head.length, head.length);
      complete(head + rest, head.length);
    });
  };
  const send = async () => {
    if (sending || (text.trim() === '' && files.length === 0)) return;
    setSending(true);
    setCompletion(undefined);
    actions.setDraft(place, '');
    const sent = await sendDraft(actions, { channel, thread, text, files, commands });
    setSending(false);
    if (sent) setFiles([]);
    else actions.setDraft(place, text);
  };
  const keyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    const count = completion?.suggestions.length ?? 0;
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step !== 0 && count > 0) {
      event.preventDefault();
      setMarked((marked + step + count) % count);
    } else if (event.key === 'Escape' && completion) {
      event.preventDefault();
      event.stopPropagation();
      setCompletion(undefined);
    } else if (event.key === 'Tab' && count > 0 && !event.shiftKey) {
      event.preventDefault();
      choose(Math.max(marked, 0));
    } else if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault();
      if (completion && marked >= 0) choose(marked);
      else void send();
    }
  };
  const add = (list: Iterable<File>) => setFiles((known) => [...known, ...list]);
  const paste = (event: ClipboardEvent) => {
    if (event.clipboardData.files.length === 0) return;
    event.preventDefault();
    add(event.clipboardData.files);
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setDropping(false);
    add(event.dataTransfer.files);
  };
  return (
    <form
      className={dropping ? 'composer composer-drop' : 'composer'}
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
      onDragOver={(event) => {
        event.preventDefault();
        setDropping(true);
      }}
      onDragLeave={() => setDropping(false)}
      onDrop={drop}
    >
      {completion && <Suggestions id={listId} completion={completion} marked={marked} onChoose={choose} />}
      <textarea
        ref={area}
        rows={1}
        value={text}
        aria-label={label}
        placeholder={label}
        aria-autocomplete="list"
        {...(completion ? { 'aria-controls': listId } : {})}
        {...(completion && marked >= 0 ? { 'aria-activedescendant': `${listId}-${marked}` } : {})}
        onChange={(event) => {
          actions.setDraft(place, event.target.value);
          complete(event.target.value, event.target.selectionStart);
        }}
        onKeyDown={keyDown}
        onPaste={paste}
        onBlur={() => setCompletion(undefined)}
      />
      {files.length > 0 && (
        <ul className="pending-files" aria-label="Files to send">
          {files.map((file, at) => (
            <li key={`${file.name} ${at}`}>
              <Icon name="file" /> {file.name || 'pasted'} <small>{fileSize(file.size)}</small>
              <button
                type="button"
                className="icon-button"
                aria-label={`Remove ${file.name}`}
                onClick={() => setFiles(files.filter((one) => one !== file))}
              >
                <Icon name="close" />
              </button>
            </li>
          ))}
        </ul>
      )}
      <div className="composer-bar">
        <button
          type="button"
          className="icon-button"
          aria-label="Attach files"
          title="Attach files"
          onClick={() => picker.current?.click()}
        >
          <Icon name="clip" />
        </button>
        <input
          ref={picker}
          type="file"
          multiple
          hidden
          aria-label="Files"
          onChange={(event) => {
            add(event.target.files ?? []);
            event.target.value = '';
          }}
        />
        <span className="composer-tip">
          <kbd>Enter</kbd> to send, <kbd>Shift</kbd>+<kbd>Enter</kbd> for a new line
        </span>
        <button
          type="submit"
          className="icon-button send"
          aria-label="Send"
          title="Send"
          aria-busy={sending}
          disabled={text.trim() === '' && files.length === 0}
        >
          <Icon name="send" />
        </button>
      </div>
    </form>
  );
}
