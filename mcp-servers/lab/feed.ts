/** The events of a deployment as a stream (LAB-7): what is stored, then what comes. */
import { FrontdeskError } from '../kit/errors.ts';
import type { DeploymentEvent } from '../kit/lab.ts';
import type { Book } from './book.ts';

/**
 * Level-triggered: each stored change makes it read what is stored once more, so none is lost between two.
 * @throws FrontdeskError lab_unknown
 */
export async function* followEvents(
  book: Book,
  id: string,
  lastId: number,
  signal: AbortSignal,
): AsyncGenerator<DeploymentEvent, void> {
  let wake = Promise.withResolvers<void>();
  using _listening = book.onChange((deployment) => {
    if (deployment.id === id) wake.resolve();
  });
  const stop = () => wake.resolve();
  signal.addEventListener('abort', stop);
  try {
    for (let told = lastId; !signal.aborted; await wake.promise) {
      wake = Promise.withResolvers<void>();
      if (signal.aborted) return;
      const record = await book.get(id);
      if (record === undefined) throw new FrontdeskError('lab_unknown', `No deployment is called "${id}".`);
      for (const event of record.events) {
        if (event.id <= told) continue;
        told = event.id;
        yield event;
      }
      if (record.deployment.status !== 'deploying') return;
    }
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
