import { describe, expect, it } from 'vitest';
import { phone } from './browser.ts';
import { handsOn } from './hands.ts';
import { useSample } from './use-page.ts';

const sample = useSample();
const open = async (hash = '#U_ANNA/C_DEV', options = {}) =>
  handsOn(await sample().browser.open(`${sample().url}${hash}`, options));

describe('views and choices, by hand', () => {
  it('IN-9: a modal: a refusal appears at its field, what was typed survives it, and it is sent', async () => {
    const { page, say, channel } = await open();
    await say('/opencode start');
    const modal = page.getByRole('dialog', { name: 'Start a session' });
    await modal.getByLabel('Category').selectOption('web');
    await modal.getByLabel('Title').fill('Login');
    await modal.getByLabel('Description').fill('As in the sketch,\nwith a code by mail.');
    await modal.getByLabel('shop').check();
    await modal.getByLabel('High').check();
    await modal.getByRole('button', { name: 'Start' }).click();
    await modal.getByText('Two words at least, please.').waitFor();

    expect(await modal.getByLabel('Title').getAttribute('aria-invalid')).toBe('true');
    expect(await modal.getByLabel('Title').inputValue()).toBe('Login');
    expect(await modal.getByLabel('Description').inputValue()).toContain('with a code by mail.');
    expect(await modal.getByLabel('Category').inputValue()).toBe('web');
    expect([await modal.getByLabel('shop').isChecked(), await modal.getByLabel('High').isChecked()]).toEqual([
      true,
      true,
    ]);
    await modal.getByLabel('Title').press('End');
    await page.keyboard.type(' page');
    await page.keyboard.press('Enter');
    await channel.getByText('Starting session… “Login page”').waitFor();
    expect(await modal.count()).toBe(0);
    expect(sample().slack.as('U_ANNA').modal()).toBeUndefined();
    await page.close();
  });

  it('IN-9: Cancel leaves nothing behind, with the mouse and with Esc', async () => {
    const { page, say } = await open('#U_BEN/C_GENERAL');
    const modal = page.getByRole('dialog', { name: 'Start a session' });
    for (const leave of [
      () => modal.getByRole('button', { name: 'Cancel' }).click(),
      () => page.keyboard.press('Escape'),
    ]) {
      await say('/opencode start');
      await modal.waitFor();
      await leave();
      await modal.waitFor({ state: 'detached' });
      expect(sample().slack.as('U_BEN').modal()).toBeUndefined();
    }
    await page.close();
  });

  it('IN-10: App Home: buttons, a confirm dialog that can be declined, an overflow menu', async () => {
    const { page } = await open('#U_ANNA/home');
    const home = page.getByRole('region', { name: 'App Home' });
    await home.getByRole('heading', { name: 'Workspaces' }).waitFor();
    await home.getByRole('button', { name: 'Pause' }).first().click();
    await home.getByText('⏸️ paused').waitFor();
    const calls = () => sample().slack.journal.filter(({ name }) => name === 'U_ANNA.click-view').length;
    const before = calls();
    await home.getByRole('button', { name: 'Clean up' }).first().click();
    const confirm = page.getByRole('dialog', { name: 'Clean up ai-dev/shop?' });
    await confirm.getByRole('button', { name: 'Keep' }).click();
    await confirm.waitFor({ state: 'detached' });
    expect(calls()).toBe(before);
    await home.getByRole('button', { name: 'Clean up' }).first().click();
    await confirm.getByRole('button', { name: 'Clean up' }).click();
    await home.getByRole('button', { name: 'More actions' }).first().click();
    await page.getByRole('menuitem', { name: 'Diff' }).click();
    await page.getByRole('navigation', { name: 'Channels' }).getByRole('button', { name: /dev/ }).click();
    await page.getByText('anna chose clean ai-dev/shop').waitFor();
    await page.getByText('anna chose diff').waitFor();
    await page.close();
  });

  it('IN-6: a message with a select, an overflow menu and a confirm dialog', async () => {
    const { page, say, openThread, thread } = await open();
    await say('@frontdesk what now?');
    await openThread('what now?');
    await thread.getByText('Which agent should do it?').waitFor();
    await thread.getByRole('combobox').selectOption('builder');
    await thread.getByText('anna chose builder').waitFor();
    await thread.getByRole('button', { name: 'More actions' }).first().click();
    await page.getByRole('menuitem', { name: 'Explain' }).click();
    await thread.getByText('anna chose explain').waitFor();
    await thread.getByRole('button', { name: 'Delete all' }).click();
    await page.getByRole('dialog', { name: 'Really?' }).getByRole('button', { name: 'Delete' }).click();
    await thread.getByText('anna chose clean message').waitFor();
    expect(await thread.getByText('anna chose').count()).toBe(3);
    await page.close();
  });

  it('two tabs, two people: each sees the other at once, and what is unread', async () => {
    const anna = await open('#U_ANNA/C_GENERAL');
    const ben = await open('#U_BEN/C_GENERAL');
    await anna.say('lunch at *noon*?');
    await ben.channel.getByText('noon').waitFor();
    await ben.say('yes');
    await anna.channel.getByText('yes').waitFor();
    const row = anna.channel.getByRole('listitem').filter({ hasText: 'lunch at' });
    const { ts } = sample()
      .slack.messages('C_GENERAL')
      .find(({ text }) => text.includes('lunch'))!;
    await sample().slack.as('U_BEN').react('C_GENERAL', ts, 'tada');
    await row.getByText('🎉').waitFor();
    await sample().slack.as('U_ANNA').edit('C_GENERAL', ts, 'lunch at one?');
    await ben.channel.getByText('(edited)').waitFor();
    const dev = anna.page.getByRole('navigation', { name: 'Channels' }).getByRole('button', { name: /dev/ });
    await sample().slack.as('U_BEN').post('C_DEV', 'over here, <@U_ANNA>');
    await expect.poll(() => dev.locator('.badge').getAttribute('aria-label')).toMatch(/\d+ unread/);
    await anna.page.close();
    await ben.page.close();
  });

  it('OUT-2: a table, a list, code and a stranger’s markup are drawn as Slack would', async () => {
    const { page, channel } = await open();
    const { slack } = sample();
    const text =
      '| a | b |\n|---|---|\n| 1 | 2 |\n\n- one\n\n```\nx < 1\n```\n\n<img src=x onerror=alert(1)>';
    const { WebClient } = await import('@slack/web-api');
    const web = new WebClient(slack.botToken, { slackApiUrl: slack.apiUrl });
    await web.chat.postMessage({ channel: 'C_DEV', text: 'a table', blocks: [{ type: 'markdown', text }] });
    await web.chat.postMessage({
      channel: 'C_DEV',
      text: 'unknown',
      attachments: [{ fallback: 'an attachment', text: 'old but shown' }],
    });
    await channel.getByRole('table').last().waitFor();
    await channel.getByText('x < 1').waitFor();
    expect(await channel.locator('img[src="x"]').count()).toBe(0);
    await page.close();
  });

  it('phone width: channel, thread, back, and nothing wider than the screen', async () => {
    const { page, say, openThread, thread } = await open('#U_ANNA/C_DEV', { screen: phone });
    await say('@frontdesk from my phone');
    await openThread('from my phone');
    await thread.getByText('Which agent should do it?').waitFor();
    const width = () => page.evaluate('document.documentElement.scrollWidth');
    expect(await width()).toBeLessThanOrEqual(phone.width);
    const composer = await page.getByRole('textbox', { name: 'Reply…' }).boundingBox();
    expect(composer?.width).toBeGreaterThan(phone.width * 0.6);
    await page.getByRole('button', { name: 'Close thread' }).click();
    await page.getByRole('textbox', { name: 'Message #dev' }).waitFor();
    for (const panel of ['Tour', 'Builder']) {
      await page.getByRole('button', { name: panel }).click();
      expect([panel, await width()]).toEqual([panel, phone.width]);
      await page.getByRole('button', { name: /^Close the/ }).click();
    }
    await page.close();
  });
});
