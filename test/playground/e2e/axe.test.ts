import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { type Hands, handsOn } from './hands.ts';
import { useSample } from './use-page.ts';

const sample = useSample();

interface Violation {
  readonly id: string;
  readonly impact: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[];
}

/** @returns what axe finds serious or critical */
async function findings(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate<{ violations: Violation[] }>('axe.run()');
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) =>
      nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 200)}\n${failureSummary}`),
    );
}

/** Each opens what is looked at. */
const places: Readonly<Record<string, (hands: Hands) => Promise<void>>> = {
  async thread({ say, openThread, thread }) {
    await say('@frontdesk hello');
    await openThread('hello');
    await thread.getByText('Which agent should do it?').waitFor();
  },
  async modal({ page, say }) {
    await say('/opencode start');
    const modal = page.getByRole('dialog');
    await modal.getByLabel('Title').fill('x');
    await modal.getByLabel('Category').selectOption('web');
    await modal.getByRole('button', { name: 'Start' }).click();
    await modal.getByRole('button', { name: 'Start' }).click();
  },
  async home({ page }) {
    await page.goto(`${sample().url}#U_ANNA/home`);
    await page.getByRole('heading', { name: 'Workspaces' }).waitFor();
  },
  async drawer({ page, press }) {
    await press('Builder');
    await press(/^Faults/);
    const journal = page.getByRole('list', { name: 'Journal' });
    await journal.getByRole('button').first().click();
    await journal.getByRole('button').nth(1).click();
    await press('Tour');
  },
};

describe('axe finds nothing serious', () => {
  for (const dark of [false, true]) {
    it.each(Object.entries(places))(`${dark ? 'dark' : 'light'}: %s`, async (_name, show) => {
      const page = await sample().browser.open(`${sample().url}#U_ANNA/C_DEV`, { dark });
      await show(handsOn(page));
      const found = await findings(page);
      // Its modal would be open in the next tab, too.
      const modal = sample().slack.as('U_ANNA').modal();
      if (modal) await sample().slack.as('U_ANNA').closeView(modal.id);
      await page.close();
      expect(found).toEqual([]);
    });
  }
});
