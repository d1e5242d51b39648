import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createHastyClock, startDesk } from '../../test/support/desk.ts';

const fault = fc.record({
  method: fc.constantFrom(
    'chat.postMessage',
    'chat.postMessage',
    'chat.update',
    'conversations.replies',
    'chat.delete',
  ),
  kind: fc.constantFrom('ratelimited', 'status', 'html', 'reset', 'reset-after', 'slow'),
  delayMs: fc.constant(20),
} as const);

const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constant('say'), thread: fc.nat(2), again: fc.boolean() } as const),
  },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('change'), thread: fc.nat(2), pick: fc.nat(99) } as const),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('withdraw'), thread: fc.nat(2), pick: fc.nat(99) } as const),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('break'), fault } as const) },
  { weight: 1, arbitrary: fc.constant({ do: 'restart' } as const) },
);

describe('the way out under fire', () => {
  it('OUT-1: whatever Slack and the process do, each message is there once, in order, as last changed', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 30 }), async (steps) => {
        await using desk = await startDesk({ clock: createHastyClock() });
        let life = await desk.live();
        const refs = [await desk.openThread(), await desk.openThread(), await desk.openThread('C0OPS')];
        const meant = refs.map(() => new Map<string, string>());
        let count = 0;
        let faults = 0;
        for (const step of steps) {
          if (step.do === 'break') {
            // A sixth could hit one message six times in a row, which makes it a dead letter.
            if (faults < 5) desk.slack.faults.add(step.fault);
            faults += 1;
            continue;
          }
          if (step.do === 'restart') {
            await life.crash();
            life = await desk.live();
            continue;
          }
          const ref = refs[step.thread];
          const wanted = meant[step.thread];
          if (ref === undefined || wanted === undefined) continue;
          if (step.do === 'say') {
            count += 1;
            const [id, markdown] = [`m${count}`, `text ${count}`];
            wanted.set(id, markdown);
            await life.chat.say(ref, id, { kind: 'text', markdown });
            if (step.again) await life.chat.say(ref, id, { kind: 'text', markdown });
            continue;
          }
          const id = [...wanted.keys()][step.pick % Math.max(1, wanted.size)];
          if (id === undefined) continue;
          if (step.do === 'withdraw') {
            wanted.delete(id);
            await life.chat.withdraw(ref, id);
          } else {
            count += 1;
            wanted.set(id, `changed ${count}`);
            await life.chat.change(ref, id, { kind: 'text', markdown: `changed ${count}` });
          }
        }
        await desk.quiet(life.chat);
        expect(refs.map((ref) => desk.said(ref))).toEqual(meant.map((wanted) => [...wanted.values()]));
        expect(desk.counted).not.toContain('dead_letters_total');
        await life.crash();
      }),
      { numRuns: 25 },
    );
  }, 600_000);
});
