import type { ThreadStatus } from './model.ts';
import type { World } from './world.ts';

export const sessionStatuses = ['active', 'processing', 'suspended', 'closed'] as const;
export type SessionStatus = (typeof sessionStatuses)[number];

/** assistant.threads.setStatus shows for two minutes without a message. */
const assistantStatusMs = 120_000;
/** `processing` is shown for an hour, then Slack gives the app up. */
const processingMs = 3_600_000;

function changed(world: World, channel: string, root: string): void {
  world.changes.emit({ kind: 'status', channel, thread: root });
}

/** Shows a status until another takes its slot, or for `lifeMs` of Slack's time. */
function show(world: World, channel: string, root: string, entry: ThreadStatus, lifeMs: number): void {
  const key = `${channel}:${root}`;
  world.statuses.set(key, entry);
  world.clock.after(lifeMs, () => {
    if (world.statuses.get(key) !== entry) return;
    world.statuses.delete(key);
    changed(world, channel, root);
  });
}

/** Sets the status of an agent session; it takes the slot of an assistant status, as in Slack. */
export function setSessionStatus(world: World, channel: string, root: string, status: SessionStatus): void {
  const entry = { kind: 'session', status, at: world.clock.now() } as const;
  if (status === 'processing') show(world, channel, root, entry, processingMs);
  else world.statuses.set(`${channel}:${root}`, entry);
  changed(world, channel, root);
}

/** Sets or (with '') clears the text beside the app's name; it goes by itself after two minutes. */
export function setAssistantStatus(
  world: World,
  channel: string,
  root: string,
  status: string,
  loadingMessages: readonly string[],
): void {
  const key = `${channel}:${root}`;
  if (status === '') {
    world.statuses.delete(key);
  } else {
    const entry = { kind: 'assistant', status, loadingMessages, at: world.clock.now() } as const;
    show(world, channel, root, entry, assistantStatusMs);
  }
  changed(world, channel, root);
}
