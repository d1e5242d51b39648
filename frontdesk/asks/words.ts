/** How asks and answers read. Pure. */
import { withoutMark } from '../../mcp-servers/kit/recommended.ts';
import { type Ask, type AskAnswer, type Question, recommendedOf } from '../../mcp-servers/kit/asks.ts';
import { type ThreadRef, threadKey } from '../../mcp-servers/kit/chat.ts';
import { showUnseen } from './visible.ts';

/** An option without OpenCode's mark; the star says it. */
export function optionName(question: Question, index: number): string {
  const { label } = question.options[index] ?? { label: '' };
  const name = withoutMark(label);
  return index === recommendedOf(question) ? `⭐ ${name}` : name;
}

/** One line. @param star marks the recommended option; for people */
export function showAnswer(body: Ask['body'], answer: AskAnswer, star = true): string {
  if (typeof answer === 'string' || body.kind === 'permission')
    return answer === 'once' ? 'allowed once' : answer === 'session' ? 'allowed for the session' : 'denied';
  return body.questions
    .map((question, index) => {
      const given =
        (answer[index] ?? []).map((text) => nameOf(question, text, star)).join(', ') || '(no answer)';
      if (body.questions.length === 1) return given;
      return `${question.header || `${index + 1}`}: ${given}`;
    })
    .join('; ');
}

function nameOf(question: Question, text: string, star: boolean): string {
  const index = question.options.findIndex(({ label }) => label === text);
  if (index === -1) return oneLine(text);
  const name = optionName(question, index);
  return star ? name : name.replace(/^⭐ /, '');
}

/** What waits, in a few words, for lists and headers. */
export function askTitle({ body }: Ask): string {
  if (body.kind === 'permission')
    return `${wish(body.request)}: ${oneLine(showUnseen(body.request.detail.slice(0, 5000)).text, 120)}`;
  const [first, ...more] = body.questions;
  const rest = more.length === 0 ? '' : ` (and ${more.length} more)`;
  return `${oneLine(first?.question ?? '', 150)}${rest}`;
}

/** Whether a person decided it; their name is then the chat's to tell. */
export function isPerson(by: string): boolean {
  return !['', 'deadline', 'rule', 'elsewhere'].includes(by);
}

/** Who chose what, as the beginning of a sentence. @param name of the person who did */
export function describeEnd({ status, by, body, answer }: Ask, name: string): string {
  const chosen = answer === null ? '' : showAnswer(body, answer);
  if (status === 'aborted') return 'It was withdrawn';
  if (status === 'elsewhere')
    return chosen === '' ? 'It ended in OpenCode' : `It was answered in OpenCode: ${chosen}`;
  if (by === 'rule') return 'It was allowed for the session before';
  if (by === 'deadline') return `Nobody answered in time: ${chosen}`;
  return body.kind === 'permission' ? `${name} decided (${chosen})` : `${name} chose ${chosen}`;
}

/** "wants to …" */
export function wish({ permission, detailKind }: { permission: string; detailKind: string }): string {
  if (detailKind === 'command') return 'run a command';
  if (detailKind === 'diff') return 'change a file';
  switch (permission) {
    case 'edit':
      return 'change a file';
    case 'read':
      return 'read a file';
    case 'external_directory':
      return 'leave its workspace';
    case 'webfetch':
    case 'websearch':
      return 'read from the web';
    default:
      return `use ${oneLine(showUnseen(permission).text, 100)}`;
  }
}

export function oneLine(text: string, max = 300): string {
  // A whole diff is not gone through for its first words.
  const line = text
    .slice(0, 20 * max)
    .replaceAll(/\s+/g, ' ')
    .trim();
  return line.length > max || text.length > 20 * max ? `${line.slice(0, max - 1)}…` : line;
}

/** What waits in a thread, in one line for the agent. Nobody's words can pass for a line or a tag of the header. */
export function summaryOf(pending: readonly Ask[], ref: ThreadRef): string {
  const key = threadKey(ref);
  const here = pending.filter(
    (ask) => ask.status === 'open' && ask.card !== null && threadKey(ask.card.ref) === key,
  );
  const lines = here.map((ask) => {
    const { id, body, workspace } = ask;
    const of = workspace === null ? 'yours' : `of ${workspace}`;
    const options =
      body.kind === 'permission'
        ? ''
        : ` options: ${body.questions.map((question) => question.options.map((_, index) => optionName(question, index)).join(' | ') || 'words').join(' / ')}`;
    const words = `${JSON.stringify(askTitle(ask))}${options}`.replaceAll(/\s+/g, ' ');
    return `${id} (${body.kind} ${of}): ${words.replaceAll('<', '‹').replaceAll('>', '›')}`;
  });
  return lines.length === 0 ? 'none' : lines.join('; ').slice(0, 2000);
}
