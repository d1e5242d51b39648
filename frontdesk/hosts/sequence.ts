/**
 * take: the next one. repeat: had it. gap: one was missed, ask for all after {@link Sequence.last}.
 * waiting: that was asked already.
 */
type SequenceVerdict = 'take' | 'repeat' | 'gap' | 'waiting';

export interface Sequence {
  /** Number of the last event taken; undefined before the first: whatever comes first is the beginning. */
  readonly last: number | undefined;
  accept(seq: number): SequenceVerdict;
  /** A resync told how things stand at `seq`. */
  reset(seq: number): void;
  /** A new line: what was asked on the old one will not come. */
  reopen(): void;
}

/** Finds the gaps in a host's numbered events (BR-2). */
export function createSequence(): Sequence {
  let last: number | undefined;
  let asked = false;
  return {
    get last() {
      return last;
    },
    accept(seq) {
      if (last !== undefined && seq <= last) return 'repeat';
      if (last !== undefined && seq > last + 1) {
        const verdict = asked ? 'waiting' : 'gap';
        asked = true;
        return verdict;
      }
      last = seq;
      asked = false;
      return 'take';
    },
    reset(seq) {
      last = seq;
      asked = false;
    },
    reopen() {
      asked = false;
    },
  };
}
