/** What happens in Slack around a death. Each begins threads of its own and returns when all is said. */
import type { ChaosStage } from './stage.ts';
import type { Kind } from './talk.ts';

/** @param channel not used by any other scenario of the stage, so that nobody's pace delays another */
export type Scenario = (stage: ChaosStage, channel: string) => Promise<void>;

const one =
  (kind: Kind): Scenario =>
  async ({ ledger }, channel) => {
    await ledger.say(kind, { channel });
  };

/** Two more messages while the first is worked on. */
const queue: Scenario = async (stage, channel) => {
  const { ledger, slack } = stage;
  const { thread, id } = await ledger.say('hold', { channel });
  await ledger.say('reword', { channel, thread });
  await slack.until(() => isQueued(stage, channel, thread, 1), 'the first notice');
  await ledger.say('reply', { channel, thread });
  stage.model.gate(id).open();
};

/** A message taken out of the queue with its button. */
const removal: Scenario = async (stage, channel) => {
  const { ledger, slack, model } = stage;
  const { thread, id } = await ledger.say('hold', { channel });
  const unwanted = await ledger.say('reply', { channel, thread });
  const notice = await slack.until(() => isQueued(stage, channel, thread, 1), 'the notice');
  unwanted.fate = 'never';
  await slack.as('U_ANNA').click(channel, notice, 'Remove');
  model.gate(id).open();
};

/** A running turn is stopped, and the conversation goes on. */
const stop: Scenario = async ({ ledger, slack, model }, channel) => {
  const held = await ledger.say('hold', { channel });
  await model.gate(held.id).reached;
  held.fate = 'maybe';
  await slack.as('U_ANNA').post(channel, 'stop', { threadTs: held.thread });
  await ledger.say('reply', { channel, thread: held.thread });
};

/** Text that grows in a thread of a DM, and at its top level. */
const dm: Scenario = async ({ ledger }) => {
  const { ts } = await ledger.dm('text');
  await ledger.dm('text', { thread: ts });
};

/** The same, but what was written is not the answer. */
const dmReply: Scenario = async ({ ledger }) => {
  const { ts } = await ledger.dm('mixed');
  await ledger.dm('mixed', { thread: ts });
};

export const scenarios = {
  reply: one('reply'),
  reword: one('reword'),
  long: one('long'),
  file: one('file'),
  two: one('two'),
  text: one('text'),
  silent: one('silent'),
  queue,
  removal,
  stop,
  dm,
  dmReply,
} satisfies Record<string, Scenario>;

/** @returns the notice's ts */
function isQueued({ slack }: ChaosStage, channel: string, thread: string, position: number) {
  return slack
    .thread(channel, thread)
    .find(({ bot, blocks }) => bot && JSON.stringify(blocks).includes(`Queued at position ${position}`))?.ts;
}
