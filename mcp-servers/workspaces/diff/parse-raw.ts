import type { FileChange } from './shapes.ts';

/** Reads `git diff --raw --numstat -z`: first all raw entries, then all numbers, in one order. */
export function parseRawDiff(text: string): FileChange[] {
  const fields = text.split('\0');
  const kinds = new Map<string, { kind: FileChange['kind']; from?: string }>();
  const changes: FileChange[] = [];
  let at = 0;
  const next = () => fields[at++] ?? '';
  while (at < fields.length) {
    const field = next();
    if (field.startsWith(':')) {
      const letter = field.split(' ')[4]?.[0] ?? 'M';
      const first = next();
      if (letter === 'R' || letter === 'C')
        kinds.set(next(), { kind: letter === 'R' ? 'renamed' : 'new', from: first });
      else kinds.set(first, { kind: letter === 'A' ? 'new' : letter === 'D' ? 'deleted' : 'changed' });
      continue;
    }
    const numbers = /^(-|\d+)\t(-|\d+)\t([\s\S]*)$/.exec(field);
    if (!numbers) continue;
    const [, added = '', removed = '', own = ''] = numbers;
    // A rename has its two paths in fields of their own.
    const path = own === '' ? (next(), next()) : own;
    const { kind = 'changed', from } = kinds.get(path) ?? {};
    changes.push({
      path,
      ...(from === undefined || kind !== 'renamed' ? {} : { from }),
      kind,
      added: Number(added) || 0,
      removed: Number(removed) || 0,
      binary: added === '-',
    });
  }
  return changes;
}
