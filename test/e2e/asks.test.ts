/** Questions and permissions of a coding agent, with the real OpenCode (AS-1, AS-2, AS-6). */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { basicAuth } from '../../frontdesk/opencode/client.ts';
import { openEventStream } from '../../frontdesk/opencode/event-stream.ts';
import { createSilentLog } from '../../mcp-servers/kit/log.ts';
import { isWorker } from '../model/stand-in/worker.ts';
import type { AnswerStep, Brain } from '../model/step.ts';
import { openUi } from './open-ui.ts';
import { openRoom } from './use-stage.ts';
import { askBeforeShip, timeless, useWork } from './use-work.ts';

const style = {
  header: 'Style',
  question: 'Which style should the API have?',
  options: [
    { label: 'REST (Recommended)', description: 'as the others' },
    { label: 'gRPC', description: 'faster' },
  ],
};
const parts = {
  header: 'Parts',
  question: 'Which parts come first?',
  options: [
    { label: 'Login', description: '' },
    { label: 'Logout', description: '' },
    { label: 'Tokens', description: '' },
  ],
  multiple: true,
};
const name = { header: 'Name', question: 'What is it called?', options: [] };

const ask = (...questions: object[]): AnswerStep => ({ tools: [{ name: 'question', args: { questions } }] });
const shell = (command: string): AnswerStep => ({
  tools: [{ name: 'bash', args: { command, description: 'tries it' } }],
});

/** More than the bridge's events hold. */
const long = 'x'.repeat(300_000);

/** Scripts of coding agents by the title of their session. */
const plans: Record<string, (step: number, last: string) => AnswerStep> = {
  'many answers': (step) =>
    [
      ask(style),
      ask(parts, name),
      shell('ship first'),
      shell('ship staging'),
      shell('ship staging'),
      shell(`ship production ${long}`),
      ask({ ...style, question: 'And the next one?' }),
      shell('ship again'),
    ][step] ?? {},
  'asks anew': (step, last) => [ask(style)][step] ?? { text: `Heard: ${last}` },
  forgetful: (step, last) => [ask(style)][step] ?? { text: `Heard: ${last}` },
};

/** The front desk of the last test: answers for people, and asks them. */
const desk: Brain = (turn) => {
  const [, id = ''] = /^(ask_\w+) /.exec(turn.header['pending asks'] ?? '') ?? [];
  if (turn.said === 'take the fast one' && turn.step === 0)
    return { tools: [{ name: 'sessions_respond_to_question', args: { ask: id, answers: [['grpc']] } }] };
  if (turn.said === 'where does it go?' && turn.step === 0) {
    const options = [{ label: 'Staging', recommended: true }, { label: 'Production' }];
    return { tools: [{ name: 'slack_ask', args: { question: 'Where to?', options } }] };
  }
  if (/^take the|^where does/.test(turn.said)) return { text: 'Done.' };
  return undefined;
};

const brain: Brain = (turn) => {
  if (!isWorker(turn)) return desk(turn);
  const first = JSON.stringify(turn.history.find(({ role }) => role === 'user'));
  // Asks until it has an answer, which OpenCode may have been killed over.
  if (first.includes('Task: asks once'))
    return JSON.stringify(turn.history).includes('User has answered') ? { text: 'Heard it.' } : ask(style);
  const plan = Object.entries(plans).find(([title]) => first.includes(`Task: ${title}`))?.[1];
  if (plan === undefined) return undefined;
  if (turn.said.startsWith('OpenCode was restarted')) return { text: `Heard: ${turn.said}` };
  if (turn.said.startsWith('Go on where you left off') && first.includes('forgetful'))
    return { text: 'I wait for an answer.' };
  return plan(turn.step, turn.toolResults.at(-1) ?? '');
};

const work = useWork(6, {
  brain,
  agents: askBeforeShip,
});
const limitMs = 600_000;
/** Whether a host was away long enough to be missed is the machine's. */
const steady = (text: string) =>
  timeless(text)
    .split('\n')
    .filter((line) => !line.includes('its host local is'))
    .join('\n');
const waitingSchema = z.array(z.object({ id: z.string() })).min(1);

