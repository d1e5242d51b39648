import { useAppState } from '../store.ts';
import { Modal } from './modal.tsx';

/** The person's open modals. All of them stay mounted, so that the lower ones keep what was typed. */
export function ModalStack() {
  const person = useAppState((state) => state.route.person);
  const views = useAppState((state) => state.world?.modals[person]) ?? [];
  return views.map((view) => <Modal key={view.id} view={view} />);
}
