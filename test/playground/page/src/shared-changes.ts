import type { Api, ChangesListener } from './api.ts';
import type { Change, JournalEntry } from './wire.ts';

const name = 'playground.changes';

type Told =
  | { readonly kind: 'open' | 'lost' }
  | { readonly kind: 'change'; readonly value: Change }
  | { readonly kind: 'journal'; readonly value: JournalEntry };

function tell(listener: ChangesListener, told: Told): void {
  if (told.kind === 'change') listener.change(told.value);
  else if (told.kind === 'journal') listener.journal(told.value);
  else listener[told.kind]();
}

/**
 * Listens to the server's changes through one connection for all tabs of the browser: it grants six to an origin,
 * and a stream in each of six tabs would leave none for anything else. One tab listens and tells the others; when
 * it is closed, the next one in line takes over, and everybody reads anew what they may have missed.
 * @returns the function that ends it
 */
export function watchShared(api: Pick<Api, 'watch'>, listener: ChangesListener): () => void {
  const others = new BroadcastChannel(name);
  const end = new AbortController();
  others.addEventListener('message', ({ data }: MessageEvent<Told>) => tell(listener, data));
  const lead = () => {
    const both = (told: Told) => {
      tell(listener, told);
      others.postMessage(told);
    };
    const unwatch = api.watch({
      open: () => both({ kind: 'open' }),
      lost: () => both({ kind: 'lost' }),
      change: (value) => both({ kind: 'change', value }),
      journal: (value) => both({ kind: 'journal', value }),
    });
    // The lock is held for as long as this tab lives.
    return new Promise<void>((release) => {
      end.signal.addEventListener('abort', () => {
        unwatch();
        release();
      });
    });
  };
  const queue = async () => {
    const isFirst = await navigator.locks.request(name, { ifAvailable: true }, async (lock) => {
      if (lock) await lead();
      return lock !== null;
    });
    if (isFirst) return;
    listener.open();
    await navigator.locks.request(name, { signal: end.signal }, lead);
  };
  // Ended while it waited in line.
  queue().catch(() => {});
  return () => {
    end.abort();
    others.close();
  };
}
