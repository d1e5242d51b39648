/** Inputs that say best what a tool is at, in this order. */
const telling = ['filePath', 'path', 'command', 'pattern', 'url', 'description', 'query', 'text'];

/** OpenCode's own title, or what the input tells before there is one. */
export function toolTitle(
  title: string | null | undefined,
  input: Readonly<Record<string, unknown>>,
): string {
  if (title) return title;
  for (const key of telling) {
    const value = input[key];
    if (typeof value === 'string' && value !== '') return value;
  }
  return '';
}

/** A refusal by rule comes with every rule there is; people need only know that it was one. */
export function describeToolError(error: string): string {
  return error.startsWith('The user has specified a rule which prevents') ? 'Permission denied' : error;
}
