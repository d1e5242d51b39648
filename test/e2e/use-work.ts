/** A stage with something to work on, and the stand-in as front desk and coding agent. */
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { execFileSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import type { Config } from '../../frontdesk/config/schema.ts';
import { policySchema } from '../../mcp-servers/kit/policy.ts';
import { standIn } from '../model/stand-in/brain.ts';
import type { Brain } from '../model/step.ts';
import type { StoredMessage } from '../slack/store/model.ts';
import { makeSampleRoot } from '../try/sample-root.ts';
import { openStage, type Stage } from './stage.ts';
import { textOf } from './use-stage.ts';

/** OpenCode starts an instance for every workspace; on a busy machine that takes its time. */
const patienceMs = 240_000;

export interface WorkStage extends Stage {
  /** `FRONTDESK_WORKSPACE_ROOT`: see `makeSampleRoot`. */
  readonly root: string;
  /** Waits until the thread shows the words (so often). @returns the last message with them */
  readonly sees: (channel: string, threadTs: string, words: string, times?: number) => Promise<StoredMessage>;
  /** Presses the last button of that name in a thread. */
  readonly press: (person: string, channel: string, threadTs: string, label: string) => Promise<void>;
  /** Waits for stillness. @returns the thread as text, without what changes from run to run */
  readonly story: (channel: string, threadTs: string) => Promise<string>;
  /** Of a sample repository's remote: its branches with their commits' subjects. */
  readonly remote: (repository: string) => string;
}

export interface UseWorkOptions {
  /** Settings besides. */
  readonly config?: Partial<Config>;
  /** Decides before the stand-in does. */
  readonly brain?: Brain;
  /** Changes a copy of the agents' folder, which is then used. */
  readonly agents?: (folder: string) => Promise<void>;
}

/** On a slow machine, too, milestones of one turn come in one message, and what a card shows is told beside it. */
export const calm = policySchema.parse({ updates: { milestoneSeconds: 3600, inSightSeconds: 0 } });

/** A deadline is as late as it is: `at 17:10 UTC`, over a weekend `at Mon, 09:17 UTC` (`showTime`). */
export function timeless(story: string): string {
  return story.replaceAll(/\bat (\w{3}[\w ]*, )?\d\d:\d\d \w+/g, 'at HH:MM');
}

/** A permission to be asked: the builder may not call `ship` by itself. @param folder of the agents */
export async function askBeforeShip(folder: string): Promise<void> {
  const file = join(folder, 'builder.md');
  const text = await readFile(file, 'utf8');
  await writeFile(file, text.replace('    "git push*": deny', '    "ship*": ask\n    "git push*": deny'));
}

/** @param maxSessions places for sessions */
export function useWork(maxSessions: number, options: UseWorkOptions = {}): () => WorkStage {
  let work: WorkStage | undefined;
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'frontdesk-work-'));
    const root = await makeSampleRoot(join(folder, 'root'));
    const agentsDir = join(folder, 'agents');
    if (options.agents) {
      await cp(join(import.meta.dirname, '..', '..', 'agents'), agentsDir, { recursive: true });
      await options.agents(agentsDir);
    }
    const stage = await openStage({
      ...(options.agents ? { agentsDir } : {}),
      config: { workspaceRoot: root, maxSessions, policy: calm, ...options.config },
      // What is posted while the service starts makes events that nobody takes; Slack tries them again after a minute.
      slack: { clock: { now: Date.now, scale: 30 } },
    });
    stage.model.script(
      () => true,
      (turn) => options.brain?.(turn) ?? standIn(turn) ?? {},
    );
    work = Object.defineProperties(
      toolsOf(stage, root),
      Object.getOwnPropertyDescriptors(stage),
    ) as WorkStage;
  }, patienceMs);
  afterAll(async () => {
    await work?.[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  });
  return () => {
    if (work === undefined) throw new Error('the stage is opened in beforeAll');
    return work;
  };
}

function toolsOf(
  stage: Stage,
  root: string,
): Pick<WorkStage, 'root' | 'sees' | 'press' | 'story' | 'remote'> {
  const { slack } = stage;
  const find = (channel: string, threadTs: string, words: string) =>
    slack.thread(channel, threadTs).filter((message) => message.bot && textOf(message).includes(words));
  return {
    root,
    async sees(channel, threadTs, words, times = 1) {
      const seen = () => find(channel, threadTs, words)[times - 1];
      return await slack.until(seen, `"${words}" ×${times} in the thread`, patienceMs);
    },
    async press(person, channel, threadTs, label) {
      const shown = () => find(channel, threadTs, `"text":"${label}"`).at(-1);
      const { ts } = await slack.until(shown, `[${label}]`, patienceMs);
      // Slack waits 3 s for an acknowledgement; on a busy machine a person presses again what is still there.
      for (let tries = 1; !(await slack.as(person).click(channel, ts, label)).acked; tries += 1) {
        if (shown()?.ts !== ts) return;
        if (tries === 5) throw new Error(`[${label}] was not acknowledged`);
        // A line that was silent for too long is cut, and made anew.
        await slack.until(() => slack.sockets.count > 0, 'a connection');
      }
    },
    async story(channel, threadTs) {
      await stage.settled(channel, threadTs);
      return stage
        .transcript(channel, threadTs)
        .replaceAll(/\bses_\w+/g, 'ses_ID')
        .replaceAll(root, 'ROOT');
    },
    remote: (repository) =>
      execFileSync('git', ['log', '--all', '--format=%s (%D)'], {
        cwd: join(root, 'remotes', `${repository}.git`),
        encoding: 'utf8',
      }),
  };
}
