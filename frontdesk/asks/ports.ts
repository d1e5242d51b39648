/** What the asks are given by the composition root. */
import type { Ask } from '../../mcp-servers/kit/asks.ts';
import type { Chat, ThreadRef } from '../../mcp-servers/kit/chat.ts';
import type { Log } from '../../mcp-servers/kit/log.ts';
import type { Policy } from '../../mcp-servers/kit/policy.ts';
import type { Collection } from '../../mcp-servers/kit/store/collection.ts';
import type { Hosts, WorkspaceInfo } from '../../mcp-servers/kit/work.ts';
import type { Workspaces } from '../../mcp-servers/workspaces/contract.ts';
import type { Metrics } from '../http/metrics.ts';
import type { AuditEntry } from '../threads/ports.ts';
import type { MakeExtension } from './contract.ts';
import type { AskRules } from './record.ts';

export interface AskPorts {
  readonly asks: Collection<Ask>;
  /** By session: what was allowed for it. */
  readonly rules: Collection<AskRules>;
  readonly hosts: Pick<
    Hosts,
    | 'list'
    | 'isConnected'
    | 'instanceOf'
    | 'snapshot'
    | 'send'
    | 'replyQuestion'
    | 'replyPermission'
    | 'readRequest'
    | 'onEvent'
    | 'onHost'
  >;
  readonly workspaces: Pick<Workspaces, 'list' | 'find' | 'updateState'>;
  readonly chat: Chat;
  /** Of the workspace's project; of none, the default. */
  readonly policyOf: (workspace: string | null) => Policy;
  /** An answer to the front-desk agent, as a message of the person who gave it. Safe to repeat with one `messageId`. */
  readonly acceptWords: (o: {
    ref: ThreadRef;
    messageId: string;
    author: string;
    text: string;
  }) => Promise<void>;
  /** A line for read_events. */
  readonly remember: (workspace: WorkspaceInfo['name'], text: string) => void;
  /** IN-2, once more at the click. */
  readonly isAllowed: (person: string) => boolean;
  readonly extensions: readonly MakeExtension[];
  readonly metrics: Pick<Metrics, 'observe' | 'gauge'>;
  readonly audit: (entry: AuditEntry) => void;
  readonly log: Log;
  /** Unix ms. */
  readonly now: () => number;
  /** Milliseconds since some moment of this life: nobody sets it. */
  readonly steady: () => number;
  /** A fresh id for a prompt, in OpenCode's shape. */
  readonly newMessageId: () => string;
}
