/** `npm run screenshots`: writes the pictures of the README from the real page, so that they stay true. */
import { mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { type TestBrowser, phone, startBrowser } from './e2e/browser.ts';
import { handsOn } from './e2e/hands.ts';
import { startTryStack } from './e2e/try-stack.ts';

const folder = join(import.meta.dirname, 'screenshots');
const screen = { width: 1120, height: 700 };
/** Pictures are in the repository for good. */
const mostBytes = 150_000;

async function take(page: Page, name: string): Promise<void> {
  const path = join(folder, `${name}.png`);
  // Nothing blinks, nothing is pointed at.
  await page.mouse.move(0, 0);
  await page.screenshot({ path, animations: 'disabled', caret: 'hide' });
  const { size } = await stat(path);
  process.stdout.write(`${name}.png ${Math.round(size / 1_000)} kB\n`);
  if (size > mostBytes) throw new Error(`${name}.png is larger than ${mostBytes} bytes`);
}

/** The front desk, with the stand-in model. */
async function takeProduct(browser: TestBrowser): Promise<void> {
  await using stack = await startTryStack();
  const { page, say, openThread, thread, press } = handsOn(
    await browser.open(`${stack.url}#U_ANNA/C_DEV`, { screen }),
  );
  await say('@frontdesk show me a table');
  await openThread('show me a table');
  await thread.getByText('stand-in/front-desk').waitFor();
  await say('take 40 seconds');
  await thread.getByText(/^(🤔 Agent is thinking|🔧)/).waitFor();
  await take(page, 'thread');
  await say('what did I say?');
  await thread.getByText('Queued at position 1').waitFor();
  await say('upload a file about otters');
  await thread.getByText('Queued at position 2').waitFor();
  await take(page, 'queue');
  const dark = await browser.open(page.url(), { screen: phone, dark: true });
  await handsOn(dark).thread.getByText('Queued at position 2').waitFor();
  await take(dark, 'phone');
  await press('Close thread');
  await press('Builder');
  await press('Tour');
  const journal = page.getByRole('list', { name: 'Journal' });
  await journal.getByRole('button', { name: 'Anna: post' }).first().click();
  await journal.getByRole('button', { name: 'person U_ANNA.post' }).first().scrollIntoViewIfNeeded();
  await take(page, 'builder');
}

/** A coding agent at work: the form that starts one, its question on a phone, and App Home. */
async function takeWork(browser: TestBrowser): Promise<void> {
  await using stack = await startTryStack();
  const { page, say, openThread, thread, press } = handsOn(
    await browser.open(`${stack.url}#U_ANNA/C_DEV`, { screen }),
  );
  await say('/opencode start');
  const form = page.getByRole('dialog');
  await form.getByLabel('Title').fill('Search for orders');
  await form.getByLabel('Project').selectOption('web');
  await take(page, 'modal');
  await form.getByRole('button', { name: 'Cancel' }).click();
  await say('@frontdesk start JWT auth, ask me which database in domain-apis');
  await openThread('start JWT auth');
  await press('Start', thread);
  await thread.getByRole('button', { name: 'SQLite' }).waitFor({ timeout: 60_000 });
  await say('deploy it');
  await thread.getByText('Deployment ready').first().waitFor({ timeout: 60_000 });
  const small = await browser.open(page.url(), { screen: phone });
  await handsOn(small).thread.getByRole('button', { name: 'SQLite' }).scrollIntoViewIfNeeded();
  await take(small, 'question');
  await page.goto(`${stack.url}#U_ANNA/home`);
  await page.getByText('NEEDS YOU').waitFor();
  await take(page, 'home');
}

await mkdir(folder, { recursive: true });
await using browser = await startBrowser();
await takeWork(browser);
await takeProduct(browser);
