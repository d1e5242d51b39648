import { describe, expect, it } from 'vitest';
import { createSilentLog } from '../../mcp-servers/kit/log.ts';
import { startSlackServer } from '../../test/slack/server.ts';
import { startBoltApp } from '../../test/slack/testing/bolt.ts';
import { registerSurfaces, type Shown } from './surfaces.ts';

const words = (text: string) => ({ type: 'plain_text', text });
const form = {
  type: 'modal',
  callback_id: 'work.start',
  title: words('Start'),
  blocks: [{ type: 'section', text: words('What shall be done?') }],
};

/** A command that is answered after Slack was told to wait. @returns Slack, and what the person was told besides */
async function answerLate(shown: Shown) {
  await using stack = new AsyncDisposableStack();
  // A trigger lives as long as Slack waits: here longer than a busy machine takes.
  const slack = stack.use(await startSlackServer({ ackMs: 60_000 }));
  const answer = Promise.withResolvers<Shown>();
  const whispers: string[] = [];
  const surfaces = {
    command: () => answer.promise,
    shortcut: async () => null,
    submit: async () => null,
    whisper: async (_: unknown, text: string) => void whispers.push(text),
  };
  const redact = (text: string) => text;
  stack.use(
    await startBoltApp(
      slack,
      (app) => void registerSurfaces(app, { surfaces, redact, log: createSilentLog() }),
    ),
  );
  const { payload } = await slack.as('U_ANNA').slash('/opencode', 'start', 'C_DEV');
  expect(payload['text']).toBe('⏳ One moment…');
  answer.resolve(shown);
  const owned = stack.move();
  return { slack, whispers, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

describe.concurrent('a command that takes its time', () => {
  it('IN-9: its form is opened while Slack still opens one', async () => {
    await using late = await answerLate({ view: form });
    const view = await late.slack.until(() => late.slack.as('U_ANNA').modal(), 'the form');
    expect(JSON.stringify(view.body)).toContain('What shall be done?');
    expect(late.whispers).toEqual([]);
  });

  it('IN-9: a form that Slack refuses is told of, and what to do', async () => {
    await using late = await answerLate({ view: { ...form, blocks: 'none' } });
    await late.slack.until(() => late.whispers.length > 0, 'a word');
    expect(late.whispers).toEqual([expect.stringContaining('Please try again.')]);
  });

  it('its words are said to whoever asked', async () => {
    await using late = await answerLate({ text: 'All is well.' });
    await late.slack.until(() => late.whispers.length > 0, 'a word');
    expect(late.whispers).toEqual(['All is well.']);
  });
});
