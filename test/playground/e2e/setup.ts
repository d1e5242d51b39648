import chromium from '@sparticuz/chromium';
import { buildPlayground } from '../build.ts';

/** Once for all test files: the browser is unpacked and the page built before two workers could do it at once. */
export async function setup(): Promise<void> {
  await chromium.executablePath();
  await buildPlayground();
}
