/** How a suite is run: what each runner's file decides. */
import type { Suite } from '../../kit/tests.ts';
import type { RepositoryFacts } from '../facts.ts';

/** Where a machine-readable report will be, and in what form. */
export type ReportPlace =
  | { readonly kind: 'junit' | 'jest'; readonly file: string }
  /** JUnit files below the repository that the run has written (maven's). */
  | { readonly kind: 'junit-files'; readonly pattern: string }
  /** On standard output, line by line. */
  | { readonly kind: 'go' };

export type Plan =
  | {
      readonly kind: 'run';
      readonly runner: string;
      readonly argv: readonly [string, ...string[]];
      /** As a person would type it. */
      readonly shown: string;
      readonly env: Readonly<Record<string, string>>;
      /** null: the exit code and the runner's own summary must do. */
      readonly report: ReportPlace | null;
      /** How to get what it needs, for when that is missing. */
      readonly install: string;
    }
  | {
      readonly kind: 'missing';
      readonly runner: string;
      readonly shown: string;
      /** What is missing, and how to install it. */
      readonly reason: string;
    }
  /** Nothing to run; `reason` says why. `runner`: who was told so on purpose, '' where nothing was found. */
  | { readonly kind: 'none'; readonly runner: string; readonly reason: string };

export interface PlanRequest {
  readonly suite: Suite;
  /** Absolute; where a report may be written. */
  readonly reportFile: string;
}

/** null: this runner is not used here for this suite. */
export type Runner = (facts: RepositoryFacts, request: PlanRequest) => Plan | null;
