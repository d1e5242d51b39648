import type { World } from './world.ts';

export const sessionStatuses = ['active', 'processing', 'suspended', 'closed'] as const;
export type SessionStatus = (typeof sessionStatuses)[number];

/** assistant.threads.setStatus shows for two minutes without a message. */
const assistantStatusMs = 120_000;

function changed(world: World, channel: string, root: string): void {
  world.changes.emit({ kind: 'status', channel, thread: root });
}

/** Sets the status of an agent session; it takes the slot of an assistant status, as in Slack. */
export function setSessionStatus(world: World, channel: string, root: string, status: SessionStatus): void {
  world.statuses.set(`${channel}:${root}`, { kind: 'session', status, at: world.clock.now() });
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
    world.statuses.set(key, entry);
    world.clock.after(assistantStatusMs, () => {
      if (world.statuses.get(key) !== entry) return;
      world.statuses.delete(key);
      changed(world, channel, root);
    });
  }
  changed(world, channel, root);
}
