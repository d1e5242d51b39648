import { randomBytes } from 'node:crypto';

import { z } from 'zod';

import { parseBlocks } from '../limits/blocks.ts';
import { plainText } from '../limits/elements.ts';
import { initialValues } from '../people/inputs.ts';
import { invalidArguments, SlackError } from '../web-api/slack-error.ts';
import type { Block, Json, StoredView } from './model.ts';
import type { World } from './world.ts';

const common = {
  blocks: z.array(z.unknown()),
  private_metadata: z.string().max(3_000).optional(),
  callback_id: z.string().max(255).optional(),
  external_id: z.string().max(255).optional(),
};
const modalSchema = z.object({
  type: z.literal('modal'),
  title: plainText(24),
  submit: plainText(24).optional(),
  close: plainText(24).optional(),
  clear_on_close: z.boolean().optional(),
  notify_on_close: z.boolean().optional(),
  submit_disabled: z.boolean().optional(),
  ...common,
});
const homeSchema = z.object({ type: z.literal('home'), ...common });

/**
 * Checks a view against Slack's rules.
 * @throws invalid_arguments with Slack's messages
 */
export function parseView(value: unknown, type: 'modal' | 'home'): Json & { blocks: Block[] } {
  const parsed = (type === 'modal' ? modalSchema : homeSchema).safeParse(value);
  if (!parsed.success) {
    throw invalidArguments(
      ...parsed.error.issues.map((issue) => `${issue.message} [json-pointer:/view/${issue.path.join('/')}]`),
    );
  }
  try {
    const blocks = parseBlocks(parsed.data.blocks, type);
    if (type === 'modal' && !('submit' in parsed.data) && blocks.some((block) => block.type === 'input')) {
      throw invalidArguments('missing required field: submit, since there are input blocks');
    }
    return { ...parsed.data, blocks };
  } catch (error) {
    if (!(error instanceof SlackError) || error.code !== 'invalid_blocks') throw error;
    throw new SlackError('invalid_arguments', error.extra);
  }
}

/** Stores a view that is shown from now on. @throws duplicate_external_id */
export function storeView(
  world: World,
  user: string,
  body: Json & { blocks: Block[] },
  previous?: StoredView,
): StoredView {
  const externalId = typeof body['external_id'] === 'string' ? body['external_id'] : '';
  const taken = (view: StoredView) => view.externalId === externalId && isShown(world, view);
  if (externalId !== '' && [...world.views.values()].some(taken)) {
    throw new SlackError('duplicate_external_id');
  }
  const id = world.nextId('V0');
  const view: StoredView = {
    id,
    type: body['type'] as 'modal' | 'home',
    user,
    body,
    hash: newHash(world),
    rootId: previous?.rootId ?? id,
    previousId: previous?.id ?? null,
    externalId,
    values: initialValues(body.blocks),
  };
  world.views.set(id, view);
  return view;
}

/** The hash changes with every update, so that an app can tell a stale one. */
export function newHash(world: World): string {
  return `${Math.floor(world.clock.now() / 1000)}.${randomBytes(4).toString('hex')}`;
}

/** @returns whether somebody has the view open, or as their App Home. */
export function isShown(world: World, view: StoredView): boolean {
  if (view.type === 'home') return world.homes.get(view.user) === view.id;
  return (world.modals.get(view.user) ?? []).includes(view.id);
}
