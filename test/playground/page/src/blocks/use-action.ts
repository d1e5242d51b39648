import { useState } from 'react';
import type { ActionTarget, Json } from '../wire.ts';
import { useSurface } from './surface.ts';

interface Pending {
  readonly confirm: Json;
  readonly run: () => Promise<void>;
}

export interface ActionState {
  /** Between a click and the app's acknowledgement. */
  readonly busy: boolean;
  /** A question to put first, if the element has one. */
  readonly pending: Pending | undefined;
  readonly start: (target: Omit<ActionTarget, 'actionId' | 'blockId'>) => void;
  readonly answer: (yes: boolean) => void;
}

/** Sends what a person does with an element: after its confirm dialog, once at a time. */
export function useAction(element: Json, blockId: string | undefined): ActionState {
  const surface = useSurface();
  const [busy, setBusy] = useState(false);
  const [pending, setPending] = useState<Pending>();
  const send = async (target: Omit<ActionTarget, 'actionId' | 'blockId'>) => {
    setBusy(true);
    try {
      const block = blockId === undefined ? {} : { blockId };
      await surface.act({ actionId: String(element['action_id']), ...block, ...target });
    } finally {
      setBusy(false);
    }
  };
  return {
    busy,
    pending,
    start(target) {
      if (busy) return;
      const confirm = element['confirm'] as Json | undefined;
      if (confirm) setPending({ confirm, run: () => send(target) });
      else void send(target);
    },
    answer(yes) {
      setPending(undefined);
      if (yes) void pending?.run();
    },
  };
}
