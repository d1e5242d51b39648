import { describe, expect, it } from 'vitest';
import { passOn } from '../model/stand-in/pass-on.ts';
import { openRoom } from './use-stage.ts';
import { useWork } from './use-work.ts';

const work = useWork(3, {
  brain: (turn) =>
    turn.said.startsWith('put it in the lab') ? passOn(turn, 'lab_deploy', {})[turn.step] : undefined,
});
const limitMs = 600_000;

/** Ports, seconds and the runner's own numbers differ from run to run. */
function steady(story: string): string {
  return (
    story
      .replaceAll(/127\.0\.0\.1:\d+/g, '127.0.0.1:PORT')
      .replaceAll(/\(\d+\.(\d+|N) s\)/g, '(N s)')
      .replaceAll(/\b(N|\d+) s\b/g, 'N s')
      .replaceAll(/\+\d+ −\d+/g, '+N −N')
      .replaceAll(/\S*\/labs\/\S+\/app\//g, 'LAB/')
      // Node's own frames and version.
      .replaceAll(/^ +at .*\(?node:.*\n/gm, '')
      .replaceAll(/^ +Node\.js v.*\n/gm, '')
  );
}

describe('a lab', () => {
  it(
    'LAB-4, TE-2: by sentence to a URL that answers; tests; a start that fails: cause, [Debug], [Retry]; tests that fail; the end',
    async () => {
      const { slack, sees, press, story, settled } = work();
      const room = openRoom(work());
      const anna = slack.as('U_ANNA');
      const ts = await anna.post(room, '@frontdesk start Implement login in domain-apis');
      await press('U_ANNA', room, ts, 'Start');
      await sees(room, ts, 'has finished its turn');
      await settled(room, ts);
      const urls = () => [...JSON.stringify(slack.thread(room, ts)).matchAll(/http:\/\/127\.0\.0\.1:\d+/g)];
      const say = async (text: string, words: string, times = 1) => {
        await anna.post(room, text, { threadTs: ts });
        await sees(room, ts, words, times);
        await settled(room, ts);
      };

      await say('put it in the lab', '✅ Deployment ready');
      await sees(room, ts, '✅ Deployment ready: http');
      const [url = ''] = urls().at(-1) ?? [];
      expect(await (await fetch(`${url}/health`)).text()).toBe('ok');
      await press('U_ANNA', room, ts, 'Run tests');
      await sees(room, ts, '✅ Milestone: All tests passing');
      await settled(room, ts);

      await say('tell it to break the app', 'has finished its turn', 2);
      // Outside of the thread, the only one plugged into this channel is meant.
      await anna.slash('/opencode', 'deploy', room);
      await sees(room, ts, '❌ Deployment failed', 2);
      await settled(room, ts);
      // What ran before runs on.
      expect(await (await fetch(`${url}/health`)).text()).toBe('ok');
      await press('U_BEN', room, ts, 'Debug');
      await sees(room, ts, 'has finished its turn', 3);
      await settled(room, ts);
      await press('U_BEN', room, ts, 'Retry');
      await sees(room, ts, '✅ Deployment ready: http', 2);
      await settled(room, ts);

      await say('tell it to break the tests', 'has finished its turn', 4);
      await say('@frontdesk test unit', '⚠️ Some tests failing');
      await sees(room, ts, '⚠️ Some tests failing (', 1);

      await press('U_ANNA', room, ts, 'Clean up');
      await press('U_ANNA', room, ts, 'Confirm');
      await sees(room, ts, 'is cleaned up');
      await expect(fetch(urls().at(-1)?.[0] ?? '')).rejects.toThrow('fetch failed');
      await expect(steady(await story(room, ts))).toMatchFileSnapshot('golden/lab-story.txt');
    },
    limitMs,
  );
});
