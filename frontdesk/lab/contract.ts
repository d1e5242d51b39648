/** Labs and tests as people have them: a card each, the same by words, command, form and button. `desk.ts` makes it. */
import type { Chat } from '../../mcp-servers/kit/chat.ts';
import type { Deployment, Lab } from '../../mcp-servers/kit/lab.ts';
import type { Log } from '../../mcp-servers/kit/log.ts';
import type { Collection } from '../../mcp-servers/kit/store/collection.ts';
import type { Suite, Tests } from '../../mcp-servers/kit/tests.ts';
import type { WorkspaceInfo } from '../../mcp-servers/kit/work.ts';
import type { Workspaces } from '../../mcp-servers/workspaces/contract.ts';
import type { AuditEntry } from '../threads/ports.ts';
import type { Shown } from '../slack-in/surfaces.ts';
import type { Work } from '../work/contract.ts';
import type { Answer, By } from '../work/ports.ts';
import type { DeployWish, TestSession } from './record.ts';

/** Cards go to the thread that asks; asked for outside of one, to where the workspace is plugged. */
export interface LabDesk extends AsyncDisposable {
  /**
   * Puts a deployment's card into the thread; the rest is told on it. Asked again with the same request, nothing is done twice.
   * @throws FrontdeskError workspace_unknown, lab_unsupported
   */
  deploy(by: By, o: DeployWords): Promise<Begun>;
  /** Puts the tests' card into the thread. @throws FrontdeskError workspace_unknown, test_busy */
  test(by: By, o: TestWords): Promise<Answer>;
  /** Last lines of the lab, as Markdown. @throws FrontdeskError lab_unknown */
  logs(by: By, workspace?: string): Promise<Answer>;
  /** Asks for a click (MCP-5). @throws FrontdeskError lab_unknown */
  cleanup(by: By, workspace?: string): Promise<Answer>;
  /** A click on a button whose action begins with `lab.`; safe to repeat. @returns what only the clicker should see */
  click(by: By, action: string, value: string): Promise<Shown>;
  /** Its workspace goes: whatever runs in it ends, lab and tests. */
  abandon(workspace: string): Promise<void>;
  /** Takes up what an earlier process left, labs and tests included. @returns how many */
  resumeAll(): Promise<number>;
  /** The composition root calls it every second: cards of what runs show its seconds. */
  tick(): void;
  /** Deployments and tests under way. */
  readonly busy: number;
}

/** `done` settles with its end and never rejects. */
export interface Begun extends Answer {
  readonly deployment: Deployment;
  readonly done: Promise<Deployment>;
}

export interface DeployWords {
  readonly workspace?: string | undefined;
  readonly repository?: string | undefined;
  /** End a running one and deploy again, instead of waiting for its end (LAB-5). */
  readonly replace?: boolean | undefined;
  /** Remove what the last one left first. */
  readonly afresh?: boolean | undefined;
  /** Without the tests that the repository wants first. */
  readonly untested?: boolean | undefined;
}

export interface TestWords {
  readonly workspace?: string | undefined;
  readonly repository?: string | undefined;
  /** Default: all. */
  readonly suites?: readonly Suite[] | undefined;
  /** What follows unless one fails. */
  readonly thenDeploy?: TestSession['thenDeploy'] | undefined;
}

export interface LabDeskPorts {
  readonly lab: Lab;
  readonly tests: Tests;
  readonly work: Pick<Work, 'send' | 'confirm'>;
  readonly workspaces: Pick<Workspaces, 'list' | 'find' | 'get' | 'updateState'>;
  readonly chat: Pick<Chat, 'say' | 'change' | 'refresh' | 'nameOf'>;
  readonly wishes: Collection<DeployWish>;
  readonly sessions: Collection<TestSession>;
  /** The repository, of those to be deployed, whose unit tests come before it (`testOnDeploy`). */
  readonly testedFirst: (info: WorkspaceInfo, repository: string | undefined) => Promise<string | undefined>;
  readonly isAllowed: (person: string) => boolean;
  /** Takes the secrets out of a log before a model gets it. */
  readonly redact: (text: string) => string;
  readonly audit: (entry: AuditEntry) => void;
  readonly log: Log;
  /** Unix ms. */
  readonly now: () => number;
}
