import { useEffect, useRef } from 'react';
import { useActions, useAppState, type Toast } from '../store.ts';
import { Icon } from '../ui/icon.tsx';

const shownMs = 8_000;

function ToastLine({ toast }: { toast: Toast }) {
  const { dismissToast } = useActions();
  useEffect(() => {
    const timer = setTimeout(() => dismissToast(toast.id), shownMs);
    return () => clearTimeout(timer);
  }, [dismissToast, toast.id]);
  return (
    <div className="toast">
      {toast.text}
      <button
        type="button"
        className="icon-button"
        aria-label="Dismiss"
        onClick={() => dismissToast(toast.id)}
      >
        <Icon name="close" />
      </button>
    </div>
  );
}

/** What went wrong, for a moment. In the top layer, so that it is seen above a modal. */
export function Toasts() {
  const toasts = useAppState((state) => state.toasts);
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // Shown anew, it is above whatever came into the top layer since.
    box.current?.hidePopover();
    if (toasts.length > 0) box.current?.showPopover();
  }, [toasts]);
  return (
    <div ref={box} popover="manual" className="toasts" role="alert">
      {toasts.map((toast) => (
        <ToastLine key={toast.id} toast={toast} />
      ))}
    </div>
  );
}
