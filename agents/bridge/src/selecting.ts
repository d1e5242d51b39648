/** What a session was given so far, for the rule in selection.ts: read from OpenCode once, then kept up. */
import type { Api } from './api.ts';
import { isOfService } from './part-ids.ts';
import { decideSelection, type Given, type Selection } from './selection.ts';
import { within } from './within.ts';

export interface Prompted {
  readonly sessionId: string;
  readonly partIds: readonly string[];
  readonly asked: Selection;
}

export interface Selecting {
  /** @returns what the prompt is to run with. Never rejects; where the session cannot be read in time, as asked */
  readonly select: (directory: string, prompted: Prompted) => Promise<Selection>;
}

/** A person waits for the prompt. Reading 600 messages takes 33 ms (notes/opencode.md §2). */
const waitMs = 2_000;
const maxSessions = 500;

export function createSelecting(api: () => Pick<Api, 'messages'>): Selecting {
  const known = new Map<string, Given[]>();

  async function read(directory: string, sessionId: string): Promise<Given[]> {
    const messages = await api().messages(directory, sessionId);
    return messages.flatMap(({ info: { agent, model }, parts }) =>
      agent && model ? [{ agent, model, byService: parts.some(({ id }) => isOfService(id)) }] : [],
    );
  }

  return {
    async select(directory, { sessionId, partIds, asked }) {
      const byService = partIds.some(isOfService);
      // What nobody typed into is not read.
      if (byService && !known.has(sessionId)) return asked;
      const earlier = known.get(sessionId) ?? (await within<Given[]>(waitMs, read(directory, sessionId), []));
      if (earlier.length === 0) return asked;
      const chosen = byService ? asked : decideSelection(earlier, asked);
      earlier.push({ ...chosen, byService });
      // The latest used are the last to be forgotten.
      known.delete(sessionId);
      known.set(sessionId, earlier);
      const [oldest] = known.keys();
      if (known.size > maxSessions && oldest !== undefined) known.delete(oldest);
      return chosen;
    },
  };
}
