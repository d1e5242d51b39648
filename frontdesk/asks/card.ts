/** The card of an ask: open with its buttons, or ended with who chose what. Pure. */
import { type Ask, type Question, recommendedOf } from '../../mcp-servers/kit/asks.ts';
import type { Card, CardButton } from '../../mcp-servers/kit/chat.ts';
import { showTime } from '../../mcp-servers/kit/hours.ts';
import type { Hours } from '../../mcp-servers/kit/policy.ts';
import { showUnseen, unseenNote } from './visible.ts';
import { oneLine, optionName, showAnswer, wish } from './words.ts';

/** Options that are buttons; with more of them a form is easier to read on a phone. */
const mostButtons = 10;
/** Characters of what is asked on the card, of the 8,000 a card shows; what is longer is a file besides. */
const textBudget = 5500;
/** Of an ended card, which is only to be recognised. */
const endedBudget = 1200;

export interface CardContext {
  /** Display name of `ask.by`. */
  readonly name: string;
  readonly hours: Hours;
  readonly now: number;
  /** Decided, and the asker has not got it: its host is away. */
  readonly undelivered: boolean;
}

export function renderAskCard(ask: Ask, context: CardContext): Card {
  const { body, status } = ask;
  const who = ask.workspace ?? (ask.source.kind === 'desk' ? 'The front desk' : 'A tool');
  const ended = status !== 'open';
  const title =
    body.kind === 'question'
      ? `❓ ${who} ${ended ? 'asked' : 'asks'}`
      : `🔐 ${who} ${ended ? 'wanted' : 'wants'} to ${wish(body.request)}`;
  const asked = renderAsked(ask, ended ? endedBudget : textBudget);
  if (ended) return { title, body: `${asked}\n\n${outcomeOf(ask, context)}`, facts: [] };
  return { title, body: asked, facts: factsOf(ask, context), buttons: buttonsOf(ask) };
}

/** What is too long for the card, whole; null: the card has it all. */
export function fileOfAsk({ body }: Ask): { name: string; content: string } | null {
  if (body.kind === 'permission') {
    const { detail, detailKind } = body.request;
    if (showUnseen(detail).text.length <= textBudget) return null;
    return {
      name: { command: 'command.sh', diff: 'change.diff', path: 'paths.txt', other: 'request.txt' }[
        detailKind
      ],
      content: detail,
    };
  }
  const content = body.questions.map(showQuestion).join('\n\n');
  return content.length <= textBudget ? null : { name: 'question.md', content };
}

/** Whether one tap can answer it. */
function isTapped({ body }: Ask): boolean {
  if (body.kind === 'permission') return true;
  const [question, ...more] = body.questions;
  return (
    more.length === 0 &&
    question !== undefined &&
    !question.multiple &&
    question.options.length <= mostButtons
  );
}

function renderAsked(ask: Ask, budget: number): string {
  const { body } = ask;
  if (body.kind === 'question')
    return shorten(body.questions.map(showQuestion).join('\n\n'), budget, fileOfAsk(ask)?.name);
  const { detail, detailKind, permission, patterns, isCut = false } = body.request;
  const language = { command: 'sh', diff: 'diff', path: '', other: '' }[detailKind];
  const named = detailKind === 'diff' || permission === 'external_directory' ? patterns : [];
  const place = named.length === 0 || named.join('\n') === detail ? '' : `${named.map(inCode).join(', ')}\n`;
  const exact = showUnseen(detail);
  const shown = wholeLines(exact.text, budget);
  const file = fileOfAsk(ask);
  const beginning =
    file === null || budget < textBudget
      ? '\n…'
      : `\nThis is the beginning; the whole (${detail.length.toLocaleString('en')} characters) is in \`${file.name}\` below.`;
  const cut = isCut ? '\n⚠️ It was too large for the bridge and is cut; see all of it in OpenCode.' : '';
  const hidden = exact.any ? `\n${unseenNote}` : '';
  return `${place}${fence(shown, language)}${shown === exact.text ? '' : beginning}${cut}${hidden}`;
}

/** At most `max` characters, to the end of a line where there is one. */
function wholeLines(text: string, max: number): string {
  if (text.length <= max) return text;
  const end = text.lastIndexOf('\n', max);
  return text.slice(0, end > 0 ? end : max);
}

