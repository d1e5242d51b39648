/** What App Home shows, as data (IN-10). */
import type { CardButton, ThreadRef } from '../../mcp-servers/kit/chat.ts';
import type { LabState } from '../../mcp-servers/kit/lab.ts';
import type { TestState } from '../../mcp-servers/kit/tests.ts';
import { type SessionStatus, showProject, type WorkspaceInfo } from '../../mcp-servers/kit/work.ts';
import { labStateOf, testStatesOf } from '../lab/state.ts';
import { isHolding } from '../work/limit.ts';
import type { Waiting } from '../work/waiting.ts';

/** A card that waits for an answer, with where it is; null: it cannot be linked to. */
export interface HomeAsk {
  readonly text: string;
  readonly link: string | null;
  /** To answer it here, actions of its room; none: only on its card. */
  readonly buttons: readonly CardButton[];
}

export interface HomeItem {
  readonly name: string;
  readonly title: string;
  /** `category/project` */
  readonly project: string;
  /** null: no session. */
  readonly status: SessionStatus | null;
  readonly agent: string;
  /** To its thread; null: it is plugged into none, or the link cannot be had. */
  readonly link: string | null;
  readonly plugged: boolean;
  readonly asks: readonly HomeAsk[];
  readonly lab: LabState | null;
  /** Latest. */
  readonly tests: TestState | null;
}

export interface HomeSnapshot {
  readonly items: readonly HomeItem[];
  /** Of no workspace: starts and confirmations to be decided, questions of the front desk. */
  readonly waiting: readonly HomeAsk[];
  readonly places: { readonly taken: number; readonly max: number };
}

/** A question or permission that waits, as the asks room gives it. */
interface OpenAsk {
  readonly workspace: string | null;
  readonly text: string;
  readonly ref: ThreadRef | null;
  readonly buttons: readonly CardButton[];
}

export interface SnapshotPorts {
  readonly workspaces: () => readonly WorkspaceInfo[];
  readonly asks: () => readonly OpenAsk[];
  readonly waiting: () => Promise<readonly Waiting[]>;
  readonly linkTo: (ref: ThreadRef) => Promise<string | null>;
  readonly maxSessions: number;
}

const urgency = { high: 0, normal: 1, low: 2 };

export async function takeSnapshot(ports: SnapshotPorts): Promise<HomeSnapshot> {
  const { linkTo } = ports;
  const infos = ports.workspaces();
  const [asks, waiting] = [ports.asks(), await ports.waiting()];
  const ordered = infos.toSorted(
    (a, b) =>
      urgency[a.state.priority] - urgency[b.state.priority] ||
      b.state.createdAt.localeCompare(a.state.createdAt),
  );
  const linked = async (o: Omit<OpenAsk, 'workspace'>): Promise<HomeAsk> => ({
    text: o.text,
    link: o.ref === null ? null : await linkTo(o.ref),
    buttons: o.buttons,
  });
  const items = ordered.map(async ({ name, state }): Promise<HomeItem> => {
    const { session, thread } = state;
    const mine = asks.filter(({ workspace }) => workspace === name);
    return {
      name,
      title: state.title,
      project: showProject(state.project),
      status: session?.status ?? null,
      agent: session?.agent ?? '',
      link: thread === null ? null : await linkTo(thread),
      plugged: thread !== null,
      asks: await Promise.all(mine.map(linked)),
      lab: labStateOf(state),
      tests: testStatesOf(state).at(-1) ?? null,
    };
  });
  const others = asks.filter(({ workspace }) => workspace === null);
  return {
    items: await Promise.all(items),
    waiting: await Promise.all([...waiting.map((each) => ({ ...each, buttons: [] })), ...others].map(linked)),
    places: {
      taken: infos.filter(({ state }) => isHolding(state.session?.status)).length,
      max: ports.maxSessions,
    },
  };
}
