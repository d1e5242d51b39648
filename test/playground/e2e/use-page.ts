import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect } from 'vitest';
import { startBrowser, type TestBrowser } from './browser.ts';
import { type Sample, startSample } from './sample-app.ts';
import { startTryStack, type TryStack } from './try-stack.ts';

/** A browser for one test file; at its end no page may have complained in its console. */
function useBrowser(): () => TestBrowser {
  let browser: TestBrowser | undefined;
  beforeAll(async () => {
    browser = await startBrowser();
  });
  afterAll(async () => {
    const complaints = browser?.complaints ?? [];
    await browser?.[Symbol.asyncDispose]();
    expect(complaints, 'what the console complained of').toEqual([]);
  });
  return () => started(browser);
}

function started<T>(part: T | undefined): T {
  if (part === undefined) throw new Error('it is started in beforeAll');
  return part;
}

/** The page over a Slack with the sample app, for one test file. */
export function useSample(): () => Sample & { readonly browser: TestBrowser } {
  const browser = useBrowser();
  let sample: Sample | undefined;
  beforeAll(async () => {
    sample = await startSample();
  });
  afterAll(async () => await sample?.[Symbol.asyncDispose]());
  return () => ({ ...started(sample), browser: browser() });
}

/** The real `npm run try`, for one test file. */
export function useTry(): () => TryStack & { readonly browser: TestBrowser } {
  const browser = useBrowser();
  let stack: TryStack | undefined;
  beforeAll(async () => {
    stack = await startTryStack();
  });
  afterAll(async () => await stack?.[Symbol.asyncDispose]());
  return () => ({ ...started(stack), browser: browser() });
}

/** What a person does, by what a person sees. */
export interface Hands {
  readonly page: Page;
  /** Types into the message field of the channel, or of the thread that is open, and sends it. */
  readonly say: (words: string) => Promise<void>;
  /** The messages of the thread that is open. */
  readonly thread: Locator;
  /** The messages of the channel. */
  readonly channel: Locator;
  readonly openThread: (words: string) => Promise<void>;
  readonly become: (name: string) => Promise<void>;
  readonly press: (name: string | RegExp, within?: Locator) => Promise<void>;
}

export function handsOn(page: Page): Hands {
  const thread = page.getByRole('region', { name: 'Messages in the thread' });
  const channel = page.getByRole('region', { name: /^Messages (in (?!the thread)|with)/ });
  const press = (name: string | RegExp, within: Locator | Page = page) =>
    within.getByRole('button', { name }).last().click();
  return {
    page,
    thread,
    channel,
    press,
    async say(words) {
      const field = (await thread.count()) > 0 ? 'Reply…' : /^Message /;
      const box = page.getByRole('textbox', { name: field });
      await box.click();
      await box.fill('');
      await page.keyboard.type(words);
      await page.keyboard.press('Enter');
      await expect.poll(() => box.inputValue()).toBe('');
    },
    async openThread(words) {
      const row = channel.getByRole('listitem').filter({ hasText: words }).last();
      await row.getByRole('button', { name: /^Open thread/ }).click();
      await thread.waitFor();
    },
    async become(name) {
      await press(/^You are /);
      await page.getByRole('menuitem', { name: new RegExp(name) }).click();
      await page.getByRole('button', { name: new RegExp(`^You are ${name}`) }).waitFor();
    },
  };
}
