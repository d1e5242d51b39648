/** What a question's own thread shows of it. Pure. */
import type { Ask, Question } from '../../mcp-servers/kit/asks.ts';
import type { Card } from '../../mcp-servers/kit/chat.ts';
import { buttonsOf } from './card.ts';
import { oneLine, optionName, showAnswer } from './words.ts';

/** Under a message that could be the answer. */
export function renderUse({ id }: Ask, messageId: string, text: string): Card {
  return {
    title: `“${oneLine(text, 100)}”`,
    buttons: [{ action: 'ask.take', label: 'Use as answer', value: `${id} ${messageId}` }],
  };
}

/** At the top of the thread: the question as it stands now. `who`: name of `ask.by`. */
export function renderDiscussion(ask: Ask, who: string): Card {
  const { body, status, answer, by } = ask;
  if (body.kind !== 'question') return { title: '' };
  const asked = body.questions.map(showQuestion).join('\n\n');
  if (status === 'open')
    return {
      title: '💬 Talk it over here',
      body: `${asked}\n\n_The agent does not read this thread. Press a button, or write_ \`answer: …\`.`,
      buttons: buttonsOf(ask),
    };
  if (answer === null) return { title: '⏹️ Not asked any more', body: asked };
  const what = showAnswer(body, answer);
  const how =
    by === 'deadline'
      ? `⏰ Nobody decided in time: ${what}`
      : by === 'elsewhere'
        ? `☑️ Answered in OpenCode: ${what}`
        : `✅ ${who} chose ${what}`;
  return { title: how, body: asked };
}

function showQuestion(question: Question): string {
  const lines = question.options.map(({ description }, index) => {
    const about = description === '' ? '' : `: ${description}`;
    return `- ${optionName(question, index)}${about}`;
  });
  return [question.question, ...lines].join('\n');
}
