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
  let sample: Sample | undefined;
  beforeAll(async () => {
    sample = await startSample();
  });
  afterAll(async () => await sample?.[Symbol.asyncDispose]());
  // Last in, first out: a page that outlives its server would rightly complain.
  const browser = useBrowser();
  return () => ({ ...started(sample), browser: browser() });
}

/** The real `npm run try`, for one test file. */
export function useTry(): () => TryStack & { readonly browser: TestBrowser } {
  let stack: TryStack | undefined;
  beforeAll(async () => {
    stack = await startTryStack();
  });
  afterAll(async () => await stack?.[Symbol.asyncDispose]());
  const browser = useBrowser();
  return () => ({ ...started(stack), browser: browser() });
}
