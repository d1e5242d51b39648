/** A thread's whole work: masks one file. Its caller is mask-aside.ts. */
import { parentPort, workerData } from 'node:worker_threads';
import { z } from 'zod';
import { maskBytes } from './mask-bytes.ts';
import { createRedactor } from './redactor.ts';

const { content, secrets } = z
  .object({
    content: z.instanceof(Uint8Array),
    secrets: z.array(z.object({ name: z.string(), value: z.string() })),
  })
  .parse(workerData);
parentPort?.postMessage(maskBytes(content, createRedactor({ secrets })));
