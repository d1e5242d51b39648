import type { Step } from '../step.ts';
import type { ModelTurn } from '../turn.ts';

/** What the person says, and what the stand-in then does. The first rule that matches wins. */
export interface Rule {
  readonly match: RegExp;
  /** Something to type, listed by `help`. */
  readonly example: string;
  readonly does: string;
  /** @param groups the pattern's named groups */
  readonly steps: (turn: ModelTurn, groups: Readonly<Record<string, string>>) => Step[];
}
