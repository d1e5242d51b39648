/** What the threads are given by the composition root. */
import type { Chat, ThreadRef } from '../../mcp-servers/kit/chat.ts';
import type { Log } from '../../mcp-servers/kit/log.ts';
import type { Probe } from '../../mcp-servers/kit/probe.ts';
import type { Collection } from '../../mcp-servers/kit/store/collection.ts';
import type { TurnLimits } from '../../watcher/turn-watch.ts';
import type { Agent } from '../opencode/agent.ts';
import type { FileRef, LoadedFile } from './incoming.ts';
import type { ThreadRecord } from './record.ts';

/** One line of the audit log (IN-11). */
export interface AuditEntry {
  readonly person: string;
  readonly action: string;
  readonly target: string;
  readonly outcome: string;
}

export interface ThreadPorts {
  readonly records: Collection<ThreadRecord>;
  readonly agent: Agent;
  readonly chat: Chat;
  /** Only what these people wrote is told to the agent. */
  readonly allowedUsers: readonly string[];
  readonly limits: TurnLimits & { readonly cardAfterMs: number };
  readonly loadFile: (file: FileRef) => Promise<LoadedFile>;
  /** IN-8: the service's own verbs, said to the bot instead of typed as a slash command. */
  readonly commands?: {
    readonly isCommand: (text: string) => boolean;
    readonly run: (o: { ref: ThreadRef; messageId: string; author: string; text: string }) => Promise<void>;
  };
  /** What is plugged into a thread, in one line, for the agent (AG-1). */
  readonly pluggedSummary?: (ref: ThreadRef) => string;
  /** What waits for an answer in a thread, in one line with its ids, for the agent (AG-1). */
  readonly pendingAsks?: (ref: ThreadRef) => string;
  readonly channelName: (channel: string) => Promise<string>;
  readonly audit: (entry: AuditEntry) => void;
  readonly log: Log;
  readonly probe: Probe;
  /** Unix ms. */
  readonly now: () => number;
  /** Milliseconds since some moment of this life: nobody sets it. */
  readonly steady: () => number;
}
