/** OpenCode's own web page, embedded in its binary, as a person uses it. */
import type { Locator, Page } from 'playwright-core';
import type { TestBrowser } from './browser.ts';

export interface OpenCodePage {
  readonly page: Page;
  /** Begins a session in the project that is listed under this name. */
  readonly begin: (project: string, prompt: string) => Promise<void>;
  readonly say: (words: string) => Promise<void>;
  readonly press: (name: string) => Promise<void>;
  /** Selects another agent below the prompt. */
  readonly choose: (agent: { from: string; to: string }) => Promise<void>;
  /** Waits for it. */
  readonly sees: (words: string | RegExp) => Promise<void>;
  /** The list of sessions that the page begins with. */
  readonly home: (project: string) => Promise<Locator>;
}

/**
 * @param url of the host's OpenCode, or of a session in it
 * @param folders opened as projects before: typed into the page's own picker they cost an instance a folder on the way
 */
export async function openOpenCodePage(
  browser: TestBrowser,
  { url, password, folders }: { url: string; password: string; folders: readonly string[] },
): Promise<OpenCodePage> {
  const projects = folders.map((worktree) => ({ worktree, expanded: true }));
  const page = await browser.open(url, {
    login: { username: 'opencode', password },
    remembers: {
      'opencode.global.dat:server': {
        list: [],
        projects: { local: projects },
        lastProject: {},
        recentlyClosed: {},
      },
    },
  });
  const patienceMs = 120_000;
  page.setDefaultTimeout(patienceMs);
  const { origin } = new URL(url);
  const home = async (project: string) => {
    await page.goto(origin);
    // The letter of its icon comes first.
    await page.getByRole('button', { name: new RegExp(`^\\w ${project}$`) }).click();
    return page.getByRole('region', { name: 'Recent sessions' });
  };
  const say = async (words: string) => {
    const box = page.getByRole('textbox', { name: 'Prompt' });
    await box.click();
    await page.keyboard.type(words);
    await page.keyboard.press('Enter');
  };
  return {
    page,
    home,
    say,
    async begin(project, prompt) {
      const recent = await home(project);
      await recent.getByRole('button', { name: 'New session' }).click();
      // The page knows the folder's branch: its instance is up.
      await page.getByText('main', { exact: true }).waitFor();
      await say(prompt);
    },
    async choose({ from, to }) {
      // Shown with a capital letter, written without.
      await page
        .getByText(new RegExp(`^${from}$`, 'i'))
        .last()
        .click();
      await page
        .getByText(new RegExp(`^${to}$`, 'i'))
        .last()
        .click();
    },
    press: (name) => page.getByRole('button', { name, exact: true }).click(),
    sees: (words) => page.getByText(words).last().waitFor(),
  };
}
