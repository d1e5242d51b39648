import type { Locator, Page } from 'playwright-core';

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
      // Empty again: it was sent.
      await box.and(page.locator(':placeholder-shown')).waitFor();
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
