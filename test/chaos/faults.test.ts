import { describe, expect, it } from 'vitest';
import { type ChaosStage, openChaosStage } from './stage.ts';
import type { Kind } from './talk.ts';

/** Methods whose effect may have happened when the answer is lost. */
const lost = [
  'chat.postMessage',
  'chat.update',
  'chat.delete',
  'chat.startStream',
  'chat.appendStream',
  'chat.stopStream',
  'reactions.remove',
  'agents.sessions.setStatus',
  'files.getUploadURLExternal',
  'files.completeUploadExternal',
  'upload',
] as const;

async function sayAll({ ledger }: ChaosStage, kinds: readonly Kind[], from: number): Promise<void> {
  for (const [index, kind] of kinds.entries())
    await ledger.say(kind, { channel: `C_${String(from + index).padStart(2, '0')}` });
  const { ts } = await ledger.dm('text');
  await ledger.dm('text', { thread: ts });
}

describe('OUT-1, IN-5: the network fails, nobody dies', () => {
  it('answers are lost after the effect, connections are cut, Slack is away, the clock is set: everything is said once', async () => {
    await using stage = await openChaosStage();
    const { slack } = stage;
    await stage.begin();

    for (const method of lost) slack.faults.add({ method, kind: 'reset-after', times: 1 });
    await sayAll(stage, ['reply', 'long', 'file', 'two', 'silent'], 0);
    await stage.quiet();
    slack.faults.clear();

    stage.setClock(-3_600_000);
    slack.faults.add({ method: '*', kind: 'status', status: 503, forMs: 2_500 });
    await sayAll(stage, ['reword', 'file', 'text'], 5);
    await stage.quiet();

    stage.setClock(3_600_000);
    for (const method of ['chat.postMessage', 'chat.update', 'chat.appendStream'])
      slack.faults.add({ method, kind: 'ratelimited', retryAfter: 1, times: 3 });
    await sayAll(stage, ['two', 'long'], 8);
    await stage.quiet();
    slack.faults.clear();

    stage.setClock(0);
    slack.sockets.refuse(true, 1_500);
    slack.sockets.dropAll();
    await sayAll(stage, ['reply', 'reword'], 10);
    await stage.quiet();
    expect(stage.life.alive).toBe(true);
    await stage.life.stop();
    await stage.settled(0);
  });
});
