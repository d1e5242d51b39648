import { describe, expect, it } from 'vitest';
import { isWorker } from '../model/stand-in/worker.ts';
import type { Brain } from '../model/step.ts';
import { openRoom } from './use-stage.ts';
import { useWork } from './use-work.ts';

const style = {
  header: 'Style',
  question: 'Which style should the API have?',
  options: [
    { label: 'REST (Recommended)', description: 'as the others' },
    { label: 'gRPC', description: 'faster' },
  ],
};

const brain: Brain = (turn) => {
  if (!isWorker(turn)) return undefined;
  const last = turn.toolResults.at(-1);
  if (/API style/.test(turn.said))
    return last === undefined
      ? { tools: [{ name: 'question', args: { questions: [style] } }] }
      : { text: `Heard: ${last}` };
  return undefined;
};

const work = useWork(5, { brain });
const limitMs = 240_000;

describe('asks', () => {
  it(
    'AS-1, AS-2: by tap',
    async () => {
      const { slack, sees, press, story } = work();
      const room = openRoom(work());
      const ts = await slack.as('U_ANNA').post(room, '@frontdesk start API style in domain-apis');
      await press('U_ANNA', room, ts, 'Start');
      await sees(room, ts, 'Which style should');
      console.log(await story(room, ts));
      await press('U_BEN', room, ts, 'gRPC');
      await sees(room, ts, 'Heard');
      console.log(await story(room, ts));
      expect(1).toBe(1);
    },
    limitMs,
  );
});
