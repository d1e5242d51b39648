/** The watcher's words: what is observed, what was told, what is to be told (SPEC §8). No Slack, no AI. */
import type { Shown, ThreadRef } from '../mcp-servers/kit/chat.ts';
import type { Policy } from '../mcp-servers/kit/policy.ts';
import type { SessionStatus } from '../mcp-servers/kit/work.ts';
import type { News } from './news.ts';

/** A workspace as it is now: its state file, which the hosts' snapshots keep true, and what is known beside it. */
export interface ObservedWorkspace {
  readonly name: string;
  /** Tells it from others that had its name before. */
  readonly life: string;
  readonly thread: ThreadRef | null;
  readonly policy: Policy;
  readonly session: ObservedSession | null;
  /** Of the state file, the latest ones, oldest first. */
  readonly news: readonly News[];
  /** Of its session, oldest first; `id` is stable. */
  readonly milestones: readonly { readonly id: string; readonly text: string }[];
  /** On its branches since they left the default one, the latest, oldest first in each; null: not looked at yet. */
  readonly commits: readonly ObservedCommit[] | null;
  /** Of its lab: each change of status once. */
  readonly lab: {
    readonly id: string;
    readonly status: string;
    readonly url: string | null;
    readonly cause: string;
    /** ISO, of this status. */
    readonly at: string;
    /** Its card. */
    readonly shown?: Shown | undefined;
  } | null;
  readonly tests: readonly {
    readonly id: string;
    readonly text: string;
    readonly green: boolean;
    /** ISO. */
    readonly at: string;
    readonly shown?: Shown | undefined;
  }[];
  /** Pull requests whose checks failed; `id`: of the commit. */
  readonly checks: readonly {
    readonly id: string;
    readonly url: string;
    readonly failed: readonly string[];
  }[];
  /** Questions and permissions nobody answered. */
  readonly waiting: readonly ObservedAsk[];
  /** Progress lines not told yet (WA-4); null: none. `since`: Unix ms of the oldest. */
  readonly lines: { readonly since: number } | null;
}

export interface ObservedAsk {
  readonly id: string;
  /** Unix ms. */
  readonly since: number;
  /** Its deadline, Unix ms; null: it has none. */
  readonly until: number | null;
  readonly text: string;
}

export interface ObservedCommit {
  /** The same after a rebase. */
  readonly id: string;
  readonly repository: string;
  readonly subject: string;
  /** When it was written first, Unix ms. */
  readonly at: number;
  /** Lines. */
  readonly added: number;
  readonly removed: number;
  /** Made by us: to save work, not to do any. */
  readonly own: boolean;
}

/** All times in Unix ms. */
export interface ObservedSession {
  readonly id: string;
  readonly host: string;
  readonly status: SessionStatus;
  readonly startedAt: number;
  /** Where it runs: since when. */
  readonly runsSince: number;
  readonly todo: { readonly done: number; readonly total: number } | null;
  /** Last sign of life that was heard; null: none yet, since `seenAt`, when it was first seen to run. */
  readonly lastSignAt: number | null;
  readonly seenAt: number;
  /** The call that is under way, in words; '' for none, and when not known. */
  readonly doing: string;
  /** What it last did, in words; '' when not known. */
  readonly lastDid: string;
  /** Its latest call, and how often in a row it was made; null: none heard yet. */
  readonly loop: { readonly what: string; readonly times: number } | null;
  /** Since when its host is connected and does not answer; null: it answers, or is away; undefined: not asked yet. */
  readonly blindSince: number | null | undefined;
}

/** What the thin shell adds to a draft before it is stored and said. */
type Wanted =
  /** The agent's last words, below. */
  | 'words'
  /** What is changed in the workspace, in the footer. */
  | 'changes'
  /** The progress lines, as the text. */
  | 'lines';

/** What is to be said; `key` is the same however often it is decided, so that the chat says it once. */
export interface Draft {
  readonly key: string;
  /** For the metrics. */
  readonly kind: string;
  readonly markdown: string;
  /** What of it is new, for the record of what happened; absent: all. */
  readonly record?: string;
  /** Small and grey below; '' for none. With `changes` wanted: a fact among these. */
  readonly footer: string;
  /** Said in quiet hours, too. */
  readonly urgent: boolean;
  /** Takes the place of what was said under this key. */
  readonly edit: boolean;
  readonly wants: Wanted | null;
  /** A card in this thread says it, and is new: it is recorded, and not said again. */
  readonly inSight: boolean;
}

/** What is decided of a workspace. `told` is the same object when nothing changes. */
export interface Decision<T> {
  readonly told: T;
  readonly drafts: readonly Draft[];
}

/** Milliseconds. */
export interface WatchLimits {
  /** Running without a sign of life for so long is told. */
  readonly stalledAfterMs: number;
  /** A host that is connected and does not answer for so long is told. */
  readonly blindAfterMs: number;
  /** An ask that nobody answers for so much working time is told once more. */
  readonly remindAfterMinutes: number;
  /** So many equal calls in a row are told. */
  readonly loopTimes: number;
}

export const defaultLimits: WatchLimits = {
  stalledAfterMs: 900_000,
  blindAfterMs: 60_000,
  remindAfterMinutes: 30,
  loopTimes: 10,
};
