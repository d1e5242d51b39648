import { useId, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';

export interface MenuItem {
  readonly key: string;
  readonly label: ReactNode;
  readonly danger?: boolean;
  readonly onChoose: () => void;
}

interface MenuProps {
  readonly label: string;
  readonly items: readonly MenuItem[];
  readonly children: ReactNode;
  readonly className?: string;
  /** Told when the menu opens or closes: what holds it must not go away meanwhile. */
  readonly onToggle?: (open: boolean) => void;
}

const gap = 4;

/** Puts a popover below its button, or above where there is no room, inside of the window. */
export function placeBeside(popover: HTMLElement, button: HTMLElement): void {
  const anchor = button.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = popover;
  const below = anchor.bottom + gap;
  const top = below + height > innerHeight ? Math.max(gap, anchor.top - height - gap) : below;
  const left = Math.max(gap, Math.min(anchor.right - width, innerWidth - width - gap));
  popover.style.top = `${top}px`;
  popover.style.left = `${left}px`;
}

/** A button with a menu: arrows move, Esc and a click elsewhere close it (the browser's popover does). */
export function Menu({ label, items, children, className = 'icon-button', onToggle }: MenuProps) {
  const id = useId();
  const button = useRef<HTMLButtonElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const [open, setOpen] = useState(false);

  const buttonsOf = () => [...(list.current?.querySelectorAll<HTMLButtonElement>('[role=menuitem]') ?? [])];
  const move = (event: KeyboardEvent) => {
    const all = buttonsOf();
    const at = all.indexOf(document.activeElement as HTMLButtonElement);
    const steps: Record<string, number> = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 };
    const to = steps[event.key];
    if (to === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    all.at(to % all.length)?.focus();
  };
  return (
    <>
      <button
        ref={button}
        type="button"
        className={className}
        aria-label={label}
        aria-haspopup="menu"
        aria-expanded={open}
        popoverTarget={id}
      >
        {children}
      </button>
      <div
        id={id}
        ref={list}
        popover="auto"
        role="menu"
        aria-label={label}
        className="menu"
        onKeyDown={move}
        onToggle={(event) => {
          const now = event.newState === 'open';
          setOpen(now);
          onToggle?.(now);
          if (!now || !list.current || !button.current) return;
          placeBeside(list.current, button.current);
          buttonsOf()[0]?.focus();
        }}
      >
        {items.map(({ key, label, danger, onChoose }) => (
          <button
            key={key}
            type="button"
            role="menuitem"
            tabIndex={-1}
            className={danger ? 'menu-item menu-danger' : 'menu-item'}
            onClick={() => {
              list.current?.hidePopover();
              onChoose();
            }}
          >
            {label}
          </button>
        ))}
      </div>
    </>
  );
}
