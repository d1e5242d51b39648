/** A headless Chromium out of node_modules, and pages in it that notice what goes wrong in them. */
import chromium from '@sparticuz/chromium';
import { type Browser, type BrowserContext, chromium as driver, type Page } from 'playwright-core';

/** As root, in a closed network: without the latter flags it looks for Google's hosts all the time. */
const flags = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-dev-shm-usage',
];

export interface Screen {
  readonly width: number;
  readonly height: number;
}

const desktop: Screen = { width: 1280, height: 800 };
export const phone: Screen = { width: 390, height: 844 };

interface TabOptions {
  readonly screen?: Screen;
  readonly dark?: boolean;
  readonly login?: { readonly username: string; readonly password: string };
  /** What the browser has in its local storage from earlier visits. */
  readonly remembers?: Readonly<Record<string, unknown>>;
}

export interface TestBrowser extends AsyncDisposable {
  /** A page of its own browser session; what its console complains of is collected in `complaints`. */
  open(url: string, options?: TabOptions): Promise<Page>;
  /** Errors, warnings and failed requests of all pages so far. */
  readonly complaints: readonly string[];
}

export async function startBrowser(): Promise<TestBrowser> {
  const executablePath = await chromium.executablePath();
  const browser: Browser = await driver.launch({ executablePath, args: flags, headless: true });
  const complaints: string[] = [];
  return {
    complaints,
    async open(url, { screen = desktop, dark = false, login, remembers = {} } = {}) {
      const context: BrowserContext = await browser.newContext({
        viewport: screen,
        colorScheme: dark ? 'dark' : 'light',
        reducedMotion: 'reduce',
        hasTouch: screen === phone,
        ...(login ? { httpCredentials: login } : {}),
      });
      const entries = Object.entries(remembers).map(([key, value]) => [key, JSON.stringify(value)] as const);
      await context.addInitScript((stored) => {
        for (const [key, value] of stored)
          if (localStorage.getItem(key) === null) localStorage.setItem(key, value);
      }, entries);
      context.setDefaultTimeout(120_000);
      const page = await context.newPage();
      page.on('console', (message) => {
        if (['error', 'warning'].includes(message.type()))
          complaints.push(`${message.type()}: ${message.text()}`);
      });
      page.on('pageerror', (error) => complaints.push(`thrown: ${error.message}`));
      await page.goto(url);
      return page;
    },
    [Symbol.asyncDispose]: () => browser.close(),
  };
}
