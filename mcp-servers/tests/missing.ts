/** What a failed run says when it is not the tests that failed: something it needs is not installed. */
import type { RepositoryFacts } from './facts.ts';
import { plain } from './reports/report.ts';

/**
 * @param output its last words
 * @returns what is missing, in words; null when nothing says so
 */
export function findMissingIn(
  output: string,
  facts: RepositoryFacts,
  exitCode: number | null,
): string | null {
  const text = plain(output);
  const [, command] = /(?:^|[:\s])([\w./@-]+): (?:command )?not found$/m.exec(text) ?? [];
  if (exitCode === 127 && command !== undefined) return `\`${command}\` is not installed`;
  return missingPython(text, facts) ?? missingNode(text, facts) ?? missingElse(text);
}

function missingPython(text: string, { files }: RepositoryFacts): string | null {
  const [, name] = /No module named '?([\w.]+)'?/.exec(text) ?? [];
  const [top] = name?.split('.') ?? [];
  if (top === undefined) return null;
  // A module of its own that is not there is a fault of the code, not of the machine.
  const own = files.some((file) => new RegExp(`(^|/)${top}(/|\\.py$)`).test(file));
  return own ? null : `Python has no module \`${top}\``;
}

function missingNode(text: string, { package: packages }: RepositoryFacts): string | null {
  const [, name] = /Cannot find (?:package|module) '([^'./][^']*)'/.exec(text) ?? [];
  if (name === undefined || packages === null) return null;
  const words = name.split('/');
  const top = name.startsWith('@') ? words.slice(0, 2).join('/') : words[0];
  const declared = [...packages.dependencies, ...packages.devDependencies].find((each) => each === top);
  return declared === undefined ? null : `the package \`${declared}\` is not installed`;
}

function missingElse(text: string): string | null {
  if (/no required module provides package|missing go\.sum entry|cannot find module providing/.test(text))
    return 'Go modules are missing';
  return /Could not (resolve dependencies|transfer artifact|find artifact)|PluginResolutionException/.test(
    text,
  )
    ? 'Maven could not get its dependencies'
    : null;
}
