import type { PostedFile } from '../types.ts';
import type { StoredFile } from './model.ts';
import type { World } from './world.ts';

const types: Record<string, string> = {
  txt: 'text/plain',
  md: 'text/markdown',
  json: 'application/json',
  png: 'image/png',
  jpg: 'image/jpeg',
  pdf: 'application/pdf',
  diff: 'text/x-diff',
};

/** @returns the type a client would guess from a name. */
export function mimetypeOf(name: string): string {
  return types[name.split('.').pop()?.toLowerCase() ?? ''] ?? 'application/octet-stream';
}

/** Stores a file a person attaches. */
export function addFile(world: World, user: string, { name, content, mimetype }: PostedFile): StoredFile {
  const file: StoredFile = {
    id: world.nextId('F0'),
    name,
    title: name,
    mimetype: mimetype ?? mimetypeOf(name),
    user,
    content: Buffer.from(content),
    complete: true,
    createdSeconds: Math.floor(world.clock.now() / 1000),
    channels: new Set(),
  };
  world.files.set(file.id, file);
  return file;
}
