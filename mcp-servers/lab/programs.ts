import { accessSync, constants, statSync } from 'node:fs';
import path from 'node:path';

/**
 * @param search as in PATH
 * @param cwd for a program that is given as a path
 * @returns its absolute path; undefined: it is not there, or not to be executed
 */
export function findProgram(program: string, search: string, cwd = '/'): string | undefined {
  const places = program.includes('/')
    ? [path.resolve(cwd, program)]
    : search.split(path.delimiter).map((folder) => path.join(folder, program));
  return places.find((file) => {
    try {
      accessSync(file, constants.X_OK);
      return statSync(file).isFile();
    } catch {
      return false;
    }
  });
}
