import { beforeAll, describe, expect, it } from 'vitest';
import { type Hands, handsOn } from './hands.ts';
import { useSample } from './use-page.ts';

const sample = useSample();
let hands: Hands;

beforeAll(async () => {
  hands = handsOn(await sample().browser.open(`${sample().url}#U_ANNA/C_DEV`));
  await hands.press('Builder');
});

const drawer = () => hands.page.getByRole('region', { name: 'For builders' });
const journal = () => drawer().getByRole('list', { name: 'Journal' });
/** Lines of the journal, newest last. */
const lines = () => journal().locator('.pg-cause > .pg-line');

describe('the drawer for builders', () => {
  it('shows a message with its ack and its calls, and each entry as JSON', async () => {
    await hands.say('@frontdesk hello');
    const line = lines().filter({ hasText: 'Anna: post' }).last();
    await expect.poll(() => line.textContent()).toMatch(/ack [\d.]+ ms · 1 call$/);
    await line.click();
    const entries = journal().locator('.pg-cause ol .pg-line');
    const kinds = (await entries.allTextContents()).map(
      (text) => /(person|event|envelope|ack|call) /.exec(text)?.[1],
    );
    expect(kinds.slice(0, 3)).toEqual(['person', 'event', 'envelope']);
    await entries.filter({ hasText: 'chat.postMessage' }).click();
    const json = journal().getByRole('region', { name: 'JSON of chat.postMessage' });
    await expect.poll(() => json.textContent()).toContain('"text": "Which agent should do it?"');
    expect(await json.textContent()).not.toContain('xoxb-');
  });

  it('filters, and pauses without losing anything', async () => {
    await drawer().getByRole('searchbox', { name: 'Filter' }).fill('views.open');
    await expect.poll(() => lines().count()).toBe(0);
    await drawer().getByRole('searchbox', { name: 'Filter' }).fill('');
    await expect.poll(() => lines().count()).toBeGreaterThan(0);
    await hands.press('Pause', drawer());
    const before = await lines().count();
    await hands.say('while nobody looks');
    const goOn = drawer().getByRole('button', { name: /^Go on \(\d+ new\)/ });
    await expect.poll(() => goOn.textContent()).not.toContain('(0 new)');
    expect(await lines().count()).toBe(before);
    await goOn.click();
    await expect.poll(() => lines().count()).toBeGreaterThan(before);
  });

  it('OUT-1: orders a 429 for one method and channel, which strikes once and shows', async () => {
    await hands.press(/^Faults/, drawer());
    await drawer().getByLabel('What happens').selectOption({ label: '429: too fast, come back in 3 s' });
    await drawer().getByLabel('to calls of').selectOption('chat.postMessage');
    await drawer().getByRole('combobox', { name: 'in', exact: true }).selectOption({ label: '#dev' });
    await hands.press('Arm', drawer());
    await drawer().getByText('Armed: ratelimited for chat.postMessage in C_DEV').waitFor();
    await hands.say('@frontdesk once more');
    await expect.poll(() => journal().locator('.pg-cause.pg-failed').count()).toBeGreaterThan(0);
    await drawer().getByText('No fault is armed.').waitFor();
    await drawer().getByLabel('only slow or failed').check();
    await expect
      .poll(async () => (await lines().allTextContents()).join())
      .toContain('fault chat.postMessage');
    await drawer().getByLabel('only slow or failed').uncheck();
  });

  it('IN-5: drops and refuses the sockets, and lets them come back', async () => {
    const { slack } = sample();
    await hands.press('Refuse sockets', drawer());
    await hands.press('Drop sockets', drawer());
    await expect.poll(() => slack.sockets.count).toBe(0);
    await drawer().getByText('0 connection(s) open').waitFor();
    expect(slack.sockets.refusing).toBe(true);
    await hands.press('Clear all', drawer());
    await expect.poll(() => slack.sockets.refusing).toBe(false);
    await slack.until(() => slack.sockets.count > 0, 'the app to come back');
    await hands.press('Close the drawer', drawer());
    await drawer().waitFor({ state: 'detached' });
  });
});
