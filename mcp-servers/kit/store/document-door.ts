import path from 'node:path';
import { FrontdeskError } from '../errors.ts';
import type { Log } from '../log.ts';
import { type DamagedFile, setAside } from './damaged.ts';
import type { DocumentDoor } from './document.ts';
import { createDocumentFile } from './document-file.ts';
import { buildFileName } from './file-name.ts';
import { parseDocument, renderDocument, type Shape } from './parse-document.ts';

/** What all documents of a collection share. */
export interface CollectionContext<T> extends Shape<T> {
  readonly name: string;
  /** The store's folder. */
  readonly dir: string;
  readonly log: Log;
  readonly onDamaged: (file: DamagedFile) => void;
  /** Throws when the disk is no longer ours to write. */
  readonly assertHeld: () => void;
}

/** @returns the way of one document to its file: parse, set aside, render, write. */
export function createDocumentDoor<T>(context: CollectionContext<T>, id: string): DocumentDoor<T> {
  const { name: collection, dir, version, log } = context;
  const { shard, name } = buildFileName(id);
  const location = path.join(dir, collection, shard, name);
  const file = createDocumentFile(location, path.join(dir, 'tmp'));
  const fields = { collection, document: id };
  return {
    load: async () => {
      const text = await file.read();
      if (text === null) return undefined;
      const parsed = parseDocument(text, context);
      if (parsed.kind === 'newer') {
        const found = `${location} has version ${parsed.version}; this one reads up to version ${version}.`;
        throw new FrontdeskError('state_newer', found);
      }
      if (parsed.kind === 'damaged') {
        await reportDamaged(context, id, location, parsed.reason);
        return undefined;
      }
      // Only on a file system that ignores case. Nothing is moved: the file is a good document of the other id.
      if (parsed.id !== id) throw new Error(`"${id}" and "${parsed.id}" share the file ${location}`);
      return parsed.value;
    },
    save: async (value) => {
      context.assertHeld();
      if (value === undefined) await file.remove();
      else await file.write(renderDocument(version, id, value));
      log.trace({ event: 'store.document.written', ...fields });
    },
    onLost: (err) => log.error({ event: 'store.write.lost', ...fields, err }),
  };
}

/** Sets the file aside and tells log and owner. */
export async function reportDamaged<T>(
  { dir, name: collection, log, onDamaged }: CollectionContext<T>,
  id: string,
  location: string,
  reason: string,
): Promise<void> {
  const movedTo = await setAside(dir, collection, location);
  log.error({ event: 'store.document.damaged', collection, document: id, movedTo, reason });
  onDamaged({ collection, id, movedTo, reason });
}
