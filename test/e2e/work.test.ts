import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { StoredMessage } from '../slack/store/model.ts';
import { openRoom, textOf } from './use-stage.ts';
import { useWork } from './use-work.ts';

/** In order, as one day of a team: the last test finds the places taken by the sessions of those before it. */
const places = 3;
const work = useWork(places);
const limitMs = 600_000;

function commits(folder: string): string[] {
  return execFileSync('git', ['log', '--format=%s'], { cwd: folder, encoding: 'utf8' }).trim().split('\n');
}

describe('a work session', () => {
  it(
    'SE-1, SE-3, WS-5: by a sentence: card, agent changed, work, diff, more words, promote and cleanup by click',
    async () => {
      const { slack, sees, press, story, settled, remote, root } = work();
      const room = openRoom(work());
      const [anna, stranger] = [slack.as('U_ANNA'), slack.as('U_STRANGER')];
      const ts = await anna.post(room, '@frontdesk start JWT auth in domain-apis');
      const { ts: card } = await sees(room, ts, 'Change agent');
      await settled(room, ts);
      await stranger.click(room, card, 'Start');
      await stranger.click(room, card, 'Change agent');
      await expect(await story(room, ts)).toMatchFileSnapshot('golden/work-proposed.txt');
      await press('U_ANNA', room, ts, 'Change agent');
      await sees(room, ts, 'Which agent?');
      await expect(await story(room, ts)).toMatchFileSnapshot('golden/work-change-agent.txt');
      await press('U_ANNA', room, ts, 'builder – codes');
      await press('U_ANNA', room, ts, 'Start');
      await sees(room, ts, 'has finished its turn');
      await sees(room, ts, 'idle · JWT auth');
      await stranger.click(room, card, 'Stop');
      await stranger.click(room, card, 'Clean up');

      const say = async (text: string, words: string) => {
        await anna.post(room, text, { threadTs: ts });
        await sees(room, ts, words);
        await settled(room, ts);
      };
      await say('@frontdesk status', 'Last words');
      await say('@frontdesk diff', '**domain-apis** ⋅ 1 file');
      await anna.post(room, 'tell it to add refresh tokens', { threadTs: ts });
      await sees(room, ts, 'Passed on to the builder');
      await sees(room, ts, 'has finished its turn', 2);
      await sees(room, ts, 'idle · JWT auth');

      await say('promote it', 'Promote ai-dev-domain-apis-jwt-auth?');
      const { ts: ask } = await sees(room, ts, 'Confirm');
      await stranger.click(room, ask, 'Confirm');
      // What will be done, and the click for it, in one message.
      expect(await story(room, ts)).toMatch(
        /❓ Promote ai-dev-domain-apis-jwt-auth\?\n {4}- domain-apis: push 2 commits on .*\n\n {4}A pull request .*\n {4}\[Confirm\] \[Cancel\]/,
      );
      expect(remote('domain-apis')).toBe('First version (HEAD -> main)\n');
      await press('U_ANNA', room, ts, 'Confirm');
      await sees(room, ts, 'Promoted');
      expect(remote('domain-apis').split('\n')).toEqual([
        'add refresh tokens (frontdesk/ai-dev-domain-apis-jwt-auth)',
        'JWT auth ()',
        'First version (HEAD -> main)',
        '',
      ]);

      await settled(room, ts);
      await say('@frontdesk cleanup', 'Clean up ai-dev-domain-apis-jwt-auth?');
      const folder = join(root, '.builders', 'ai-dev-domain-apis-jwt-auth');
      expect(existsSync(folder)).toBe(true);
      await press('U_BEN', room, ts, 'Confirm');
      await sees(room, ts, 'is cleaned up');
      expect(existsSync(folder)).toBe(false);
      await expect(await story(room, ts)).toMatchFileSnapshot('golden/work-by-sentence.txt');
    },
    limitMs,
  );

  it(
    'SE-6, WS-4: paused, found again in its thread by the next process, resumed with progress on, then moved',
    async () => {
      const { slack, sees, press, story, settled, restart, root } = work();
      const room = openRoom(work());
      const anna = slack.as('U_ANNA');
      const ts = await anna.post(room, '@frontdesk start slow search in web');
      await press('U_ANNA', room, ts, 'Start');
      const folder = join(root, '.builders', 'ai-dev-web-slow-search', 'repos', 'web');
      await slack.until(() => existsSync(join(folder, 'src/slow-search.js')), 'something begun');
      await press('U_ANNA', room, ts, 'Pause');
      await sees(room, ts, 'paused · slow search');
      await settled(room, ts);
      expect(commits(folder)).toEqual(['First version']);
      await restart();
      await anna.post(room, '@frontdesk events on', { threadTs: ts });
      await sees(room, ts, 'are on');
      await settled(room, ts);
      await anna.post(room, '@frontdesk resume', { threadTs: ts });
      await sees(room, ts, 'has finished its turn');
      await sees(room, ts, 'idle · slow search');
      expect(commits(folder)).toEqual(['slow search: what was begun', 'First version']);
      const elsewhere = await slack.as('U_BEN').post(room, '@frontdesk move search here');
      await sees(room, elsewhere, 'idle · slow search');
      await sees(room, ts, 'was moved to');
      await expect(await story(room, ts)).toMatchFileSnapshot('golden/work-paused-moved.txt');
      await expect(await story(room, elsewhere)).toMatchFileSnapshot('golden/work-moved-here.txt');
    },
    limitMs,
  );

  it(
    'IN-9: by the form: a wrong field keeps what was typed; then a thread in the project’s channel',
    async () => {
      const { slack, sees, story } = work();
      slack.addChannel({ id: 'C_APIS', name: 'ai-dev-domain-apis' });
      const anna = slack.as('U_ANNA');
      await anna.slash('/opencode', 'start', 'C_DEV');
      const form = await slack.until(() => anna.modal(), 'the form');
      const typed = { category: 'ai-dev', project: 'domain-apis', title: 'Implement login API' };
      const wrong = await anna.submit(form.id, { ...typed, repositories: ['web'] });
      expect(wrong.errors).toEqual({ repositories: 'ai-dev/domain-apis has domain-apis, not web.' });
      expect(JSON.stringify(anna.modal()?.values)).toContain('Implement login API');
      const right = await anna.submit(form.id, { repositories: ['domain-apis'] });
      expect(right.errors).toBeUndefined();
      expect(anna.modal()).toBeUndefined();
      const root = await slack.until(() => slack.messages('C_APIS')[0], 'the thread');
      await sees('C_APIS', root.ts, 'has finished its turn');
      await sees('C_APIS', root.ts, 'idle · Implement login API');
      await expect(await story('C_APIS', root.ts)).toMatchFileSnapshot('golden/work-by-form.txt');
    },
    limitMs,
  );

  it(
    'IN-9, IN-8, SE-5: by the shortcut on a message, into the DM where no channel is; a verb that could mean several; no place left',
    async () => {
      const { slack, sees, story, settled } = work();
      const room = openRoom(work());
      const anna = slack.as('U_ANNA');
      const wish = await anna.post(room, 'Implement a dark theme for the start page');
      await anna.shortcut('opencode_thread', room, wish);
      const form = await slack.until(() => anna.modal(), 'the form');
      const { errors } = await anna.submit(form.id, { category: 'ai-dev', project: 'web' });
      expect(errors).toBeUndefined();
      const root = await slack.until(() => slack.messages('D_ANNA')[0], 'the thread');
      await sees('D_ANNA', root.ts, 'has finished its turn');
      await sees('D_ANNA', root.ts, 'idle · Implement a dark theme');
      await expect(await story('D_ANNA', root.ts)).toMatchFileSnapshot('golden/work-by-shortcut.txt');

      // Outside of a thread, several could be meant: it asks which.
      await anna.slash('/opencode', 'events on', 'C_DEV');
      const which = await slack.until(() => anna.modal(), 'which is meant');
      const [choice = ''] = /events on [a-z-]*dark[a-z-]*/.exec(JSON.stringify(which.body)) ?? [];
      expect((await anna.submit(which.id, { command: choice })).errors).toBeUndefined();
      const isAnswer = (message: StoredMessage) =>
        message.ephemeralTo === 'U_ANNA' && textOf(message).includes('are on');
      await slack.until(() => slack.messages('C_DEV').find(isAnswer), 'the answer');

      const ts = await anna.post(room, '@frontdesk start one too many in web');
      await sees(room, ts, `Maximum concurrent sessions reached (${places})`);
      await settled(room, ts);
      expect(slack.thread(room, ts).some(({ blocks }) => JSON.stringify(blocks).includes('Start'))).toBe(
        false,
      );
      await expect(await story(room, ts)).toMatchFileSnapshot('golden/work-no-place.txt');
    },
    limitMs,
  );
});
