import { z } from 'zod';

import { initialValues } from '../people/inputs.ts';
import { wireView } from '../people/payloads.ts';
import type { StoredView } from '../store/model.ts';
import { isShown, newHash, parseView, storeView } from '../store/views.ts';
import type { Trigger, World } from '../store/world.ts';
import { anyJsonArg, textArg } from './args.ts';
import { method } from './method.ts';
import { SlackError } from './slack-error.ts';

const maxStack = 3;

/** @throws invalid_trigger_id, exchanged_trigger_id (used), expired_trigger_id (after 3 s) */
function takeTrigger(world: World, id: string): Trigger {
  const trigger = world.triggers.get(id);
  if (!trigger) throw new SlackError('invalid_trigger_id');
  if (trigger.used) throw new SlackError('exchanged_trigger_id');
  if (world.clock.now() - trigger.at > world.ackMs) throw new SlackError('expired_trigger_id');
  trigger.used = true;
  return trigger;
}

function shown(world: World, view: StoredView): { view: Record<string, unknown> } {
  world.changes.emit({ kind: 'view' });
  return { view: wireView(world, view) };
}

const openArgs = z.object({ trigger_id: textArg, view: anyJsonArg });

const open = method({
  name: 'views.open',
  tier: 4,
  args: openArgs,
  run(world, args) {
    const { user } = takeTrigger(world, args.trigger_id);
    const view = storeView(world, user, parseView(args.view, 'modal'));
    world.modals.set(user, [view.id]);
    return shown(world, view);
  },
});

const push = method({
  name: 'views.push',
  tier: 4,
  args: openArgs,
  run(world, args) {
    const { user, viewId } = takeTrigger(world, args.trigger_id);
    const stack = world.modals.get(user) ?? [];
    const below = world.views.get(viewId ?? '');
    if (!below || !stack.includes(below.id)) throw new SlackError('not_found');
    if (stack.length >= maxStack) throw new SlackError('push_limit_reached');
    const view = storeView(world, user, parseView(args.view, 'modal'), below);
    stack.push(view.id);
    return shown(world, view);
  },
});

function replace(view: StoredView, body: StoredView['body'], hash: string, given: string | undefined): void {
  if (given !== undefined && given !== '' && given !== view.hash) throw new SlackError('hash_conflict');
  Object.assign(view, { body, hash, values: initialValues(body.blocks, view.values) });
}

const update = method({
  name: 'views.update',
  tier: 4,
  args: z.object({
    view_id: textArg.optional(),
    external_id: textArg.optional(),
    hash: textArg.optional(),
    view: anyJsonArg,
  }),
  run(world, args) {
    const view = [...world.views.values()].find(
      (one) =>
        one.id === args.view_id || (args.external_id !== undefined && one.externalId === args.external_id),
    );
    if (!view || !isShown(world, view)) throw new SlackError('not_found');
    replace(view, parseView(args.view, view.type), newHash(world), args.hash);
    return shown(world, view);
  },
});

const publish = method({
  name: 'views.publish',
  tier: 4,
  args: z.object({ user_id: textArg, view: anyJsonArg, hash: textArg.optional() }),
  run(world, args) {
    if (!world.manifest.homeTab) throw new SlackError('not_enabled');
    if (!world.users.has(args.user_id)) throw new SlackError('user_not_found');
    const body = parseView(args.view, 'home');
    const known = world.views.get(world.homes.get(args.user_id) ?? '');
    if (known) replace(known, body, newHash(world), args.hash);
    const view = known ?? storeView(world, args.user_id, body);
    world.homes.set(args.user_id, view.id);
    return shown(world, view);
  },
});

export const viewMethods = [open, push, update, publish];
