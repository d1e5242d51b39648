/** Something a person, the app or a test could see has changed. */
export interface Change {
  readonly kind: 'message' | 'status' | 'view' | 'socket' | 'journal' | 'file' | 'channel';
  readonly channel?: string | undefined;
  readonly thread?: string | undefined;
  /** The message, where it is one. */
  readonly ts?: string | undefined;
}

export interface Changes {
  emit(change: Change): void;
  /** @returns the function that stops watching. */
  watch(listener: (change: Change) => void): () => void;
}

/** @returns a plain list of listeners; a listener must not throw. */
export function createChanges(): Changes {
  const listeners = new Set<(change: Change) => void>();
  return {
    emit(change) {
      for (const listener of listeners) listener(change);
    },
    watch(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
