import { newHash, parseView, storeView } from '../store/views.ts';
import type { Json, StoredView } from '../store/model.ts';
import type { World } from '../store/world.ts';
import type { InteractionResult, SubmitResult } from '../types.ts';
import { fillIn, initialValues, missingFields } from './inputs.ts';
import { basePayload, interact, newTrigger, wireView } from './payloads.ts';

function stackOf(world: World, user: string): string[] {
  const stack = world.modals.get(user) ?? [];
  world.modals.set(user, stack);
  return stack;
}

function changed(world: World): void {
  world.changes.emit({ kind: 'view' });
}

/** @throws when the person has no such view open */
export function openView(world: World, user: string, viewId: string): StoredView {
  const view = world.views.get(viewId);
  const shown =
    view?.type === 'home' ? world.homes.get(user) === viewId : stackOf(world, user).includes(viewId);
  if (!view || !shown) throw new Error(`view ${viewId} is not open for ${user}`);
  return view;
}

function showError(world: World, view: StoredView, response: Json): Record<string, string> {
  const errors = (response['errors'] ?? {}) as Record<string, string>;
  const unknown = Object.keys(errors).filter(
    (blockId) => !view.body.blocks.some((block) => block['block_id'] === blockId && block.type === 'input'),
  );
  if (Object.keys(errors).length === 0 || unknown.length > 0) {
    throw new Error(
      `Slack would refuse these errors: no input block ${unknown.join(', ') || '(none given)'}`,
    );
  }
  changed(world);
  return errors;
}

/** Fills in, sends, and does what the app answers: errors, update, push, clear, or close. */
export async function submitView(
  world: World,
  user: string,
  viewId: string,
  filled: Record<string, unknown>,
): Promise<SubmitResult> {
  const view = openView(world, user, viewId);
  const { blocks } = view.body;
  fillIn(blocks, view.values, filled);
  const missing = missingFields(blocks, view.values);
  if (Object.keys(missing).length > 0)
    return { acked: false, payload: {}, error: 'required_fields', errors: missing };
  const result = await interact(world, 'interactive', {
    type: 'view_submission',
    ...basePayload(world, user),
    trigger_id: newTrigger(world, user, viewId),
    view: wireView(world, view),
    response_urls: [],
  });
  if (!result.acked) return result;
  return applyResponse(world, user, view, result);
}

function applyResponse(
  world: World,
  user: string,
  view: StoredView,
  result: InteractionResult,
): SubmitResult {
  const stack = stackOf(world, user);
  switch (result.payload['response_action']) {
    case 'errors':
      return { ...result, errors: showError(world, view, result.payload) };
    case 'update': {
      const body = parseView(result.payload['view'], 'modal');
      Object.assign(view, { body, values: initialValues(body.blocks, view.values), hash: newHash(world) });
      break;
    }
    case 'push': {
      if (stack.length >= 3) throw new Error('Slack would refuse this push: three views are open');
      const pushed = storeView(world, user, parseView(result.payload['view'], 'modal'), view);
      stack.push(pushed.id);
      break;
    }
    case 'clear':
      world.modals.set(user, []);
      break;
    default:
      stack.splice(stack.indexOf(view.id), 1);
  }
  changed(world);
  return result;
}

/** Cancel; the app hears of it only with notify_on_close. */
export async function closeView(world: World, user: string, viewId: string): Promise<InteractionResult> {
  const view = openView(world, user, viewId);
  const stack = stackOf(world, user);
  const isCleared = view.body['clear_on_close'] === true;
  world.modals.set(user, isCleared ? [] : stack.filter((id) => id !== viewId));
  changed(world);
  if (view.body['notify_on_close'] !== true) return { acked: true, payload: {} };
  return interact(world, 'interactive', {
    type: 'view_closed',
    ...basePayload(world, user),
    view: wireView(world, view),
    is_cleared: isCleared,
  });
}
