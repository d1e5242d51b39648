/** Small helpers for what people read. Pure. */

const boundary = 900;

/** The start of a text, in whole words where it can be; one code fence that is open is closed. */
export function bounded(text: string, max = boundary): string {
  const whole = text.trim();
  if (whole.length <= max) return whole;
  const cut = whole.slice(0, max);
  const short = cut.slice(0, Math.max(cut.lastIndexOf(' '), cut.lastIndexOf('\n'), max - 80)).trimEnd();
  const open = short.split('```').length % 2 === 0;
  return `${short}${open ? '\n```\n…' : '…'}`;
}

/** One line of it. */
export function line(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}

/** One as it is, several as a list: Markdown joins lines that only one line break separates. */
export function listed(lines: readonly string[]): string {
  return lines.length < 2 ? lines.join('') : lines.map((each) => `- ${each}`).join('\n');
}

/** `45 s`, `12 min`, `3 h 5 min`, `2 d 4 h`. */
export function showSpan(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
  return hours % 24 === 0 ? `${Math.floor(hours / 24)} d` : `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

/**
 * Commands, paths, names of tests and the like are shown as they are, not as Markdown: none of them can put a link with words
 * of its own into what the service says.
 */
export function literal(text: string): string {
  return text.replaceAll(/[\\*`~[\]<]|__/g, (sign) => (sign === '__' ? '\\_\\_' : `\\${sign}`));
}
