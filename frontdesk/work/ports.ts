/** What the work commands are given by the composition root, and who asks. */
import type { Chat, ThreadRef } from '../../mcp-servers/kit/chat.ts';
import type { Log } from '../../mcp-servers/kit/log.ts';
import type { Collection } from '../../mcp-servers/kit/store/collection.ts';
import type { Suite } from '../../mcp-servers/kit/tests.ts';
import type { Hosts, ProjectRef } from '../../mcp-servers/kit/work.ts';
import type { ModelHealth, WorkModel } from '../../mcp-servers/sessions/models.ts';
import type { RoutingRules } from '../../mcp-servers/sessions/routing-rules.ts';
import type { Workspaces } from '../../mcp-servers/workspaces/contract.ts';
import type { AuditEntry } from '../threads/ports.ts';
import type { Activity, Confirmation, Proposal } from './record.ts';

/** Who asks, where, and by which request. */
export interface By {
  readonly person: string;
  readonly ref: ThreadRef;
  /** Unique per request (a call's id, an event's, a trigger's); asked again with the same, nothing is done twice. */
  readonly requestId: string;
}

/** What a command tells. `shown`: the thread shows it already, people need not be told again. */
export interface Answer {
  /** Markdown. */
  readonly text: string;
  readonly shown: boolean;
}

/** What runs of a workspace's code; none without a lab. */
export interface Labs {
  /** Ends and removes its lab; harmless when there is none. */
  cleanup(workspace: string): Promise<void>;
  /** Its folder goes: whatever runs in it ends, lab and tests. */
  abandon(workspace: string): Promise<void>;
  /** The commands; each puts its card where it belongs. */
  deploy(by: By, workspace?: string): Promise<Answer>;
  logs(by: By, workspace?: string): Promise<Answer>;
  undeploy(by: By, workspace?: string): Promise<Answer>;
  /** @param suites undefined: all */
  test(by: By, suites: readonly Suite[] | undefined, workspace?: string): Promise<Answer>;
}

/** Where threads are opened for what was begun outside of one (IN-9). */
export interface Places {
  /**
   * Posts `text` as the root of a new thread in the project's channel, or else in the person's DM.
   * @param o.id the same id once more finds the thread opened before, where the chat can tell
   * @returns null when neither can be posted to
   */
  open(o: { id: string; person: string; project: ProjectRef; text: string }): Promise<ThreadRef | null>;
  /** The same in the channel of `ref`, which is outside of any thread. @returns null when it cannot be posted to */
  openIn(o: { id: string; ref: ThreadRef; text: string }): Promise<ThreadRef | null>;
}

export interface WorkPorts {
  readonly workspaces: Workspaces;
  readonly hosts: Hosts;
  readonly chat: Chat;
  readonly places: Places;
  readonly labs?: Labs | undefined;
  /** What of a workspace waits for an answer, in a few words each. */
  readonly asksOf?: ((workspace: string) => readonly string[]) | undefined;
  readonly proposals: Collection<Proposal>;
  readonly confirmations: Collection<Confirmation>;
  readonly activity: Collection<Activity>;
  readonly models: readonly WorkModel[];
  readonly health: ModelHealth;
  readonly rules: RoutingRules;
  /** SE-5. */
  readonly maxSessions: number;
  /** Base URLs people can open; '' for none (SE-3). */
  readonly links: { readonly openCode: string; readonly codeServer: string };
  /** IN-2, once more where a click destroys or publishes. */
  readonly isAllowed: (person: string) => boolean;
  readonly channelName: (channel: string) => Promise<string>;
  readonly audit: (entry: AuditEntry) => void;
  readonly log: Log;
  /** Unix ms. */
  readonly now: () => number;
  /** Milliseconds since some moment of this life: nobody sets it. */
  readonly steady: () => number;
  /** A fresh id for a prompt, in OpenCode's shape. */
  readonly newMessageId: () => string;
}