describe('what an agent asks', () => {
  it(
    'AS-1, AS-2: by tap, in words, by a form, allowed once and for the session, denied, and answered in OpenCode',
    async () => {
      const { slack, sees, press, story, settled, root } = work();
      const room = openRoom(work());
      const [anna, ben, stranger] = [slack.as('U_ANNA'), slack.as('U_BEN'), slack.as('U_STRANGER')];
      const ts = await anna.post(room, '@frontdesk start many answers in domain-apis');
      await press('U_ANNA', room, ts, 'Start');
      const { ts: card } = await sees(room, ts, 'Which style should');
      await settled(room, ts);
      await stranger.click(room, card, 'gRPC');
      await ben.post(room, 'GraphQL would be nice', { threadTs: ts });
      await sees(room, ts, 'Use as answer');
      await sees(room, ts, '🙋 Waits for an answer');
      await settled(room, ts);
      await expect(steady(await story(room, ts))).toMatchFileSnapshot('golden/asks-open.txt');
      const clicks = [
        ...Array.from({ length: 20 }, () => ben.click(room, card, 'gRPC')),
        ...Array.from({ length: 20 }, () => anna.click(room, card, '⭐ REST')),
      ];
      expect((await Promise.all(clicks)).every(({ acked }) => acked)).toBe(true);

      const { ts: form } = await sees(room, ts, 'Which parts come first');
      await ben.click(room, form, 'Answer…');
      const view = await slack.until(() => ben.modal(), 'the form');
      const wrong = await ben.submit(view.id, { 'choice-0': ['0', '2'] });
      expect(wrong.errors).toEqual({ 'words-1': 'This has no answer yet.' });
      const right = await ben.submit(view.id, { 'words-1': 'auth' });
      expect(right.errors).toBeUndefined();

      await sees(room, ts, 'ship first');
      await press('U_BEN', room, ts, 'Allow once');
      await sees(room, ts, 'ship staging');
      await press('U_ANNA', room, ts, 'Allow for session');
      await sees(room, ts, 'ship production');
      const { files } = await slack.until(
        () => slack.thread(room, ts).find((message) => message.files.length > 0),
        'the whole command as a file',
      );
      expect(files[0]?.content.toString()).toBe(`ship production ${long}`);
      await press('U_BEN', room, ts, 'Deny');

      await sees(room, ts, 'And the next one?');
      const ui = openUi(work(), join(root, '.builders', 'ai-dev-domain-apis-many-answers'));
      const [waiting] = waitingSchema.parse(await ui.call('GET', '/question'));
      await ui.call('POST', `/question/${waiting?.id}/reply`, { answers: [['REST (Recommended)']] });
      await sees(room, ts, 'Answered in OpenCode');
      await sees(room, ts, 'ship again');
      const [session] = waitingSchema.parse(await ui.call('GET', '/session'));
      await ui.call('POST', `/session/${session?.id}/abort`);
      await sees(room, ts, 'Its turn was stopped there');
      await expect.poll(() => ui.call('GET', '/permission')).toEqual([]);
      await sees(room, ts, 'has finished its turn');
      await sees(room, ts, 'idle · many answers');
      const told = (await story(room, ts)).split('\n');
      expect(told.filter((line) => /only .* already\.$/.test(line))).toHaveLength(39);
      const others = told
        .filter((line) => !line.includes(' already.'))
        .join('\n')
        .replaceAll(/x{99,}/g, 'xxx…');
      await expect(
        others.replace(/(Anna|Ben) chose \*\*(gRPC|⭐ REST)\*\*/, 'WHO chose **WHAT**'),
      ).toMatchFileSnapshot('golden/asks-answered.txt');
    },
    limitMs,
  );

  it(
    'AS-6, WS-4: its card moves with the plug, and it is answered after OpenCode was killed, and the service restarted',
    async () => {
      const { slack, sees, press, story, settled, restart } = work();
      const room = openRoom(work());
      const anna = slack.as('U_ANNA');
      const start = async (title: string, project: string) => {
        const ts = await anna.post(room, `@frontdesk start ${title} in ${project}`);
        await press('U_ANNA', room, ts, 'Start');
        await sees(room, ts, 'Which style should');
        await settled(room, ts);
        return ts;
      };
      const [ts, forgotten] = await Promise.all([
        start('asks anew', 'web'),
        start('forgetful', 'domain-apis'),
      ]);
      const there = await slack.as('U_BEN').post(room, '@frontdesk move anew here');
      await sees(room, there, 'Which style should');
      await settled(room, ts);
      await expect(steady(await story(room, ts))).toMatchFileSnapshot('golden/asks-moved.txt');

      process.kill(openUi(work(), '/').pid, 'SIGKILL');
      await sees(room, there, 'was cut off');
      await sees(room, forgotten, 'I wait for an answer.');
      await sees(room, forgotten, 'OpenCode was restarted meanwhile');
      await slack.until(
        () =>
          !work()
            .slack.thread(room, there)
            .some(({ text }) => text.includes('meanwhile')),
        'asked anew',
        120_000,
      );
      await press('U_ANNA', room, there, 'gRPC');
      await sees(room, there, 'Heard');
      await expect(steady(await story(room, there))).toMatchFileSnapshot('golden/asks-killed.txt');

      await restart();
      await press('U_BEN', room, forgotten, '⭐ REST');
      await sees(room, forgotten, 'Heard');
      await expect(steady(await story(room, forgotten))).toMatchFileSnapshot('golden/asks-forgotten.txt');
    },
    limitMs,
  );

  it(
    'AS-2, AS-6: OpenCode is killed the moment it takes the answer: its agent gets it, and nobody is asked twice',
    async () => {
      const { slack, sees, settled, root } = work();
      const room = openRoom(work());
      const ts = await slack.as('U_ANNA').post(room, '@frontdesk start asks once in web');
      await work().press('U_ANNA', room, ts, 'Start');
      const { ts: card } = await sees(room, ts, 'Which style should');
      await settled(room, ts);
      const ui = openUi(work(), join(root, '.builders', 'ai-dev-web-asks-once'));
      const killed = Promise.withResolvers<void>();
      await using stream = openEventStream({
        url: ui.url,
        authorization: basicAuth(ui.password),
        onFrame(frame) {
          if (!JSON.stringify(frame).includes('"question.replied"')) return;
          process.kill(ui.pid, 'SIGKILL');
          killed.resolve();
        },
        onConnected() {},
        onStuck() {},
        silenceMs: 60_000,
        log: createSilentLog(),
      });
      await stream.connected;
      await slack.as('U_BEN').click(room, card, 'gRPC');
      await killed.promise;
      await sees(room, ts, 'Heard it.');
      const cards = slack
        .thread(room, ts)
        .filter(({ bot, text }) => bot && text.includes('Which style should'));
      expect(cards).toHaveLength(1);
      expect(JSON.stringify(cards)).toContain('Ben chose **gRPC**');
    },
    limitMs,
  );

  it(
    'MCP-4, AG-1: answered in words through the front desk, which asks with buttons itself',
    async () => {
      const { slack, sees, press, story, settled } = work();
      const room = openRoom(work());
      const anna = slack.as('U_ANNA');
      const ts = await anna.post(room, '@frontdesk start asks anew in domain-apis');
      await press('U_ANNA', room, ts, 'Start');
      await sees(room, ts, 'Which style should');
      await settled(room, ts);
      await anna.post(room, 'take the fast one', { threadTs: ts });
      await sees(room, ts, 'Heard');
      await sees(room, ts, 'idle · asks anew');
      await anna.post(room, 'where does it go?', { threadTs: ts });
      await sees(room, ts, 'Where to?');
      await settled(room, ts);
      await press('U_BEN', room, ts, '⭐ Staging');
      await sees(room, ts, 'You said: “To “Where to?”: Staging”');
      await expect(steady(await story(room, ts))).toMatchFileSnapshot('golden/asks-by-words.txt');
    },
    limitMs,
  );

  it(
    'IN-7, IN-8: stopped while its question waits: a plain stop says how, `@bot stop` does it',
    async () => {
      const { slack, sees, press, story, settled } = work();
      const room = openRoom(work());
      const anna = slack.as('U_ANNA');
      const ts = await anna.post(room, '@frontdesk start forgetful in web');
      await press('U_ANNA', room, ts, 'Start');
      await sees(room, ts, 'Which style should');
      await settled(room, ts);
      await anna.post(room, 'stop', { threadTs: ts });
      await sees(room, ts, 'To stop the coding agent');
      await slack.as('U_BEN').post(room, '@frontdesk stop', { threadTs: ts });
      await sees(room, ts, 'is stopped');
      await sees(room, ts, 'Not asked any more');
      await sees(room, ts, 'stopped · forgetful');
      await expect(steady(await story(room, ts))).toMatchFileSnapshot('golden/asks-stopped.txt');
    },
    limitMs,
  );
});
