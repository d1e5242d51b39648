import { createHash } from 'node:crypto';

/** Names the calls of a turn's agent by what they ask for. */
export interface TurnCalls {
  /**
   * OpenCode's own ids will not do: an agent that was cut off in a call does not know whether it was heard, and asks for
   * the same by another one. So the first call of these words has one name in every attempt, and the second another.
   * @param words the tool and its arguments
   */
  nameOf(words: string): string;
  /** The agent was cut off and begins anew. */
  restart(): void;
}

export function createTurnCalls(turnId: string): TurnCalls {
  const counts = new Map<string, number>();
  return {
    nameOf(words) {
      const count = (counts.get(words) ?? 0) + 1;
      counts.set(words, count);
      const name = JSON.stringify([turnId, words, count]);
      return createHash('sha256').update(name).digest('hex').slice(0, 24);
    },
    restart: () => counts.clear(),
  };
}
