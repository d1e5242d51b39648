/** `npm run screenshots`: writes the pictures of the README from the real page, so that they stay true. */
import { mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { type TestBrowser, phone, startBrowser } from './e2e/browser.ts';
import { handsOn } from './e2e/hands.ts';
import { startSample } from './e2e/sample-app.ts';
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

/** The product itself, with the stand-in model. */
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

/** What the product does not have yet, from the sample app, which says so in the picture. */
async function takeSample(browser: TestBrowser): Promise<void> {
  await using sample = await startSample();
  const { page, say } = handsOn(await browser.open(`${sample.url}#U_ANNA/C_DEV`, { screen }));
  await say('/opencode start');
  const modal = page.getByRole('dialog');
  await modal.getByLabel('Category').selectOption('ai-dev');
  await modal.getByLabel('Title').fill('Login');
  await modal.getByLabel('shop').check();
  await modal.getByRole('button', { name: 'Start' }).click();
  await modal.getByText('Two words at least').waitFor();
  await take(page, 'modal');
  await modal.getByRole('button', { name: 'Cancel' }).click();
  await page.goto(`${sample.url}#U_ANNA/home`);
  await page.getByRole('heading', { name: 'Workspaces' }).waitFor();
  await take(page, 'home');
}

await mkdir(folder, { recursive: true });
await using browser = await startBrowser();
await takeSample(browser);
await takeProduct(browser);
