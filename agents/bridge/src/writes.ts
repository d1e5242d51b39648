/**
 * Which tool calls change something (WS-6): the rule as data. Unknown shell commands do; one held too many is answered
 * once, one too few has written into somebody's own checkout.
 */

/** OpenCode's tools whose whole purpose is to write. */
const writingTools: ReadonlySet<string> = new Set(['write', 'edit', 'multiedit', 'patch', 'apply_patch']);

/** Commands that only look, whatever their arguments. */
const looking: ReadonlySet<string> = new Set(
  'cat cd column cut df diff du echo egrep false fgrep file grep head id jq less ls nl printf ps pwd readlink realpath rg sort stat tail test tr tree true type uname uniq wc whereis which whoami'.split(
    ' ',
  ),
);

/** Commands that only look with these first words. */
const lookingWith: Readonly<Record<string, ReadonlySet<string>>> = {
  git: new Set(
    'blame describe diff grep log ls-files ls-tree reflog rev-list rev-parse shortlog show status'.split(' '),
  ),
  npm: new Set('ls list outdated view why'.split(' ')),
  kubectl: new Set('describe explain get logs top version'.split(' ')),
};

/** Arguments with which a command that looks writes after all. */
const writingArguments = /(^|\s)(-o|--output|--output-file|-i|--in-place)([\s=]|$)/;

/** `2>&1` and `>/dev/null` write nothing. */
const harmlessRedirect = /\d?>(&\d|\s*\/dev\/null)/g;

/** Text in quotes runs nothing; what is in double ones may, with `$(` or a backtick. */
const quoted = /'[^']*'|"[^"$`\\]*"/g;

/** @returns whether a shell command may change something */
export function commandWrites(command: string): boolean {
  const bare = command.replaceAll(quoted, 'q').replaceAll(harmlessRedirect, '');
  if (/[<>`]|\$\(|\$\{/.test(bare)) return true;
  const steps = bare
    .split(/&&|\|\||[;|&\n]/)
    .map((step) => step.trim())
    .filter((step) => step !== '');
  return steps.some(stepWrites);
}

function stepWrites(step: string): boolean {
  const [name = '', first = ''] = step.split(/\s+/);
  if (writingArguments.test(step)) return !/^(grep|egrep|fgrep|rg|ls|ps|diff)$/.test(name);
  return !(looking.has(name) || lookingWith[name]?.has(first) === true);
}

/** @param args as the model gave them @returns whether the call may change something */
export function writes(tool: string, args: Readonly<Record<string, unknown>>): boolean {
  if (tool !== 'bash') return writingTools.has(tool);
  return typeof args['command'] !== 'string' || commandWrites(args['command']);
}

/** What a call would write, for people. */
export function describeWrite(args: Readonly<Record<string, unknown>>): string {
  const named = args['filePath'] ?? args['path'] ?? args['command'];
  if (typeof named === 'string') return named;
  const patch = typeof args['patchText'] === 'string' ? args['patchText'] : '';
  return /^\*\*\* (?:Add|Update|Delete) File: (.+)$/m.exec(patch)?.[1] ?? '';
}
