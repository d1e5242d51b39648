/** Lets a test hold a response for as long as it needs, and know when it is held. */
export interface Gate {
  /** Lets through what waits and all that comes later. */
  open(): void;
  /** Resolves when the first response waits at the gate (or passes it, once open). */
  readonly reached: Promise<void>;
}

export interface Gates {
  /** @returns the gate of that name, made closed when it is new. */
  gate(name: string): Gate;
  /** Resolves when the gate is open. */
  pass(name: string): Promise<void>;
  /** Opens and forgets all. */
  clear(): void;
}

export function createGates(): Gates {
  const gates = new Map<
    string,
    { opened: PromiseWithResolvers<void>; reached: PromiseWithResolvers<void> }
  >();
  const find = (name: string) => {
    const gate = gates.get(name) ?? {
      opened: Promise.withResolvers<void>(),
      reached: Promise.withResolvers<void>(),
    };
    gates.set(name, gate);
    return gate;
  };
  return {
    gate(name) {
      const { opened, reached } = find(name);
      return { open: () => opened.resolve(), reached: reached.promise };
    },
    async pass(name) {
      const { opened, reached } = find(name);
      reached.resolve();
      await opened.promise;
    },
    clear() {
      for (const { opened } of gates.values()) opened.resolve();
      gates.clear();
    },
  };
}
