/** What the stamp plugin says when OpenCode has loaded it: `POST {stampUrl}/hello`. */
export interface PluginHello {
  /** Of the plugin file OpenCode really loaded, hex. */
  readonly sha256: string;
}

/** The start-up proof that the plugin runs: the supervisor waits here for the word that the gateway receives. */
export interface PluginHellos {
  /**
   * The first hello not yet taken, or the next to come.
   * @throws Error when none comes within `timeoutMs`
   */
  next(timeoutMs: number): Promise<PluginHello>;
  receive(hello: PluginHello): void;
}

export function createPluginHellos(): PluginHellos {
  let unread: PluginHello[] = [];
  const waiting = new Set<(hello: PluginHello) => void>();
  return {
    receive(hello) {
      const [first] = waiting;
      if (first) first(hello);
      // One unread hello is enough: each OpenCode instance says the same.
      else unread = [hello];
    },
    next(timeoutMs) {
      const ready = unread.shift();
      if (ready) return Promise.resolve(ready);
      return new Promise((resolve, reject) => {
        const settle = (hello: PluginHello) => {
          clearTimeout(timer);
          waiting.delete(settle);
          resolve(hello);
        };
        const timer = setTimeout(() => {
          waiting.delete(settle);
          reject(new Error(`no word from the plugin within ${timeoutMs} ms`));
        }, timeoutMs);
        waiting.add(settle);
      });
    },
  };
}
