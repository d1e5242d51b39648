/** The watcher's words: what is observed, what was told, what is to be told (SPEC §8). No Slack, no AI. */
import type { ThreadRef } from '../mcp-servers/kit/chat.ts';
import type { Policy } from '../mcp-servers/kit/policy.ts';
import type { SessionStatus } from '../mcp-servers/kit/work.ts';

/** A workspace as it is now: its state file, which the hosts' snapshots keep true, its lab, its tests. */
export interface ObservedWorkspace {
  readonly name: string;
  readonly title: string;
  readonly thread: ThreadRef | null;
  readonly eventUpdates: boolean;
  readonly policy: Policy;
  readonly session: {
    readonly id: string;
    readonly host: string;
    readonly status: SessionStatus;
    /** Counts changes of status: the same status again is another notice. */
    readonly changes: number;
    /** What the notice adds: the error, why it was interrupted; '' for none. */
    readonly note: string;
    readonly todo: { readonly done: number; readonly total: number } | null;
    /** Unix ms of the last sign of life while it runs; null: not known. */
    readonly lastSignAt: number | null;
  } | null;
  readonly milestones: readonly { readonly id: string; readonly text: string; readonly at: number }[];
  /** Of its lab: each change of status once. */
  readonly lab: {
    readonly id: string;
    readonly status: string;
    readonly url: string | null;
    readonly cause: string;
  } | null;
  readonly tests: readonly { readonly id: string; readonly text: string; readonly green: boolean }[];
}

/** What is said; `id` is the same however often it is decided, so that the chat says it once. */
export interface Notice {
  readonly id: string;
  readonly workspace: string;
  readonly ref: ThreadRef;
  readonly markdown: string;
  /** Said in quiet hours, too. */
  readonly urgent: boolean;
}
