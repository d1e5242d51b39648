/** What the front-desk agent's tools do with asks. */
import { withoutMark } from '../../mcp-servers/kit/recommended.ts';
import type { Ask, Question } from '../../mcp-servers/kit/asks.ts';
import { FrontdeskError } from '../../mcp-servers/kit/errors.ts';
import type { ToolCall } from '../../mcp-servers/kit/tool.ts';
import type { SessionToolDeps } from '../../mcp-servers/sessions/server.ts';
import { showPlainQuestion } from '../../mcp-servers/slack/tools/ask.ts';
import type { SlackToolDeps } from '../../mcp-servers/slack/server.ts';
import { sameThread } from '../work/plug.ts';
import type { Turns } from '../work/session-tools.ts';
import type { Asks } from './contract.ts';
import { askTitle, optionName } from './words.ts';

/** @param asks throws while the service starts */
export function createAskTools(
  asks: () => Asks,
  turns: Turns,
): Pick<SessionToolDeps, 'respondToQuestion' | 'respondToPermission'> {
  const find = async (id: string, kind: Ask['body']['kind']): Promise<Ask> => {
    const ask = await asks().get(id);
    if (ask?.body.kind === kind) return ask;
    const waiting = asks()
      .pending()
      .filter(({ body, status }) => body.kind === kind && status === 'open')
      .map((each) => `${each.id} (${askTitle(each)})`);
    throw new FrontdeskError('ask_unknown', `${id}. Waiting: ${waiting.join('; ') || 'none'}.`);
  };
  const personOf = ({ caller }: ToolCall) => turns.personOf(caller.sessionId);

  return {
    async respondToQuestion(call, id, answers) {
      const ask = await find(id, 'question');
      const questions = ask.body.kind === 'question' ? ask.body.questions : [];
      const given = answers.map((texts, index) => texts.map((text) => labelOf(questions[index], text)));
      const told = await asks().respond(personOf(call), id, given);
      if (told !== null) return { text: told, shown: false };
      const here = ask.card !== null && sameThread(ask.card.ref, call.caller.thread);
      const text = `Answered: ${ask.workspace ?? 'it'} goes on with it.`;
      if (here) await turns.noteShown(call.caller.sessionId, text);
      return { text, shown: here };
    },

    async respondToPermission(call, id, decision, reason) {
      const ask = await find(id, 'permission');
      if (decision === 'deny') {
        const told = await asks().respond(personOf(call), id, 'deny', reason);
        return { text: told ?? 'Denied; the agent was told.', shown: false };
      }
      if (ask.status !== 'open') return { text: await asks().outcome(ask), shown: false };
      const here = ask.card !== null && sameThread(ask.card.ref, call.caller.thread);
      if (!here) {
        const where = ask.card === null ? 'no thread' : 'the thread of its workspace';
        return { text: `Only a click allows it; its card is in ${where}.`, shown: false };
      }
      await asks().showAgain(id);
      const text = 'Its card is at the end of the thread now; nothing is allowed before somebody clicks it.';
      await turns.noteShown(call.caller.sessionId, text);
      return { text, shown: true };
    },
  };
}

/** `slack_ask`. Where nothing waits for answers (no workspace root) the question is text, and its answer, too. */
export function createDeskAsk(
  asks: () => Asks | undefined,
  turns: Pick<Turns, 'noteShown'>,
  say: SlackToolDeps['say'],
): SlackToolDeps['ask'] {
  return async (call, question) => {
    const { sessionId, callId, thread } = call.caller;
    const room = asks();
    if (room === undefined) return await say(call, { kind: 'text', markdown: showPlainQuestion(question) });
    const { ask } = await room.open({
      key: `${sessionId}/${callId}`,
      source: { kind: 'desk', sessionId },
      workspace: null,
      body: { kind: 'question', questions: [question] },
      ref: thread,
      deadlineAt: null,
    });
    for (const before of room.pending({ sessionId }))
      if (before.source.kind === 'desk' && before.status === 'open' && before.id !== ask.id)
        await room.withdraw(before.id, 'Another question took its place.');
    await turns.noteShown(sessionId, question.question);
    return { posted: true };
  };
}

/** Models write labels without the mark, with a star, or in another case. */
function labelOf(question: Question | undefined, text: string): string {
  const plain = (words: string) =>
    withoutMark(words.replace(/^⭐\s*/, ''))
      .trim()
      .toLowerCase();
  const index = question?.options.findIndex((_, at) => plain(optionName(question, at)) === plain(text)) ?? -1;
  return question?.options[index]?.label ?? text;
}