function showQuestion(question: Question, index: number, all: readonly Question[]): string {
  const { header, options, multiple } = question;
  const number = all.length > 1 ? `**${index + 1}. ${header || 'Question'}** ` : '';
  // Buttons say the labels; descriptions, and labels no button holds, need lines of their own.
  const listed =
    all.length > 1 || multiple || options.length > mostButtons
      ? options.length > 0
      : options.some(({ label, description }) => description !== '' || label.length > 70);
  const lines = options.map((option, at) => {
    const about = option.description === '' ? '' : `: ${option.description}`;
    return `- ${optionName(question, at)}${about}`;
  });
  const several = multiple ? ' _Several may be chosen._' : '';
  return `${number}${question.question}${several}${listed ? `\n${lines.join('\n')}` : ''}`;
}

function shorten(text: string, budget: number, file: string | undefined): string {
  if (text.length <= budget) return text;
  const more = file === undefined ? '' : `\n\n_This is the beginning; the whole is in \`${file}\` below._`;
  return `${text.slice(0, budget)}…${budget < textBudget ? '' : more}`;
}

/** Of an open one. */
export function buttonsOf(ask: Ask): CardButton[] {
  const { id, body } = ask;
  if (body.kind === 'permission')
    return [
      { action: 'ask.once', label: 'Allow once', value: id, style: 'primary' },
      { action: 'ask.session', label: 'Allow for session', value: id },
      { action: 'ask.deny', label: 'Deny', value: id, style: 'danger' },
    ];
  const [question] = body.questions;
  if (!isTapped(ask) || question === undefined)
    return [{ action: 'ask.form', label: 'Answer…', value: id, style: 'primary' }];
  const recommended = recommendedOf(question);
  return [
    ...question.options.map((_, index): CardButton => ({
      action: `ask.choose.${index}`,
      label: optionName(question, index),
      value: id,
      ...(index === recommended ? { style: 'primary' } : {}),
    })),
    {
      action: 'ask.form',
      label: question.options.length === 0 ? 'Answer…' : 'Other answer…',
      value: id,
      ...(question.options.length === 0 ? { style: 'primary' } : {}),
    },
  ];
}

function factsOf(ask: Ask, { hours, now }: CardContext): string[] {
  const { deadlineAt, source, body } = ask;
  const forgotten = source.kind === 'host' && source.instance === null;
  return [
    ...(deadlineAt === null ? [] : [`${whatNext(body)} ${showTime(hours.timeZone, deadlineAt, now)}`]),
    ...(forgotten ? ['OpenCode was restarted meanwhile: your answer goes to the agent as a message'] : []),
  ];
}

function whatNext(body: Ask['body']): string {
  if (body.kind === 'permission') return 'denied if nobody answers by';
  const [question, ...more] = body.questions;
  const index = question && recommendedOf(question);
  if (question === undefined || index === undefined) return 'goes on without an answer at';
  return more.length === 0
    ? `goes on with ${optionName(question, index)} at`
    : 'goes on with the ⭐ answers at';
}

const givenAgain =
  '↩️ Answered before: OpenCode was cut off before it took this in, its agent asked again, and got the same answer.';

function outcomeOf(ask: Ask, { name, undelivered }: CardContext): string {
  const { status, answer, by, body, note, again } = ask;
  const why = note === '' ? '' : `\n${note}`;
  const chosen = answer === null ? '' : showAnswer(body, answer);
  const what = body.kind === 'permission' ? chosen : `**${chosen.replaceAll('*', '∗')}**`;
  if (status === 'aborted') return `⏹️ Not asked any more.${why}`;
  if (status === 'elsewhere')
    return answer === null ? `☑️ Ended in OpenCode.${why}` : `☑️ Answered in OpenCode: ${what}${why}`;
  if (by === 'rule') return `✅ Allowed, as for the whole session before.${why}`;
  const icon = answer === 'deny' ? '🚫' : '✅';
  if (by === 'deadline') {
    if (body.kind === 'permission') return `⏰ Denied. ${note || 'Nobody answered in time.'}`;
    return `⏰ Nobody answered in time: it goes on with ${what}.${why}`;
  }
  const sent = undelivered ? ' Its host is away; it gets the answer as soon as it is back.' : '';
  return body.kind === 'permission'
    ? `${icon} ${name}: ${what}.${sent}${why}`
    : `${icon} ${name} chose ${what}.${sent}${why}${again ? `\n${givenAgain}` : ''}`;
}

/** A fence that its content cannot close. */
function fence(text: string, language: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const marks = '`'.repeat(longest + 1);
  return `${marks}${language}\n${text}\n${marks}`;
}

function inCode(text: string): string {
  return `\`${oneLine(showUnseen(text).text, 500).replaceAll('`', "'")}\``;
}
