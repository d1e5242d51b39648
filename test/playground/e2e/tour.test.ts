import type { Page } from 'playwright-core';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Hands, handsOn } from './hands.ts';
import { useTry } from './use-page.ts';

const stack = useTry();
let hands: Hands;
let page: Page;

beforeAll(async () => {
  page = await stack().browser.open(stack().url);
  hands = handsOn(page);
  await hands.press('Take the tour');
});

/** What there was to see, when a step was not seen. */
beforeEach(({ onTestFailed }) => {
  onTestFailed(async () => {
    const transcript = await fetch(`${stack().url}control/transcript?channel=C_GENERAL`);
    const shown = [await tour().innerText(), await transcript.text(), stack().printed()];
    process.stderr.write(`${shown.join('\n---\n')}\n`);
  });
});

const tour = () => page.getByRole('region', { name: 'Guided tour' });
const check = (words: string) => tour().getByRole('listitem').filter({ hasText: words });
/** The tour has seen it by itself. */
const seen = (words: string) =>
  expect.poll(() => check(words).getAttribute('data-seen'), { message: words }).toBe('true');
const suggest = async (words: string) => {
  await hands.press(`💬 ${words}`, tour());
  // It is in the message field, which has the focus: Enter is all that is left to do.
  await expect.poll(() => page.locator('textarea:focus').inputValue()).toContain(words);
  await page.keyboard.press('Enter');
};
const next = async (title: string) => {
  await hands.press(/^(Next|Finish)$/, tour());
  await tour().getByRole('heading', { name: title }).waitFor();
};
const said = (words: string | RegExp) => hands.thread.getByText(words).last();

describe('the guided tour, as a newcomer walks it', () => {
  it('OP-3: 1 talk: a mention by a click and Enter, an answer in a thread', async () => {
    await tour().getByRole('heading', { name: '1 of 8: Talk' }).waitFor();
    const words = page.getByRole('region', { name: 'Begin here' }).getByRole('button');
    expect(await words.allInnerTexts()).toEqual([
      '@frontdesk hello',
      '@frontdesk start JWT auth, ask me which database in domain-apis',
      expect.stringContaining('Take the tour'),
    ]);
    await suggest('hello');
    await seen('You mention it');
    await hands.openThread('hello');
    await said('I am the stand-in model').waitFor();
    await seen('It answers in a thread');
    await next('2 of 8: Work');
    expect(await hands.thread.getByRole('listitem').filter({ hasText: 'stand-in model' }).count()).toBe(1);
  });

  it('SE-3, AS-1: 2 work: a coding agent by a card, its question answered by a tap', async () => {
    await suggest('start JWT auth, ask me which database in domain-apis');
    await hands.openThread('start JWT auth');
    await seen('A card proposes an agent');
    await hands.press('Start', hands.thread);
    await seen('It asks');
    await hands.press('SQLite', hands.thread);
    await seen('You answer, and it goes on with that');
    await said('Told: Database: SQLite.').waitFor();
    expect(await hands.thread.getByRole('button', { name: 'SQLite' }).count()).toBe(0);
    await next('3 of 8: Deploy');
  });

  it('LAB-9, TE-2: 3 deploy: an address of its own, and tests against it', async () => {
    await suggest('deploy it');
    await seen('It is deployed, and answers');
    await suggest('run the tests');
    await seen('Its tests pass');
    expect(await hands.thread.getByText('Acceptance Tests: 1/1 passing').count()).toBe(1);
    await next('4 of 8: Queue');
    await hands.openThread('hello');
  });

  it('IN-6: 4 queue: a second message waits its turn, and is removed', async () => {
    await suggest('take 20 seconds');
    await seen('It works');
    await suggest('what did I say?');
    await said('Queued at position 1').waitFor();
    await seen('Another message waits');
    await hands.press('Remove', hands.thread);
    await said('Removed from the queue by Anna').waitFor();
    await seen('It is removed, or sent now');
    await next('5 of 8: Stop');
    expect(await hands.thread.getByText('Queued at position').count()).toBe(0);
  });

  it('IN-7: 5 stop: the native Stop ends what is under way', async () => {
    await seen('It works');
    await page
      .getByRole('complementary', { name: 'Thread' })
      .locator('.status-line')
      .getByRole('button')
      .click();
    await said('Stopped by Anna').waitFor();
    await seen('It stops');
    await next('6 of 8: Stranger');
    expect(await hands.thread.getByText('That took 20 seconds').count()).toBe(0);
  });

  it('IN-2: 6 stranger: silence, proven by the journal', async () => {
    await hands.become('Stranger');
    await seen('You are somebody it does not serve');
    await suggest('let me in, please');
    await hands.channel.getByText('let me in, please').waitFor();
    await seen('You write');
    await seen('not one API call');
    expect(await hands.channel.getByRole('listitem').filter({ hasText: 'let me in' }).count()).toBe(1);
    await next('7 of 8: Kill the service');
  });

  it('OP-4: 7 restart: kill -9 in the middle of the work; the answer comes once', async () => {
    await hands.become('Anna');
    await hands.openThread('hello');
    await hands.say('take 4 seconds');
    await seen('It works');
    await hands.press('kill -9 the service', tour());
    const banner = page.getByRole('status', { name: 'The service' });
    await banner.getByText(/frontdesk is (starting|stopping|not running)/).waitFor();
    await seen('The service was killed and is back');
    await expect.poll(() => banner.innerText()).toBe('');
    await seen('The answer comes, once');
    expect(await hands.thread.getByText('That took 4 seconds.').count()).toBe(1);
    await next('8 of 8: Kill OpenCode');
  });

  it('AG-1: 8 OpenCode: killed in the middle of the work; the turn goes on', async () => {
    await hands.say('take 3 seconds');
    await seen('It works');
    await hands.press('kill -9 OpenCode', tour());
    await seen('OpenCode was killed and is back');
    await seen('The answer comes, once');
    expect(await hands.thread.getByText('That took 3 seconds.').count()).toBe(1);
    await next('You have seen it all');
  });

  it('OP-3: the tour goes on after a reload, and starts over', async () => {
    await page.reload();
    await hands.press('Tour');
    await tour().getByRole('heading', { name: 'You have seen it all' }).waitFor();
    await hands.press('Start over', tour());
    await tour().getByRole('heading', { name: '1 of 8: Talk' }).waitFor();
    expect(await tour().locator('[data-seen=true]').count()).toBe(0);
    await hands.press('Skip this step', tour());
    await tour().getByRole('heading', { name: '2 of 8: Work' }).waitFor();
  });

  it('OP-3: Ctrl-C ends everything', async () => {
    await page.close();
    expect(await stack().end()).toBe(0);
    expect(stack().printed()).toMatch(/kill -9 \d+: the service is gone[\s\S]*The service serves/);
    expect(stack().printed()).toMatch(/nothing is left running\.$/);
  });
});
