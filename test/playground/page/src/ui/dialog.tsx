import { useEffect, useId, useRef, type ReactNode } from 'react';
import { Icon } from './icon.tsx';

interface DialogProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
  readonly footer?: ReactNode;
  readonly className?: string;
  /** Sends the form inside; without it the dialog is no form. */
  readonly onSubmit?: () => void;
}

/** The browser's own modal dialog: it keeps the focus inside, closes with Esc, and gives the focus back. */
export function Dialog({ title, onClose, children, footer, className = '', onSubmit }: DialogProps) {
  const ref = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  useEffect(() => {
    const dialog = ref.current;
    const before = document.activeElement;
    dialog?.showModal();
    const fields = '.dialog-body :is(input, select, textarea)';
    const first = dialog?.querySelector<HTMLElement>(fields) ?? dialog?.querySelector('.dialog-foot button');
    if (first instanceof HTMLElement) first.focus();
    return () => {
      dialog?.close();
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  return (
    <dialog
      ref={ref}
      className={`dialog ${className}`}
      aria-labelledby={titleId}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
    >
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          onSubmit?.();
        }}
      >
        <header className="dialog-head">
          <h2 id={titleId}>{title}</h2>
          <button type="button" className="icon-button" aria-label="Close" onClick={onClose}>
            <Icon name="close" />
          </button>
        </header>
        <div className="dialog-body">{children}</div>
        {footer && <footer className="dialog-foot">{footer}</footer>}
      </form>
    </dialog>
  );
}

interface ConfirmProps {
  readonly title: string;
  readonly text: ReactNode;
  readonly yes: string;
  readonly no: string;
  readonly danger?: boolean;
  readonly onAnswer: (yes: boolean) => void;
}

/** Asks before something is done. */
export function Confirm({ title, text, yes, no, danger = false, onAnswer }: ConfirmProps) {
  return (
    <Dialog
      title={title}
      className="dialog-small"
      onClose={() => onAnswer(false)}
      onSubmit={() => onAnswer(true)}
      footer={
        <>
          <button type="button" className="button" onClick={() => onAnswer(false)}>
            {no}
          </button>
          <button type="submit" className={`button ${danger ? 'button-danger' : 'button-primary'}`}>
            {yes}
          </button>
        </>
      }
    >
      <div className="dialog-text">{text}</div>
    </Dialog>
  );
}
