import { Worker } from 'node:worker_threads';
import { FrontdeskError } from '../errors.ts';
import { createLanes } from '../lanes.ts';
import type { Secret } from './exact-secrets.ts';

/** 20 MB of UTF-16 in all its readings; beyond that the thread ends, and not the service. */
const heapMb = 768;

/** One at a time in the process: each may take a processor for seconds, and some 300 MB. */
const lanes = createLanes();

/**
 * What `maskBytes` does, in a thread of its own, for what would hold up everybody else: 20 MB take 5 s.
 * @param o.withinMs of work, not of waiting for its turn
 * @throws FrontdeskError `file_unchecked` when that is not enough, or memory is not
 */
export async function maskAside(
  content: Uint8Array,
  o: { readonly secrets: readonly Secret[]; readonly withinMs: number },
): Promise<Uint8Array> {
  return await lanes('mask', async () => {
    // A copy: what is handed over is gone here, and a small Buffer shares its memory with others.
    const given = Uint8Array.from(content);
    const worker = new Worker(new URL('mask-thread.ts', import.meta.url), {
      workerData: { content: given, secrets: o.secrets },
      transferList: [given.buffer],
      // Not the service's own, by which it is kept small.
      execArgv: [],
      env: {},
      resourceLimits: { maxOldGenerationSizeMb: heapMb },
    });
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(), o.withinMs);
    try {
      return await answerOf(worker, late.signal);
    } finally {
      clearTimeout(timer);
      await worker.terminate();
    }
  });
}

async function answerOf(worker: Worker, late: AbortSignal): Promise<Uint8Array> {
  const { promise, resolve, reject } = Promise.withResolvers<Uint8Array>();
  const fail = (cause?: unknown) => reject(new FrontdeskError('file_unchecked', '', { cause }));
  worker.once('message', (masked: Uint8Array) => resolve(masked));
  worker.once('error', fail);
  worker.once('exit', () => fail());
  late.addEventListener('abort', () => fail());
  return await promise;
}
