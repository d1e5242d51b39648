import { z } from 'zod';
import type { ThreadRef } from '../../mcp-servers/kit/chat.ts';
import { describeError, FrontdeskError } from '../../mcp-servers/kit/errors.ts';
import { createLanes } from '../../mcp-servers/kit/lanes.ts';
import type { Log } from '../../mcp-servers/kit/log.ts';
import type { Collection } from '../../mcp-servers/kit/store/collection.ts';
import type { WorkspaceInfo } from '../../mcp-servers/kit/work.ts';
import type { SlackWeb } from '../../mcp-servers/slack/web.ts';
import { maskView } from '../slack-in/mask-view.ts';
import type { Room } from '../slack-in/rooms.ts';
import type { LabDesk } from '../lab/contract.ts';
import type { Work } from '../work/contract.ts';
import type { By } from '../work/ports.ts';
import { renderHome } from './render-home.ts';
import { renderWords } from './render-words.ts';
import { type SnapshotPorts, takeSnapshot } from './snapshot.ts';

/** Who opened it, and when: after a restart their view goes on. */
export const homeViewerSchema = z.object({ openedAt: z.number() });
export type HomeViewer = z.infer<typeof homeViewerSchema>;

export interface HomePorts extends SnapshotPorts {
  readonly web: Pick<SlackWeb, 'call'>;
  readonly viewers: Collection<HomeViewer>;
  readonly work: Pick<Work, 'click' | 'status' | 'diff'>;
  readonly labDesk: Pick<LabDesk, 'deploy' | 'test'>;
  /** A button of an ask, as if pressed on its card. @returns what came of it, or the form behind it */
  readonly answer: (by: By, action: string, value: string) => Promise<string | Record<string, unknown>>;
  /** The form behind [Start…]. */
  readonly startForm: (by: By) => Promise<Record<string, unknown>>;
  /** null: Slack opens none. */
  readonly openDm: (person: string) => Promise<ThreadRef | null>;
  readonly isAllowed: (person: string) => boolean;
  readonly redact: (text: string) => string;
  readonly log: Log;
  readonly now: () => number;
}

/** App Home (IN-10): published when it is opened, after each click in it, and, for those who look, when something changes. */
export interface Home extends Room {
  opened(person: string): Promise<void>;
  /** Published again to those who opened it before this process began. */
  resumeAll(): Promise<void>;
  /** Something that it shows is over: published by the next tick. */
  changed(): void;
  /** The composition root calls it every second. */
  tick(): void;
}

/** Slack does not say when a person leaves the tab. */
const looksForMs = 15 * 60_000;
const everyMs = 3000;
/** What came of a click is shown this long. */
const noteMs = 20_000;
/** After a failure Slack is left alone. */
const backOffMs = 30_000;

interface Viewer {
  openedAt: number;
  note: string;
  noteUntil: number;
  /** What Slack has, as JSON. */
  published: string;
  notBefore: number;
}

export function createHome(ports: HomePorts): Home {
  const { web, work, labDesk, viewers, log, now } = ports;
  const lanes = createLanes();
  const looking = new Map<string, Viewer>();
  let running: Promise<void> | null = null;
  let lookedAt = 0;

  /** One at a time: an older picture must not come after a newer one. */
  const publish = async (person: string, viewer: Viewer): Promise<void> =>
    await lanes(person, async () => await show(person, viewer));

  const show = async (person: string, viewer: Viewer): Promise<void> => {
    const note = now() < viewer.noteUntil ? viewer.note : '';
    const view = maskView(renderHome(await takeSnapshot(ports), note), ports.redact);
    const json = JSON.stringify(view);
    if (json === viewer.published) return;
    try {
      await web.call('views.publish', { user_id: person, view });
      viewer.published = json;
    } catch (error) {
      viewer.notBefore = now() + backOffMs;
      log.warn({ err: describeError(error), person }, 'home.publish.failed');
    }
  };

  const look = async (): Promise<void> => {
    for (const [person, viewer] of looking) {
      if (viewer.openedAt + looksForMs < now()) {
        looking.delete(person);
        continue;
      }
      if (now() >= viewer.notBefore) await publish(person, viewer);
    }
  };

  const viewerOf = (person: string): Viewer => {
    const viewer = looking.get(person) ?? {
      openedAt: now(),
      note: '',
      noteUntil: 0,
      published: '',
      notBefore: 0,
    };
    looking.set(person, viewer);
    return viewer;
  };

  /** What is said of it belongs into its thread; of one without, into the DM. */
  const placed = async (by: By, { state }: WorkspaceInfo): Promise<By> => ({
    ...by,
    ref: state.thread ?? (await ports.openDm(by.person)) ?? by.ref,
  });

  /** @returns what the viewer is told on top of the tab; '' when the tab says it itself; or a form */
  const act = async (by: By, verb: string, name: string): Promise<string | Record<string, unknown>> => {
    if (verb === 'start') return await ports.startForm(by);
    if (verb === 'refresh' || verb === 'thread' || verb === 'lab') return '';
    if (verb.startsWith('ask.')) return await ports.answer(by, verb, name);
    const info = ports.workspaces().find((each) => each.name === name);
    if (info === undefined) return `${name} is not there any more.`;
    switch (verb) {
      case 'pause':
      case 'resume':
      case 'stop':
        return (await work.click(await placed(by, info), `work.${verb}`, name)) ?? '';
      case 'status':
        return renderWords(name, (await work.status(by, name)).text);
      case 'diff':
        return renderWords(name, (await work.diff(by, name)).text);
      case 'deploy':
        return (await labDesk.deploy(await placed(by, info), { workspace: name })).text;
      case 'tests':
        return (await labDesk.test(await placed(by, info), { workspace: name })).text;
      default:
        return 'This button is too old.';
    }
  };

  return {
    prefix: 'home',

    async opened(person) {
      if (!ports.isAllowed(person)) return;
      const viewer = viewerOf(person);
      viewer.openedAt = now();
      viewer.notBefore = 0;
      // Slack may have forgotten it, or show what an older version published.
      viewer.published = '';
      await viewers.update(person, () => ({ openedAt: viewer.openedAt }), { durable: false });
      await publish(person, viewer);
    },

    async click(by, action, value) {
      if (!ports.isAllowed(by.person)) return null;
      let outcome: string | Record<string, unknown>;
      try {
        outcome = await act(by, action.replace(/^home\./, ''), value);
      } catch (error) {
        if (!(error instanceof FrontdeskError)) throw error;
        outcome = error.advice;
      }
      if (typeof outcome !== 'string') return { view: outcome };
      const viewer = viewerOf(by.person);
      viewer.openedAt = now();
      viewer.note = outcome;
      viewer.noteUntil = now() + noteMs;
      await publish(by.person, viewer);
      return null;
    },

    async resumeAll() {
      for await (const [person, { openedAt }] of viewers.entries()) {
        if (openedAt + looksForMs < now()) await viewers.update(person, () => undefined);
        else viewerOf(person).openedAt = openedAt;
      }
    },

    changed: () => void (lookedAt = 0),

    tick() {
      if (looking.size === 0 || running !== null || now() - lookedAt < everyMs) return;
      lookedAt = now();
      running = look()
        .catch((error: unknown) => log.error({ err: describeError(error) }, 'home.look.failed'))
        .finally(() => (running = null));
    },
  };
}
