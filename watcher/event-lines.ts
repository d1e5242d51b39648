/** Progress lines (WA-4): what a tool did, in a line, and many of them in one message. Pure; memory is bounded. */
import { line, listed, literal } from './words.ts';

/** As a host tells it. `folder`: of the workspace, whose name need not be repeated in every path. */
export interface ToolCall {
  readonly tool: string;
  readonly title: string;
  readonly status: 'running' | 'completed' | 'error';
  readonly error?: string;
}

/** `key`: lines with the same key are one, with a count. */
export interface EventLine {
  readonly key: string;
  readonly text: string;
}

export interface LineBatch {
  /** Unix ms of the first one. */
  readonly since: number;
  readonly lines: readonly (EventLine & { readonly times: number })[];
  /** Those that found no room. */
  readonly more: number;
}

/** Lines of one message; a phone shows about as many. */
const mostLines = 20;
const longest = 200;

const tests =
  /\b((npm|pnpm|yarn|bun)( run)? t(est)?\b|vitest|jest|node --test|pytest|go test|cargo test|(mvn|mvnw|gradle|gradlew|make|task)\b.*\btest)/;

const readsMany: Readonly<Record<string, string>> = { read: '📖 Read', list: '📖 Listed' };
const wrote = ['edit', 'multiedit', 'patch', 'apply_patch'];
const searched = ['grep', 'glob', 'codesearch'];
/** Bookkeeping of the agent, or told in another way. */
const silent = ['todowrite', 'todoread', 'question', 'milestone', 'invalid'];
/** OpenCode's words for a call that was cut by a stop, which is told by itself. */
const cut = /^Tool execution aborted/;

/** @returns null for what is no news: a call that has only begun (but a command's), or bookkeeping */
export function toolLine({ tool, title: said, status, error }: ToolCall, folder: string): EventLine | null {
  const title = tool === 'bash' ? said : said.replace(/^repos\//, '');
  if (silent.includes(tool)) return null;
  if (status === 'error') {
    if (cut.test(error ?? '')) return null;
    const why = line(error ?? '') || 'no reason given';
    return plain(`❌ Tool failed: ${tool} - ${why}`, folder);
  }
  // A command is told by its words, which only its beginning has; later it has a title in the agent's words.
  if (tool === 'bash') {
    if (status !== 'running') return null;
    return plain(`${tests.test(title) ? '🧪 Running tests' : '🔧 Running'}: ${title}`, folder);
  }
  if (status === 'running') return null;
  if (tool in readsMany) return { key: tool, text: shorten(title, folder) };
  if (tool === 'write') return plain(`🔧 Wrote file: ${title}`, folder);
  if (wrote.includes(tool)) return plain(`🔧 Edited file: ${title}`, folder);
  if (searched.includes(tool)) return plain(`🔎 Searched: ${title}`, folder);
  if (tool === 'webfetch') return plain(`🌐 Read page: ${title}`, folder);
  if (tool === 'task') return plain(`👥 Subagent: ${title}`, folder);
  return plain(`🔧 ${tool}: ${title}`, folder);
}

/** What a person said in OpenCode's own UI: people in the chat follow it (SE-4). */
export function typedLine(text: string, folder: string): EventLine {
  return plain(`💬 Said in OpenCode: ${text}`, folder);
}

/** Of a call that has begun. */
const doing: Readonly<Record<string, string>> = {
  read: '📖 Reading',
  list: '📖 Listing',
  write: '🔧 Writing file',
  webfetch: '🌐 Reading page',
  task: '👥 Subagent',
  ...Object.fromEntries(wrote.map((tool) => [tool, '🔧 Editing file'])),
  ...Object.fromEntries(searched.map((tool) => [tool, '🔎 Searching'])),
};

/** What a call that has begun does; '' for bookkeeping. */
export function toolNow({ tool, title }: Pick<ToolCall, 'tool' | 'title'>, folder: string): string {
  if (silent.includes(tool)) return '';
  const running = tests.test(title) ? '🧪 Running tests' : '🔧 Running';
  const verb = tool === 'bash' ? running : (doing[tool] ?? `🔧 ${tool}`);
  const what = shorten(tool === 'bash' ? title : title.replace(/^repos\//, ''), folder);
  return what === '' ? verb : `${verb}: ${what}`;
}

/** One line, for the record of what happened. */
export function showLine({ key, text }: EventLine, times = 1): string {
  const verb = readsMany[key];
  if (verb === undefined) return times === 1 ? text : `${text} ×${times}`;
  return times === 1 ? `${verb} file: ${text}`.replace('Listed file', 'Listed') : `${verb} ${times} files`;
}

/** A burst costs no more than its first lines: the rest is counted. */
export function addLine(batch: LineBatch | null, added: EventLine, now: number): LineBatch {
  if (batch === null) return { since: now, lines: [{ ...added, times: 1 }], more: 0 };
  const at = batch.lines.findIndex(({ key }) => key === added.key);
  const known = batch.lines[at];
  if (known !== undefined)
    return { ...batch, lines: batch.lines.with(at, { ...known, times: known.times + 1 }) };
  if (batch.lines.length >= mostLines) return { ...batch, more: batch.more + 1 };
  return { ...batch, lines: [...batch.lines, { ...added, times: 1 }] };
}

export function renderLines({ lines, more }: LineBatch): string {
  const shown = lines.map((each) => showLine(each, each.times));
  const rest = more > 0 ? [`… and ${more.toLocaleString('en-US')} more`] : [];
  return listed([...shown, ...rest].map(literal));
}

function plain(text: string, folder: string): EventLine {
  const short = shorten(text, folder);
  return { key: short, text: short };
}

function shorten(text: string, folder: string): string {
  const one = line(text).replaceAll(`${folder}/repos/`, '').replaceAll(`${folder}/`, '');
  return one.length <= longest ? one : `${one.slice(0, longest - 1)}…`;
}
