import { textOf } from '../protocol.ts';
import type { ModelTurn } from '../turn.ts';
import { firstLine } from './worker-steps.ts';

/** What a coding agent is asked to do. */
export interface Job {
  readonly title: string;
  /** The title without how to work on it; files are named after it. */
  readonly subject: string;
  /** An answer that came late. */
  readonly late: readonly string[];
  /** What is asked for now, whole. */
  readonly words: string;
  readonly repository: string;
  /** Each step takes seconds. */
  readonly slow: boolean;
}

export const resumed = /^Go on where you left off/;

/** As the service tells of an answer that came after the deadline. */
const lateAnswer =
  /has now answered what you had asked: [^\n]*\n[\s\S]*?^The (answer|decision): (?<answer>.+)$/m;
/** As it tells of one that OpenCode, restarted meanwhile, no longer waited for. */
const laterAnswer =
  /^OpenCode was restarted after you asked: [^\n]*\n(The answer[^:]*: |This is (?=allowed|denied))(?<answer>[^\n(]+)/;

/** The task is in the first message; a later one is a task of its own, with the same repositories. */
export function jobOf({ history, said }: ModelTurn): Job {
  const users = history.filter(({ role }) => role === 'user').map(textOf);
  const task = users.find((text) => text.includes('The repositories are in ./repos: ')) ?? '';
  const [, repository = '.'] = /The repositories are in \.\/repos: ([\w.-]+?)[,.]? /.exec(task) ?? [];
  const late = (lateAnswer.exec(said) ?? laterAnswer.exec(said))?.groups?.['answer']?.trim() ?? '';
  const now = said.includes('Task: ') || resumed.test(said) || late !== '' ? task : said;
  const title = (/^Task: (.+)$/m.exec(now)?.[1] ?? firstLine(now)).trim();
  const subject = title.replace(/[,;:]?\s+(and |then |but )?(ask|go on|publish|crash|with todos)\b.*$/i, '');
  return {
    title: late === '' ? title : `${title}: ${late}`,
    subject: subject === '' ? title : subject,
    late: late === '' ? [] : [`late: ${late}`],
    // It does not ask again.
    words: late === '' ? now : said,
    repository,
    slow: /\bslow(ly)?\b/i.test(now),
  };
}
