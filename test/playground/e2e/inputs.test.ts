/** Every input a modal can have, filled in as a person would; and what an app does to an open modal meanwhile. */
import type { App } from '@slack/bolt';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startSlackServer } from '../../slack/server.ts';
import { startBoltApp } from '../../slack/testing/bolt.ts';
import type { SlackServer } from '../../slack/types.ts';
import { buildPlayground } from '../build.ts';
import { startBrowser, type TestBrowser } from './browser.ts';

type Element = { readonly type: string; readonly [more: string]: unknown };

const plain = (text: string) => ({ type: 'plain_text' as const, text });
const options = ['One', 'Two', 'Three'].map((name) => ({ text: plain(name), value: name.toLowerCase() }));

const elements: Readonly<Record<string, Element>> = {
  Text: { type: 'plain_text_input', max_length: 10 },
  Lines: { type: 'plain_text_input', multiline: true, initial_value: 'first' },
  Mail: { type: 'email_text_input' },
  Address: { type: 'url_text_input' },
  Number: { type: 'number_input', is_decimal_allowed: false },
  Select: { type: 'static_select', option_groups: [{ label: plain('Group'), options }] },
  Several: { type: 'multi_static_select', options, initial_options: [options[2]] },
  Radio: { type: 'radio_buttons', options },
  Boxes: { type: 'checkboxes', options },
  Day: { type: 'datepicker', initial_date: '2026-01-02' },
  Time: { type: 'timepicker' },
  Moment: { type: 'datetimepicker' },
  Person: { type: 'users_select' },
  People: { type: 'multi_users_select' },
  Channel: { type: 'channels_select' },
};

/** @param extra label of one more field, below the others */
function modalOf(labels: readonly string[], extra?: string) {
  const fields = labels.map((label) => ({
    type: 'input',
    block_id: label,
    label: plain(label),
    element: { action_id: 'v', ...elements[label] },
    ...(label === 'Select' ? { dispatch_action: true } : {}),
  }));
  const more = { type: 'input', block_id: 'extra', label: plain(extra ?? ''), optional: true };
  return {
    type: 'modal',
    callback_id: 'form',
    title: plain('Form'),
    submit: plain('Send'),
    blocks: [
      ...fields,
      ...(extra ? [{ ...more, element: { type: 'plain_text_input', action_id: 'v' } }] : []),
    ],
  } as never;
}

const second = {
  type: 'modal' as const,
  callback_id: 'second',
  title: plain('Second'),
  close: plain('Back'),
  blocks: [{ type: 'section' as const, text: plain('on top') }],
};

let shown: readonly string[] = [];
let answer: 'push' | undefined;
let sent: Record<string, unknown> | undefined;

function listen(app: App): void {
  app.command('/opencode', async ({ ack, command, client }) => {
    await ack();
    await client.views.open({ trigger_id: command.trigger_id, view: modalOf(shown) });
  });
  app.action('v', async ({ ack, body, client }) => {
    await ack();
    const id = 'view' in body ? body.view?.id : undefined;
    if (id !== undefined) await client.views.update({ view_id: id, view: modalOf(shown, 'Added') });
  });
  app.view('form', async ({ ack, view }) => {
    const fields = Object.entries(view.state.values);
    sent = Object.fromEntries(fields.map(([id, value]) => [id, value['v']]));
    await (answer === 'push' ? ack({ response_action: 'push', view: second }) : ack());
  });
}

describe('the inputs of a modal', () => {
  const stack = new AsyncDisposableStack();
  let slack: SlackServer;
  let browser: TestBrowser;
  beforeAll(async () => {
    const { dir } = await buildPlayground();
    slack = stack.use(await startSlackServer({ site: dir, rateLimits: false }));
    stack.use(await startBoltApp(slack, listen));
    browser = stack.use(await startBrowser());
  });
  afterAll(() => stack.disposeAsync());

  async function openForm(labels: readonly string[]): Promise<Page> {
    shown = labels;
    sent = undefined;
    const page = await browser.open(`${slack.url}/#U_ANNA/C_DEV`);
    await page.getByRole('textbox', { name: 'Message #dev' }).fill('/opencode start');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'Form' }).waitFor();
    return page;
  }

  it('IN-9: are filled in by their labels and arrive as Slack would send them', async () => {
    answer = undefined;
    const page = await openForm(Object.keys(elements).filter((label) => label !== 'Select'));
    const field = (label: string) => page.getByLabel(label, { exact: true });
    expect(await page.evaluate(`document.activeElement.getAttribute('type')`)).toBe('text');
    await page.keyboard.type('more than ten letters');
    await field('Lines').press('End');
    await page.keyboard.type('\nsecond');
    await field('Mail').fill('anna@example.com');
    await field('Address').fill('https://example.com');
    await field('Number').fill('42');
    await page.getByRole('group', { name: 'Several' }).getByLabel('One').check();
    await page.getByRole('radiogroup', { name: 'Radio' }).getByLabel('Two').check();
    await page.getByRole('group', { name: 'Boxes' }).getByLabel('Two').check();
    await field('Time').fill('14:30');
    await field('Moment').fill('2026-03-04T05:06');
    await field('Person').selectOption({ label: 'Ben' });
    await page.getByRole('group', { name: 'People' }).getByLabel('Anna').check();
    await field('Channel').selectOption({ label: '#dev' });
    await page.getByRole('button', { name: 'Send', exact: true }).last().click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(sent).toMatchObject({
      Text: { value: 'more than ' },
      Lines: { value: 'first\nsecond' },
      Mail: { value: 'anna@example.com' },
      Address: { value: 'https://example.com' },
      Number: { value: '42' },
      Several: { selected_options: [{ value: 'one' }, { value: 'three' }] },
      Radio: { selected_option: { value: 'two' } },
      Boxes: { selected_options: [{ value: 'two' }] },
      Day: { selected_date: '2026-01-02' },
      Time: { selected_time: '14:30' },
      Moment: { selected_date_time: expect.any(Number) as number },
      Person: { selected_user: 'U_BEN' },
      People: { selected_users: ['U_ANNA'] },
      Channel: { selected_channel: 'C_DEV' },
    });
    await page.close();
  });

  it('IN-9: what is typed survives an update by the app and a modal on top', async () => {
    answer = 'push';
    const page = await openForm(['Text', 'Select']);
    const form = page.getByRole('dialog', { name: 'Form' });
    await form.getByLabel('Text', { exact: true }).fill('typed');
    await form.getByLabel('Select', { exact: true }).selectOption({ label: 'Two' });
    await form.getByLabel('Added').fill('here, too');
    expect(await form.getByLabel('Text', { exact: true }).inputValue()).toBe('typed');
    expect(await form.getByLabel('Select', { exact: true }).inputValue()).toBe('two');
    await form.getByRole('button', { name: 'Send' }).click();
    const top = page.getByRole('dialog', { name: 'Second' });
    await top.getByText('on top').waitFor();
    await top.getByRole('button', { name: 'Back' }).click();
    await top.waitFor({ state: 'detached' });
    expect(await form.getByLabel('Text', { exact: true }).inputValue()).toBe('typed');
    expect(await form.getByLabel('Added').inputValue()).toBe('here, too');
    await page.keyboard.press('Escape');
    await form.waitFor({ state: 'detached' });
    expect(browser.complaints).toEqual([]);
    await page.close();
  });
});
