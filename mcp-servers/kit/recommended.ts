/** Only where white space begins: a label of nothing else would be looked through again from each of its characters. */
const mark = /(?<!\s)\s*\(recommended\)\s*$/i;

/** An option's label without OpenCode's mark of the recommended one. */
export function withoutMark(label: string): string {
  return label.replace(mark, '');
}
