import type { View } from './runtime.ts';

/** A repository in memory. For tests. */
export function viewOf(files: Readonly<Record<string, string>>, programs: readonly string[] = []): View {
  return {
    files: new Set(Object.keys(files).filter((name) => !name.includes('/'))),
    read: async (file) => files[file.replace(/^\.\//, '')] ?? null,
    has: (program) => programs.includes(program),
  };
}
