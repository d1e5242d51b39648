import { describe, expect, it } from 'vitest';
import { anna, createWorkWorld, thread } from '../../test/support/work-world.ts';
import type { Work } from './contract.ts';
import { createWorkMentions } from './surfaces.ts';

describe('verbs said to the bot', () => {
  it('IN-6, IN-8: those of one thread run as they were written; `stop` and other threads wait for nothing', async () => {
    const world = createWorkWorld();
    const { work, ports } = world.live();
    const paused = Promise.withResolvers<void>();
    const log: string[] = [];
    const slow: Work = {
      ...work,
      async run(by, command) {
        log.push(`${command.verb} in ${by.ref.thread}`);
        if (command.verb === 'pause') await paused.promise;
        log.push(`${command.verb} done`);
        return { text: '', shown: true };
      },
    };
    const { workspaces, chat } = ports;
    const mentions = createWorkMentions({ work: () => slow, workspaces, chat });
    const say = (ref: string, text: string, messageId: string) =>
      mentions.run({ ref: thread(ref), messageId, author: anna, text });

    const pause = say('1.0', 'pause', '1.1');
    const deploy = say('1.0', 'deploy', '1.2');
    await Promise.all([say('1.0', 'stop', '1.3'), say('2.0', 'list', '2.1')]);
    expect(log.toSorted()).toEqual(['list done', 'list in 2.0', 'pause in 1.0', 'stop done', 'stop in 1.0']);
    paused.resolve();
    await Promise.all([pause, deploy]);
    expect(log.slice(5)).toEqual(['pause done', 'deploy in 1.0', 'deploy done']);
  });
});
