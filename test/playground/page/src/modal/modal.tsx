import { useEffect, useMemo, useRef, useState } from 'react';
import { Blocks } from '../blocks/blocks.tsx';
import { initialValue, SurfaceContext, type FieldValue, type Surface } from '../blocks/surface.ts';
import { useActions } from '../store.ts';
import { Dialog } from '../ui/dialog.tsx';
import type { Json, View } from '../wire.ts';

type Typed = Readonly<Record<string, FieldValue>>;

const keyOf = (blockId: string, actionId: string) => `${blockId} ${actionId}`;

/** @returns the fields of the form, by block id, as they are sent */
function valuesOf(view: View, typed: Typed): Record<string, unknown> {
  const entries = view.blocks.flatMap((block): [string, unknown][] => {
    if (block.type !== 'input') return [];
    const blockId = String(block.block_id);
    const element = (block['element'] ?? {}) as Json;
    const actionId = String(element['action_id']);
    const held = typed[keyOf(blockId, actionId)];
    const value = held === undefined ? initialValue(element, view.state.values[blockId]?.[actionId]) : held;
    if (element['type'] === 'datetimepicker') return [[blockId, value === null ? null : Number(value)]];
    const several = String(element['type']).startsWith('multi_') || element['type'] === 'checkboxes';
    return [[blockId, several ? (value ?? []) : value]];
  });
  return Object.fromEntries(entries);
}

/**
 * One modal of the stack. What is typed lives here, by block and action: it survives a refused submit and an
 * update by the app, as in Slack, and is gone with the modal.
 */
export function Modal({ view }: { view: View }) {
  const { act } = useActions();
  const [typed, setTyped] = useState<Typed>({});
  const [errors, setErrors] = useState<Readonly<Record<string, string>>>({});
  const [busy, setBusy] = useState(false);
  const body = useRef<HTMLDivElement>(null);
  const surface = useMemo<Surface>(
    () => ({
      kind: 'modal',
      act: async (target) => {
        await act({ do: 'click-view', view: view.id, target });
      },
      typed: (blockId, actionId) => {
        const held = typed[keyOf(blockId, actionId)];
        const state = view.state.values[blockId]?.[actionId];
        return held === undefined && state ? initialValue({}, state) : held;
      },
      type: (blockId, actionId, value) => setTyped((now) => ({ ...now, [keyOf(blockId, actionId)]: value })),
      error: (blockId) => errors[blockId],
    }),
    [act, view, typed, errors],
  );
  const submit = async () => {
    if (busy || !view.submit) return;
    setBusy(true);
    const result = await act({ do: 'submit', view: view.id, values: valuesOf(view, typed) });
    setBusy(false);
    setErrors(result?.errors ?? {});
  };
  useEffect(() => {
    body.current?.querySelector<HTMLElement>('.field-invalid :is(input, select, textarea)')?.focus();
  }, [errors]);
  const close = () => void act({ do: 'close-view', view: view.id });
  return (
    <Dialog
      title={view.title?.text ?? ''}
      onClose={close}
      onSubmit={() => void submit()}
      footer={
        <>
          <button type="button" className="button" onClick={close}>
            {view.close?.text ?? 'Cancel'}
          </button>
          {view.submit && (
            <button type="submit" className="button button-primary" aria-busy={busy}>
              {view.submit.text}
            </button>
          )}
        </>
      }
    >
      <div ref={body}>
        <SurfaceContext value={surface}>
          <Blocks blocks={view.blocks} />
        </SurfaceContext>
      </div>
    </Dialog>
  );
}
