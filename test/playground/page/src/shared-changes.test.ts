import { describe, expect, it } from 'vitest';
import type { ChangesListener } from './api.ts';
import { watchShared } from './shared-changes.ts';

/** A server that counts its listeners; `say` reaches all of them. */
function fakeChanges() {
  const listeners = new Set<ChangesListener>();
  return {
    listeners,
    say: (ts: string) => {
      for (const listener of listeners) listener.change({ seq: 1, kind: 'message', ts });
    },
    watch: (listener: ChangesListener) => {
      listeners.add(listener);
      listener.open();
      return () => listeners.delete(listener);
    },
  };
}

function tab(server: ReturnType<typeof fakeChanges>) {
  const heard: string[] = [];
  const end = watchShared(server, {
    open: () => heard.push('open'),
    lost: () => heard.push('lost'),
    change: ({ ts = '' }) => heard.push(ts),
    journal: () => {},
  });
  return { heard, end };
}

describe('one connection for all tabs', () => {
  it('tells every tab, and the next tab takes over when the listening one closes', async () => {
    const server = fakeChanges();
    const first = tab(server);
    await expect.poll(() => first.heard).toEqual(['open']);
    const second = tab(server);
    await expect.poll(() => second.heard).toEqual(['open']);
    server.say('1');
    await expect.poll(() => second.heard).toEqual(['open', '1']);
    expect(first.heard).toEqual(['open', '1']);
    expect(server.listeners.size).toBe(1);

    first.end();
    await expect.poll(() => second.heard).toEqual(['open', '1', 'open']);
    expect(server.listeners.size).toBe(1);
    server.say('2');
    await expect.poll(() => second.heard.at(-1)).toBe('2');
    expect(first.heard.at(-1)).toBe('1');
    second.end();
  });
});
