import type { z } from 'zod';

/** Changes that nobody waits for are written at the latest after this. */
const lazyWriteMs = 50;

export type Change<T> = (current: T | undefined) => T | undefined;

export interface DocumentDoor<T> {
  load(): Promise<T | undefined>;
  /** Writes durably; undefined removes. */
  save(value: T | undefined): Promise<void>;
  /** Told of a failed write that no caller waits for. */
  onLost(error: unknown): void;
}

interface Operation<T> {
  readonly change: Change<T>;
  /** Absent: nobody waits for the disk. */
  readonly waiting?: PromiseWithResolvers<T | undefined>;
  result: T | undefined;
}

/**
 * One document in memory and its way to the disk.
 *
 * Changes are applied to memory at once and in order; one write at a time carries all that waits (group commit).
 * When a write fails, memory goes back to what the disk has, the callers of that write are refused, and changes
 * that came meanwhile are applied again on the older value: that is why `change` must be pure.
 */
export class Document<T> {
  /** Calls that hold this document; it is not evicted while there are any. */
  users = 0;
  readonly loaded: Promise<void>;
  /** True once `loaded` has resolved. */
  isLoaded = false;
  private readonly door: DocumentDoor<T>;
  private readonly schema: z.ZodType<T>;
  private value: T | undefined;
  private stored: T | undefined;
  /** False after a failed write: the disk may hold the old value or the new. */
  private storedIsCertain = true;
  private pending: Operation<T>[] = [];
  private writing: Promise<void> | undefined;
  private timer: NodeJS.Timeout | undefined;
  private lastFailure: unknown;

  constructor(door: DocumentDoor<T>, schema: z.ZodType<T>) {
    this.door = door;
    this.schema = schema;
    this.loaded = door.load().then((value) => {
      this.stored = this.value = deepFreeze(value);
      this.isLoaded = true;
    });
  }

  /** Newest value, synced or not. */
  get current(): T | undefined {
    return this.value;
  }

  get idle(): boolean {
    return this.users === 0 && this.pending.length === 0 && this.writing === undefined;
  }

  /** Only after `loaded`. */
  async update(change: Change<T>, durable: boolean): Promise<T | undefined> {
    const before = this.value;
    const operation: Operation<T> = {
      change,
      result: this.apply(change),
      ...(durable ? { waiting: Promise.withResolvers<T | undefined>() } : {}),
    };
    const changed = this.value !== before;
    // A caller that changes nothing still learns a state; "durable" promises that this state is on the disk.
    const settled = this.writing === undefined && this.pending.length === 0 && this.storedIsCertain;
    if (!changed && settled) return operation.result;
    this.pending.push(operation);
    if (!operation.waiting) {
      this.timer ??= setTimeout(() => this.startWriting(), lazyWriteMs);
      return operation.result;
    }
    this.startWriting();
    return operation.waiting.promise;
  }

  /** Resolves when nothing waits to be written; rejects with the error of a write that failed meanwhile. */
  async flush(): Promise<void> {
    this.lastFailure = undefined;
    while (this.pending.length > 0 || this.writing) {
      this.startWriting();
      await this.writing;
    }
    if (this.lastFailure !== undefined) throw this.lastFailure;
  }

  private apply(change: Change<T>): T | undefined {
    const next = change(this.value);
    if (next === this.value) return next;
    // Checked before it is stored: what the schema refuses would be set aside as damaged at the next start.
    if (next !== undefined) this.schema.parse(next);
    this.value = deepFreeze(next);
    return next;
  }

  private startWriting(): void {
    this.writing ??= this.writeAll().finally(() => {
      this.writing = undefined;
      if (this.pending.some((operation) => operation.waiting)) this.startWriting();
      else if (this.pending.length > 0) this.timer ??= setTimeout(() => this.startWriting(), lazyWriteMs);
    });
  }

  private async writeAll(): Promise<void> {
    await Promise.resolve(); // lets the other updates of this tick join
    clearTimeout(this.timer);
    this.timer = undefined;
    const batch = this.pending;
    const target = this.value;
    this.pending = [];
    try {
      if (target !== this.stored || !this.storedIsCertain) await this.door.save(target);
      this.stored = target;
      this.storedIsCertain = true;
      for (const { waiting, result } of batch) waiting?.resolve(result);
    } catch (error) {
      this.rollBack(batch, error);
    }
  }

  private rollBack(batch: readonly Operation<T>[], error: unknown): void {
    this.storedIsCertain = false;
    this.lastFailure = error;
    this.value = this.stored;
    if (batch.some(({ waiting }) => !waiting)) this.door.onLost(error);
    for (const { waiting } of batch) waiting?.reject(error);
    this.pending = this.pending.filter((operation) => this.applyAgain(operation));
  }

  private applyAgain(operation: Operation<T>): boolean {
    try {
      operation.result = this.apply(operation.change);
      return true;
    } catch (error) {
      if (operation.waiting) operation.waiting.reject(error);
      else this.door.onLost(error);
      return false;
    }
  }
}

/** Freezes plain data; stops at what is frozen already, so a small change of a large value costs little. */
function deepFreeze<V>(value: V): V {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  Object.freeze(value);
  for (const inner of Object.values(value)) deepFreeze(inner);
  return value;
}
