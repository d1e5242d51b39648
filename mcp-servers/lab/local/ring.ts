/** The log of a lab: the latest of it, in two files of bounded size. Written by the keeper, read by the service. */
import { closeSync, fstatSync, openSync, readSync, renameSync, writeSync } from 'node:fs';
import path from 'node:path';

const [current, older] = ['app.log', 'app.log.1'];
/** Characters of a line that are shown. */
const longestLine = 2000;

export interface Ring {
  /** Written at once: what is in it survives the writer. Never throws. */
  write(chunk: string | Uint8Array): void;
}

/** @param limit bytes of one of the two files: at most twice that is on the disk */
export function openRing(folder: string, limit: number): Ring {
  let file = openSync(path.join(folder, current), 'a', 0o600);
  let size = fstatSync(file).size;
  return {
    write(chunk) {
      const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
      try {
        for (let from = 0; from < bytes.length; from += limit) {
          const part = bytes.subarray(from, from + limit);
          if (size > 0 && size + part.length > limit) {
            closeSync(file);
            renameSync(path.join(folder, current), path.join(folder, older));
            file = openSync(path.join(folder, current), 'a', 0o600);
            size = 0;
          }
          writeSync(file, part);
          size += part.length;
        }
      } catch {
        // The disk is full: the app goes on without its log.
      }
    },
  };
}

/** @returns the last lines, oldest first; none when there is no log */
export function readRing(folder: string, lines: number): string[] {
  const room = Math.min((lines + 2) * longestLine, 4 * 1024 * 1024);
  const latest = readEnd(path.join(folder, current), room);
  const before = latest.length < room ? readEnd(path.join(folder, older), room - latest.length) : '';
  const all = `${before}${latest}`.split('\n');
  // Read from the middle of a line: half a word may be half a secret, which nothing would mask.
  if (all.length > 1 && before.length + latest.length >= room) all.shift();
  return all
    .map((line) => cut(line.replace(/\r$/, '')))
    .filter((line) => line.trim() !== '')
    .slice(-lines);
}

/** Between words where it can be, for the same reason. */
function cut(line: string): string {
  if (line.length <= longestLine) return line;
  return `${line.slice(0, longestLine).replace(/\S{1,500}$/, '')}…`;
}

function readEnd(name: string, room: number): string {
  let file: number;
  try {
    file = openSync(name, 'r');
  } catch {
    return '';
  }
  try {
    const { size } = fstatSync(file);
    const buffer = Buffer.alloc(Math.min(size, room));
    const read = readSync(file, buffer, 0, buffer.length, Math.max(0, size - buffer.length));
    return buffer.subarray(0, read).toString('utf8');
  } finally {
    closeSync(file);
  }
}
