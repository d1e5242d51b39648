import { afterAll, beforeAll, expect } from 'vitest';
import type { StoredMessage } from '../slack/store/model.ts';
import type { Step } from '../model/step.ts';
import { openStage, type Stage, type StageOptions } from './stage.ts';

/** Slack's answers to messages it will not take for their size or shape: they must never be provoked (issue 2 §6). */
const sizeErrors = /^(msg_too_long|msg_blocks_too_long|invalid_blocks|invalid_blocks_format|no_text)$/;

/** A refusal of a message's size or shape, anywhere in the journal, fails. */
function expectNoSizeErrors({ slack }: Stage): void {
  const refused = slack.journal.filter(
    ({ kind, outcome }) => kind === 'call' && sizeErrors.test(outcome ?? ''),
  );
  expect(refused, 'calls that Slack refused for their size or shape').toEqual([]);
}

/**
 * One stage for a test file. After the last test the journal is searched for refused sizes, and the store for
 * messages of the app that would notify somebody.
 */
export function useStage(options: StageOptions = {}): () => Stage {
  let stage: Stage | undefined;
  beforeAll(async () => {
    stage = await openStage(options);
  });
  afterAll(async () => {
    if (stage === undefined) return;
    await stage[Symbol.asyncDispose]();
    expectNoSizeErrors(stage);
    expect(stage.slack.pinged(), 'messages of the app that ping').toEqual([]);
  });
  return () => {
    if (stage === undefined) throw new Error('the stage is opened in beforeAll');
    return stage;
  };
}

/** The step in which the model answers in the thread. */
export function reply(text: string): Step {
  return { tools: [{ name: 'slack_reply', args: { text } }] };
}

/** A whole turn: the answer, and the word the model ends with, which nobody sees. */
export function answer(text: string): Step[] {
  return [reply(text), { text: 'Done.' }];
}

/** Held at a gate until the test opens it. */
export function held(gate: string, [next = {}, ...rest]: readonly Step[]): Step[] {
  return [{ gate, next }, ...rest];
}

/** Text a person reads in a message: its words and its blocks', without the characters that are not seen. */
export function textOf(message: StoredMessage): string {
  return `${message.text}\n${JSON.stringify(message.blocks)}`.replaceAll('\u200b', '');
}

/** Waits for a message of the app with these words. `threadTs` '' is a channel's top level. @returns it */
export async function until(
  { slack }: Stage,
  channel: string,
  threadTs: string,
  words: string,
  timeoutMs?: number,
): Promise<StoredMessage> {
  const find = () => {
    const messages = threadTs === '' ? slack.messages(channel) : slack.thread(channel, threadTs);
    return messages.find((message) => message.bot && textOf(message).includes(words));
  };
  return await slack.until(find, `"${words}" in the thread`, timeoutMs);
}

/**
 * What was posted so far has arrived and is stored. Of two messages that follow each other at once the second may come
 * first: each takes one of two connections.
 */
export async function delivered({ slack }: Stage): Promise<void> {
  await slack.until(() => slack.pendingEvents === 0, 'what was posted to arrive');
}

/**
 * Everybody's messages in a thread but those at `without` bear 👀, and the app's status shows: calls of their own, which
 * may come after whatever else was waited for.
 */
export async function atWork(
  { slack }: Stage,
  channel: string,
  threadTs: string,
  without: readonly string[] = [],
): Promise<void> {
  const shows = () =>
    slack.status(channel, threadTs)?.status === 'processing' &&
    slack
      .thread(channel, threadTs)
      .filter(({ bot }) => !bot)
      .every(({ ts, reactions }) => reactions.some(({ name }) => name === 'eyes') !== without.includes(ts));
  await slack.until(shows, '👀 and the status');
}

let rooms = 0;

/** A channel of its own for a test, so that Slack's pace of one post a second is not shared. @returns its id */
export function openRoom({ slack }: Stage): string {
  rooms += 1;
  const id = `C_ROOM${rooms}`;
  slack.addChannel({ id, name: 'dev' });
  return id;
}
