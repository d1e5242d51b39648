/** App Home on the rooms of the service. */
import type { ThreadRef } from '../../mcp-servers/kit/chat.ts';
import type { Log } from '../../mcp-servers/kit/log.ts';
import type { Store } from '../../mcp-servers/kit/store/store.ts';
import type { SlackWeb } from '../../mcp-servers/slack/web.ts';
import type { Workspaces } from '../../mcp-servers/workspaces/contract.ts';
import type { Asks } from '../asks/contract.ts';
import { briefOf } from '../asks/brief.ts';
import { askTitle, showAnswer } from '../asks/words.ts';
import type { LabDesk } from '../lab/contract.ts';
import type { Work } from '../work/contract.ts';
import type { Waiting } from '../work/waiting.ts';
import { renderStartForm } from '../work/start-form.ts';
import { createHome, type Home, homeViewerSchema } from './home.ts';
import { createLinks } from './links.ts';
import { renderIdleHome } from './render-home.ts';

export interface OpenHomeOptions {
  readonly web: SlackWeb;
  readonly store: Store;
  readonly workspaces: Workspaces;
  readonly work: Work;
  readonly asks: Pick<Asks, 'pending' | 'click' | 'get' | 'onChange'>;
  readonly labDesk: LabDesk;
  /** Of other rooms. */
  readonly alsoWaiting: () => readonly Waiting[];
  readonly openDm: (person: string) => Promise<ThreadRef | null>;
  readonly maxSessions: number;
  readonly isAllowed: (person: string) => boolean;
  readonly redact: (text: string) => string;
  readonly log: Log;
  readonly now: () => number;
}

/** Resolves once those who looked at it before are known. */
export async function openHome(options: OpenHomeOptions): Promise<Home> {
  const { store, workspaces, work, asks } = options;
  const home = createHome({
    ...options,
    viewers: store.collection({ name: 'home', schema: homeViewerSchema, version: 1 }),
    workspaces: () => workspaces.list(),
    asks: () =>
      asks
        .pending()
        .filter(({ status }) => status === 'open')
        .map((ask) => ({ workspace: ask.workspace, ref: ask.card?.ref ?? null, ...briefOf(ask) })),
    waiting: async () => [...(await work.waiting()), ...options.alsoWaiting()],
    linkTo: createLinks(options),
    async answer(by, action, id) {
      const shown = await asks.click(by, action, id);
      if (shown !== null) return 'view' in shown ? shown.view : shown.text;
      const ask = await asks.get(id);
      if (ask === undefined || ask.answer === null) return '';
      return `✅ **${showAnswer(ask.body, ask.answer)}** (${askTitle(ask)})`;
    },
    async startForm(by) {
      const { projects } = await workspaces.projects();
      return renderStartForm({ projects, askedIn: by.ref });
    },
  });
  asks.onChange(({ status }) => {
    if (status !== 'open') home.changed();
  });
  await home.resumeAll();
  return home;
}

/** Without a workspace root there is nothing to show but how to get there. */
export async function publishIdleHome(web: SlackWeb, person: string): Promise<void> {
  await web.call('views.publish', { user_id: person, view: renderIdleHome() });
}
