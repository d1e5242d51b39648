import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { type Change, Document } from './document.ts';
import { type CollectionContext, createDocumentDoor, reportDamaged } from './document-door.ts';
import { readIfThere } from './document-file.ts';
import { parseFileName } from './file-name.ts';

/** Documents read at a time by `entries()`. */
const readAhead = 32;

/** When the store is tidied up, Unix ms. */
export interface TidyMoment {
  readonly now: number;
  /** What was over before this is forgotten. */
  readonly before: number;
}

/**
 * What is left of a document. Pure, and asked again with the newest value before anything is changed.
 * @returns the same object: all of it; undefined: nothing
 */
export type Tidy<T> = (value: T, id: string, moment: TidyMoment) => T | undefined;

/**
 * Nothing is left of what has been over for long enough.
 * @param overSince Unix ms; null: it is not over
 */
export function forgetOver<T>(overSince: (value: T, id: string) => number | null): Tidy<T> {
  return (value, id, { before }) => {
    const at = overSince(value, id);
    return at !== null && at < before ? undefined : value;
  };
}

/** Documents of one kind, each a small file of its own. Values are frozen: make new ones, do not edit. */
export interface Collection<T> {
  /** @returns the newest value, also when it is not synced yet. @throws FrontdeskError('state_newer') */
  get(id: string): Promise<T | undefined>;
  /**
   * Changes one document. Calls for one id are queued; those that wait together share one write.
   * @param change pure and synchronous, called again when a write before it failed. The same reference back
   *   means no change; undefined deletes. What the schema refuses is thrown (ZodError) and changes nothing.
   * @param o.durable true (default): resolves after fsync of all that was seen; false: resolves at once, written
   *   with the next durable update of this id or within 50 ms, and undone (and logged) when that write fails.
   * @returns the value after this change
   * @throws what the write failed with; memory is then as the disk was before
   */
  update(id: string, change: Change<T>, o?: { durable?: boolean }): Promise<T | undefined>;
  /** All ids, in no order. */
  ids(): Promise<string[]>;
  /** All documents, read a few at a time and not kept in memory. */
  entries(): AsyncIterable<[string, T]>;
}

export interface CollectionOptions<T> extends CollectionContext<T> {
  /** Documents kept in memory. */
  readonly cache: number;
  /** Absent: all is kept. */
  readonly tidy: Tidy<T> | undefined;
}

interface OwnedCollection<T> extends Collection<T> {
  readonly flush: () => Promise<void>;
  /** @returns how many documents it changed or removed */
  readonly tidy: (moment: TidyMoment, giveUp: AbortSignal) => Promise<number>;
}

/** @returns the collection, with what the store that owns it calls. */
export function createCollection<T>(o: CollectionOptions<T>): OwnedCollection<T> {
  /** Least recently used first. */
  const documents = new Map<string, Document<T>>();

  const forget = (id: string, document: Document<T>): void => {
    if (document.idle && documents.get(id) === document) documents.delete(id);
  };

  /** Runs `use` on the loaded document, which stays in memory meanwhile. */
  const withDocument = async <R>(id: string, use: (document: Document<T>) => R): Promise<Awaited<R>> => {
    const document = documents.get(id) ?? new Document(createDocumentDoor(o, id), o.schema);
    documents.delete(id);
    documents.set(id, document);
    document.users += 1;
    try {
      await document.loaded;
      return await use(document);
    } finally {
      document.users -= 1;
      // Nothing is known of a document that could not be read: the next call tries again.
      if (!document.isLoaded) forget(id, document);
      for (const [oldest, candidate] of documents) {
        if (documents.size <= o.cache) break;
        forget(oldest, candidate);
      }
    }
  };

  const readOnce = async (id: string): Promise<T | undefined> => {
    const known = documents.get(id);
    const value = await withDocument(id, (document) => document.current);
    const read = documents.get(id);
    if (!known && read) forget(id, read);
    return value;
  };

  const ids = async (): Promise<string[]> => {
    const found = new Set(await listStoredIds(o));
    for (const [id, document] of documents) {
      if (document.current !== undefined) found.add(id);
      else if (document.isLoaded) found.delete(id);
    }
    return [...found];
  };

  const update: Collection<T>['update'] = (id, change, { durable = true } = {}) =>
    withDocument(id, (document) => document.update(change, durable));

  const entries = async function* (): AsyncGenerator<[string, T]> {
    const all = await ids();
    for (let at = 0; at < all.length; at += readAhead) {
      const some = all.slice(at, at + readAhead);
      const values = await Promise.all(some.map(readOnce));
      for (const [index, id] of some.entries()) {
        const value = values[index];
        if (value !== undefined) yield [id, value];
      }
    }
  };

  return {
    get: (id) => withDocument(id, (document) => document.current),
    update,
    ids,
    entries,
    async tidy(moment, giveUp) {
      const { tidy } = o;
      if (tidy === undefined) return 0;
      let count = 0;
      for await (const [id, value] of entries()) {
        if (giveUp.aborted) break;
        if (tidy(value, id, moment) === value) continue;
        await update(id, (current) => current && tidy(current, id, moment));
        count += 1;
      }
      return count;
    },
    flush: async () => {
      const results = await Promise.allSettled([...documents.values()].map((document) => document.flush()));
      const failed = results.find((result) => result.status === 'rejected');
      if (failed) throw failed.reason;
    },
  };
}

/** @returns the ids on disk. A file with a cut name has to be read for its id; one without is set aside. */
async function listStoredIds<T>(context: CollectionContext<T>): Promise<string[]> {
  const folder = path.join(context.dir, context.name);
  const ids: string[] = [];
  for (const shard of await readdirIfThere(folder)) {
    for (const name of await readdir(path.join(folder, shard))) {
      const location = path.join(folder, shard, name);
      const id = parseFileName(name) ?? idInside(await readIfThere(location));
      if (id === null) await reportDamaged(context, name, location, 'not a document');
      else ids.push(id);
    }
  }
  return ids;
}

/** A collection's folder is made with its first document. */
async function readdirIfThere(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

function idInside(text: string | null): string | null {
  try {
    return z.object({ id: z.string() }).parse(JSON.parse(text ?? '')).id;
  } catch {
    return null;
  }
}
